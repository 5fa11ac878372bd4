// Reads which detail of reports a part of a command sets: a priority, a due date, a note, or any other field by its name.
import { levelWords, trailingCourtesy } from './command-words.ts';
import { withoutReason } from './reason-tail.ts';
import { speaksOfReports } from './report-phrase.ts';

/** A change of one detail. */
export interface DetailChange {
  /** `[a-z][a-z0-9_]{0,49}`. */
  readonly field: string;
  /** As the command says it; dates are not resolved. */
  readonly said: string;
  /** Empty when the command gives none. */
  readonly reason: string;
  /** The words for the reports; empty when there are none. */
  readonly object: string;
  /** Whether the detail is taken away. */
  readonly clears?: true;
}

const fieldForm = /^[a-z][a-z0-9_]{0,49}$/;
const fieldWordsMax = 4;
/** Connectors that are tried between a field and its value. */
const splitsMax = 8;
/** Fields that go by several names, as patterns. */
const namedFields: readonly (readonly [string, string])[] = [
  ['priority', 'priority(?: level)?|prio'],
  ['due_date', 'due(?:[ _-]?date)?|deadline|target date'],
  ['severity', 'severity'],
  ['category', 'category'],
  ['estimated_cost', 'estimated costs?|costs?(?: estimate)?|budget'],
  ['eta', 'eta'],
  ['contractor', 'contractor'],
  ['tag', 'tag|label'],
  ['note', 'notes?|comments?|remarks?'],
];
const knownFields = namedFields.map(([, words]) => words).join('|');
const ofOthers =
  /^(?:status|state|case status|assignee(?: id| type)?|owner|responsible.*|assigned.*|reason|team|user|it|them|this|that|these|those|all|work|crew)$/i;
/** Words with which dates begin, as a pattern. */
const dateOpenings =
  'the\\s+end\\b|end\\s+of\\b|next\\s|this\\s|in\\s|tomorrow\\b|today\\b|tonight\\b|noon\\b|(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\\b|the\\s+\\d|\\d';
const fieldInside = new RegExp(`\\b(?:${knownFields}|[a-z]+_[a-z]+)\\b`, 'i');
const setting =
  '(?:set|change|update|adjust|edit|modify|record|enter|put|make|correct|define|raise|lower|increase|decrease|reduce|bump|postpone|extend|push|move|shift|reschedule|add)';
const levels = `(?:${levelWords})`;

type Reader = (text: string) => Omit<DetailChange, 'reason'> | undefined;

/** In the order in which they are tried. */
const readers: readonly Reader[] = [
  noteIn,
  tagIn,
  clearedIn,
  levelIn,
  dueIn,
  movedDateIn,
  levelOfReport,
  valueOfField,
  bareField,
];

/** Reads one part of a command; undefined when it sets no detail. */
export function readDetailChange(clause: string): DetailChange | undefined {
  const note = noteIn(clause);
  if (note) return { ...note, reason: '' };
  const { text, reason } = withoutReason(clause);
  for (const read of readers) {
    const change = read(text);
    if (change && change.said !== '' && fieldForm.test(change.field)) return { ...change, reason };
  }
  return undefined;
}

const carried = new RegExp(
  `\\bwith\\s+(?:an?\\s+|the\\s+)?(?:(?<level>${levels})\\s+priority\\b|priority\\s+(?<after>${levels})\\b)|(?:\\bwith\\s+(?:an?\\s+|the\\s+)?(?:due\\s+date|deadline)\\s+(?:of\\s+|on\\s+|by\\s+)?|\\b(?:by|before|no\\s+later\\s+than|due(?:\\s+(?:on|by))?)\\s+)(?<due>(?:${dateOpenings}).*)$`,
  'gi',
);

/** The details that an assignment carries along. `object` holds the words for the reports. */
export function detailsOfAssignment(clause: string, object: string): DetailChange[] {
  const { text } = withoutReason(clause);
  return [...text.matchAll(carried)].map(({ groups = {} }) => {
    const { due, level = groups.after ?? '' } = groups;
    return due === undefined
      ? { field: 'priority', said: level, reason: '', object }
      : { field: 'due_date', said: plain(due.replace(/\s+(?:with|and)\s+.*$/i, '')), reason: '', object };
  });
}

const notePatterns = [
  /^(?:add|leave|write|make|put|attach|record|append|enter|include|post)\s+(?:(?:an?|the|this|following|internal)\s+)*(?:note|comment|remark)s?\b(?<object>\s+(?:to|on|for|in)\s+.+?)?\s*(?::|,?\s+(?:that|saying|stating|reading)\s+|\s+[-–—]\s+|\s+(?="))\s*(?<said>.+)$/is,
  /^(?:note|comment|remark)s?\s*(?::|\s+that\s)\s*(?<said>.+)$/is,
  /^(?:add|leave)\s+(?<said>.+?)\s+as\s+(?:an?\s+)?(?:note|comment)(?<object>\s+(?:to|on|for)\s+.+)?$/is,
  /^(?:add|leave)\s+(?:an?\s+)?(?:note|comment)\s+(?!to\b|on\b|for\b)(?<said>.+)$/is,
];

function noteIn(text: string): ReturnType<Reader> {
  for (const pattern of notePatterns) {
    const { said = '', object = '' } = pattern.exec(text)?.groups ?? {};
    if (said === '') continue;
    const quoted = /^"(?<inner>[^"]+)"(?<after>.*)$/s.exec(said.trim())?.groups;
    const words = (quoted?.inner ?? said).trim().replace(/^"|"$/g, '');
    return { field: 'note', said: words, object: `${object} ${quoted?.after ?? ''}`.trim() };
  }
  return undefined;
}

function tagIn(text: string): ReturnType<Reader> {
  const match =
    /^(?:add|set)\s+(?:the\s+|an?\s+)?(?:tag|label)\s+(?<said>"[^"]+"|[^\s:]+)(?<object>\s+(?:to|on|for)\s+.+)?$/i.exec(
      text,
    ) ?? /^(?:tag|label)\s+(?<object>.+?)\s+(?:as|with)\s+(?<said>.+)$/i.exec(text);
  const { said = '', object = '' } = match?.groups ?? {};
  return said === '' ? undefined : { field: 'tag', said: said.replaceAll('"', ''), object };
}

const levelPatterns = [
  new RegExp(`^(?<said>${levels})[- ]priority$`, 'i'),
  new RegExp(
    `^(?:make|mark|flag|set|give|treat|consider)\\b\\s*(?<object>.*?)\\s*\\b(?:as\\s+|to\\s+|an?\\s+)*(?<said>${levels})[- ]priority$`,
    'i',
  ),
  /^(?:make|mark|flag|treat|set)\b\s*(?<object>.*?)\s*\b(?:as\s+|to\s+)?(?<said>urgent|critical|top priority|high)(?<after>\s*:?\s+.*)?$/i,
  new RegExp(
    `^(?:set|give|put|use)\\s+(?:an?\\s+|the\\s+)?(?<said>${levels})[- ]priority\\s+(?:for|on|to)\\s+(?<object>.+)$`,
    'i',
  ),
  new RegExp(`^(?<object>[^:]+):\\s*(?<said>${levels})[- ]priority$`, 'i'),
];

// A level without its field is a priority.
function levelIn(text: string): ReturnType<Reader> {
  for (const pattern of levelPatterns) {
    const { said = '', object = '', after = '' } = pattern.exec(text)?.groups ?? {};
    if (said === '' || (after !== '' && !speaksOfReports(after))) continue;
    const isField = new RegExp(`\\b(?:${knownFields})\\b`, 'i').test(object);
    if (isField) continue;
    return { field: 'priority', said: said.toLowerCase(), object: `${object} ${after}`.trim() };
  }
  const { object, down } = /^(?<down>de)?prioriti[sz]e\b(?<object>.*)$/i.exec(text)?.groups ?? {};
  if (object === undefined) return undefined;
  return { field: 'priority', said: down ? 'low' : 'high', object: object.trim() };
}

function dueIn(text: string): ReturnType<Reader> {
  const match =
    /^(?:set\s+|make\s+|mark\s+|get\s+)?(?<object>.*?)\s*\b(?:(?:(?:is|are|as|be)\s+)?due(?=\s+(?!date))|(?:must|should|has to|have to|needs? to)\s+be\s+(?:done|finished|fixed|completed|resolved|handled|ready))\s+(?:(?:by|on|before|until)\s+)?(?<said>.+)$/i.exec(
      text,
    );
  const { said = '', object = '' } = match?.groups ?? {};
  return said === '' ? undefined : { field: 'due_date', said: plain(said), object };
}

// "Clear the due date of these", "remove the priority from inc_1".
function clearedIn(text: string): ReturnType<Reader> {
  const pattern = new RegExp(
    `^(?:clear|remove|delete|unset|erase|drop|empty|take\\s+(?:away|off))\\s+(?:(?:the|its|their|any|a)\\s+)*(?<field>${knownFields}|[a-z]+(?:[ _][a-z]+){0,2}?)(?:\\s+(?:of|from|on|for)\\s+(?<object>.+))?$`,
    'i',
  );
  const owned = /^(?:clear|remove|delete|unset|erase|drop|empty)\s+(?<object>.+?)(?:'s|s')\s+(?<field>.+)$/i;
  const { field = '', object = '' } = (owned.exec(text) ?? pattern.exec(text))?.groups ?? {};
  const isKnown = new RegExp(`^(?:${knownFields}|address|location|description)$`, 'i').test(field);
  if (!isKnown || !isField(field)) return undefined;
  return { field: fieldOf(field), said: text, object, clears: true };
}

// "Postpone the leak to next Friday", "push these back to Monday": of a report, only its due date can be moved.
function movedDateIn(text: string): ReturnType<Reader> {
  const { object = '', said = '' } =
    /^(?:postpone|reschedule|push|extend|defer|delay|move)\s+(?<object>.+?)\s+(?:back\s+)?(?:to|until|till|by)\s+(?<said>(?:(?:next|this|the|end|tomorrow|today|in|early|late|mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*|\d)\b.*)$/i.exec(
      text,
    )?.groups ?? {};
  const speaksOfField = new RegExp(`\\b(?:${knownFields}|date)\\b`, 'i').test(object);
  return said === '' || speaksOfField ? undefined : { field: 'due_date', said: plain(said), object };
}

// "Bump the leak to critical", "set the sinkhole to high": a level that is given to a report is its priority.
function levelOfReport(text: string): ReturnType<Reader> {
  const { object = '', said = '' } =
    new RegExp(
      `^(?:set|bump|raise|lower|escalate|upgrade|downgrade|change|increase|decrease)\\s+(?<object>.+?)\\s+(?:up\\s+|down\\s+)?to\\s+(?<said>${levels}(?:\\s+(?:and|or)\\s+${levels})*)(?:[- ]priority)?$`,
      'i',
    ).exec(text)?.groups ?? {};
  const isOfField = /\b(?:to|of|for)\s*$/i.test(object) || fieldInside.test(object);
  return said === '' || isOfField ? undefined : { field: 'priority', said: said.toLowerCase(), object };
}

// "Set the priority of these to high", "set their due date to Friday", "set inc_1 to high".
function valueOfField(text: string): ReturnType<Reader> {
  const match = new RegExp(`^${setting}\\s+(?<rest>.+)$`, 'i').exec(text);
  const rest = match?.groups?.rest ?? '';
  for (const { left, right } of splitsOf(rest)) {
    const target = fieldAndObject(left.replace(/\s+(?:back|up|down|forward|out)$/i, ''));
    if (!target) continue;
    const { said, object } = valueAndObject(right);
    const reports = `${target.object.replace(formerValue, '')} ${object}`.trim();
    const clears = /^(?:empty|nothing|none|null|blank|no value)$/i.test(said)
      ? { clears: true as const }
      : {};
    return { field: target.field, said, object: reports, ...clears };
  }
  const short = new RegExp(`^(?:the\\s+)?(?<field>${knownFields})\\s+(?<said>${levels}|\\S+day)$`, 'i').exec(
    rest,
  );
  const { field = '', said = '' } = short?.groups ?? {};
  return said === '' ? undefined : { field: fieldOf(field), said, object: '' };
}

// "From Friday to Monday": what a detail was before does not say of which reports.
const formerValue = new RegExp(`\\s+from\\s+(?:${levels}|(?:${dateOpenings})[^,]*)$`, 'i');

// The last connector first, since a place may hold one: "of the pothole next to the school to high".
function splitsOf(rest: string): { readonly left: string; readonly right: string }[] {
  const places = [...rest.matchAll(/\s*(?:\b(?:to|as|until|till|at)\b|=|:)\s*/gi)];
  const isNote = /^(?:the\s+|an?\s+)?(?:notes?|comments?|remarks?)\b/i.test(rest);
  return (isNote ? places : places.toReversed())
    .slice(0, splitsMax)
    .map((match) => ({ left: rest.slice(0, match.index), right: rest.slice(match.index + match[0].length) }))
    .filter(({ left, right }) => left !== '' && right !== '');
}

function fieldAndObject(left: string): { readonly field: string; readonly object: string } | undefined {
  const patterns = [
    /^(?<object>.+?)(?:'s|s')\s+(?<field>.+)$/i,
    /^(?:(?:the|a|an|its|their)\s+)*(?<field>[\p{L}][\p{L}\p{N} _-]*?)\s+(?:of|for|on|in)\s+(?<object>.+)$/iu,
    new RegExp(`^(?:(?:the|a|an|its|their)\\s+)*(?<field>${knownFields})$`, 'i'),
    new RegExp(`^(?<object>.+?)\\s+(?<field>${knownFields})$`, 'i'),
    /^(?:(?:the|a|an|its|their)\s+)*(?<field>\p{L}[\p{L}\p{N} _-]*)$/iu,
  ];
  for (const pattern of patterns) {
    const { field: words = '', object = '' } = pattern.exec(left)?.groups ?? {};
    const field = fieldOf(words);
    if (words !== '' && isField(words) && fieldForm.test(field)) return { field, object };
  }
  return undefined;
}

function isField(words: string): boolean {
  return !ofOthers.test(words) && !speaksOfReports(words) && words.split(/\s+/).length <= fieldWordsMax;
}

function fieldOf(words: string): string {
  const plainWords = words.trim().replace(/^(?:the|its|their)\s+/i, '');
  const known = namedFields.find(([, pattern]) => new RegExp(`^(?:${pattern})$`, 'i').test(plainWords));
  return (
    known?.[0] ??
    plainWords
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '_')
      .replace(/^_+|_+$/g, '')
  );
}

// "… to high for these reports".
function valueAndObject(right: string): { readonly said: string; readonly object: string } {
  const { said = right, object = '' } =
    /^(?<said>.+?)\s+(?:for|on|of|in)\s+(?<object>.+)$/i.exec(right)?.groups ?? {};
  return object !== '' && speaksOfReports(object)
    ? { said: plain(said), object }
    : { said: plain(right), object: '' };
}

// "Due date to Friday", "priority: high", "priority of inc_1 high".
function bareField(text: string): ReturnType<Reader> {
  const match = new RegExp(
    `^(?:(?:the|their|its)\\s+)*(?<field>${knownFields})(?:\\s+(?:of|for)\\s+(?<object>.+?))?\\s*(?:\\b(?:to|is|as|until|by|on|should be)\\b|:|=)\\s*(?<said>.+)$|^(?<only>${knownFields})\\s+(?<level>${levels}|\\S+day|today|tomorrow)$`,
    'i',
  ).exec(text);
  const { field, said, object = '', only, level } = match?.groups ?? {};
  const name = field ?? only ?? '';
  if (name === '') return undefined;
  const value = valueAndObject(said ?? level ?? '');
  return { field: fieldOf(name), said: value.said, object: `${object} ${value.object}`.trim() };
}

function plain(said: string): string {
  return said
    .replace(trailingCourtesy, '')
    .trim()
    .replace(/^"(.*)"$/s, '$1')
    .replace(/(?<=\S)[- ]priority$/i, '');
}
