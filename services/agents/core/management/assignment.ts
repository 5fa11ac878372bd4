// Reads to whom a part of a command gives reports. "Reports assigned to Maria" describes reports and assigns nothing.
import { groupWords, handlingWords, levelWords, statusWords, trailingCourtesy } from './command-words.ts';
import { withoutReason } from './reason-tail.ts';
import { speaksOfReports } from './report-phrase.ts';

/** An assignment. */
export interface Assignment {
  /** As the command says it; `me` for whoever commands. */
  readonly name: string;
  readonly type: 'team' | 'user';
  /** Empty when the command gives none. */
  readonly reason: string;
  /** The words for the reports; empty when there are none. */
  readonly object: string;
}

const nameLengthMax = 200;
const nameWordsMax = 8;
const giving =
  '(?:re-?assign|assign|delegate|route|redirect|forward|transfer|pass|send|refer|dispatch|escalate|allocate|give|hand|move|turn)';
const reportsFollow =
  /\s+(?=(?:all|every|each|these|those|this|that|them|it)\b|inc_|the\s+(?:[\w-]+\s+){0,6}(?:reports?|complaints?|cases?|issues?|incidents?|tickets?)\b)/i;

const patterns: readonly RegExp[] = [
  /^(?:set|change|update|make|switch)\s+(?<object>.*?)\b(?:assignee|owner|responsible(?: person| team)?)\b(?<more>.*?)\s*(?:\bto\b|\bas\b|=|:)\s*(?<name>.+)$/i,
  /^(?:the\s+|new\s+)*(?:assignee|owner)\s*(?:\bis\b|\bto\b|:|=)\s*(?<name>.+)$/i,
  /^put\s+(?<name>.+?)\s+(?:in charge of|on)\s+(?<object>.+)$/i,
  /^make\s+(?<name>.+?)\s+(?:responsible for|(?:the\s+)?(?:owner|assignee) of)\s+(?<object>.+)$/i,
  new RegExp(
    `^(?:have|let|ask|tell|get)\\s+(?<name>.+?)\\s+(?:to\\s+)?(?:${handlingWords})\\b(?<object>.*)$`,
    'i',
  ),
  new RegExp(
    `^(?<name>.+?)\\s+(?:should|shall|must|will|is to|needs to|has to)\\s+(?:${handlingWords})\\b(?<object>.*)$`,
    'i',
  ),
  /^(?<name>.+?)\s+(?:takes over|takes care of|takes|handles|is responsible for|is in charge of)\b(?<object>.*)$/i,
];
const nobody =
  /^(?:i|you|we|us|he|him|she|her|it|they|this|that|these|those|someone|somebody|who|whoever|what|which|when|how|why|where|nobody|no one|do|don'?t|does|did|is|are|if|never|not)\b/i;
const purpose = new RegExp(
  `\\s+(?:(?:so that|in order to)\\s.*|to (?:${handlingWords}|have|get|be|see|make)\\b.*|for (?:repairs?|review|inspection|follow[- ]?up|handling|action|further|investigation|clean-?up)\\b.*)$`,
  'i',
);
const dated =
  /[\s,]+(?:by|before|until|on|from|starting)\s+(?:next\s+|the\s+end\b|this\s+)?(?:(?:mon|tues?|wednes|thurs?|fri|satur|sun)day|today|tomorrow|tonight|noon|end of|week|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*|\d).*$/i;
const noName = new RegExp(
  `^(?:${Object.values(statusWords).join('|')}|today|tomorrow|(?:next\\s+)?(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:the\\s+)?(?:${levelWords})(?:[- ]priority)?)$`,
  'i',
);
const otherField =
  /\b(?:status|priority|due date|deadline|due|severity|category|note|comment)(?:\s+(?:of|for)\b.*)?$/i;

/** Reads one part of a command; undefined when it assigns nothing. */
export function readAssignment(clause: string): Assignment | undefined {
  const { text, reason } = withoutReason(clause);
  const said = givenTo(text) ?? givenWhom(text) ?? otherwise(text);
  if (!said || otherField.test(said.object) || /^(?:an?|someone|somebody|help)\b/i.test(said.object)) {
    return undefined;
  }
  const why = reason || (purpose.exec(said.name)?.[0] ?? '').trim();
  const name = nameOf(said.name);
  if (name === '' || noName.test(name) || nobody.test(name) || speaksOfReports(name)) return undefined;
  const type = groupWords.test(name) ? 'team' : 'user';
  return { name: name.slice(0, nameLengthMax), type, reason: why, object: withoutFormer(said.object) };
}

// "These from Maria": who had them before does not say which they are.
function withoutFormer(object: string): string {
  return object
    .replace(/^from\s+.+$/i, '')
    .replace(/^((?:all\s+of\s+)?(?:this|these|those|it|them)(?:\s+\w+)?)\s+from\s+.+$/i, '$1');
}

interface Said {
  readonly name: string;
  readonly object: string;
}

// "Assign … to NAME", "assign to NAME …", and "assign NAME to …".
function givenTo(text: string): Said | undefined {
  const direct = new RegExp(`^${giving}(?:\\s+over)?\\s+to\\s+(?<rest>.+)$`, 'i').exec(text)?.groups?.rest;
  if (direct !== undefined) {
    const [name = '', ...object] = direct.split(reportsFollow);
    return { name, object: object.join(' ') };
  }
  const purposeless = text.replace(purpose, '') || text;
  const pattern = new RegExp(
    `^${giving}\\b(?<object>.*?)(?:\\s+(?:over|on|off))?\\s+to\\s+(?<name>(?:(?!\\bto\\b).)+)$`,
    'i',
  );
  const { object = '', name = '' } = pattern.exec(purposeless)?.groups ?? {};
  if (name === '') return undefined;
  const whole = purposeless === text ? name : `${name}${text.slice(purposeless.length)}`;
  const bare = object
    .trim()
    .replace(/^over\b/i, '')
    .trim();
  // "Send the crew to the leak": a group goes to reports.
  const isSent =
    /^(?:send|dispatch)\b/i.test(text) &&
    groupWords.test(bare) &&
    !groupWords.test(name) &&
    !/^(?:an?|some|another)\s/i.test(bare);
  return isSent || (speaksOfReports(name) && bare !== '' && !speaksOfReports(bare))
    ? { name: bare, object: name }
    : { name: whole, object: bare };
}

// "Give Maria these reports".
function givenWhom(text: string): Said | undefined {
  const match = /^(?:give|hand|pass|send|assign)\s+(?<rest>.+)$/i.exec(text);
  const [name = '', ...object] = (match?.groups?.rest ?? '').split(reportsFollow);
  return object.length === 0 || name === '' ? undefined : { name, object: object.join(' ') };
}

function otherwise(text: string): Said | undefined {
  for (const pattern of patterns) {
    const { name = '', object = '', more = '' } = pattern.exec(text)?.groups ?? {};
    if (name === '' || /^hold\b/i.test(object)) continue;
    const reports = `${object} ${more}`
      .replace(/\b(?:the|its|their)\s*$/i, '')
      .replace(/^\s*the\s+(?=of\b|for\b|$)/i, '')
      .replace(/'s?\s*$/, '');
    return { name, object: reports.trim() };
  }
  return undefined;
}

function nameOf(said: string): string {
  const bare = said
    .replace(/\s+with\s+.*$/i, '')
    .replace(dated, '')
    .replace(purpose, '')
    .replace(trailingCourtesy, '')
    .replace(/^["'(\s]+|["').,;:!?\s]+$/g, '')
    .replace(/^(?:(?:the|our)\s+|user\s+|@)+/i, '')
    .trim();
  return /\p{L}|\d/u.test(bare) && bare.split(' ').length <= nameWordsMax ? bare : '';
}
