// Reads which status a part of a command gives to reports. What it mentions as past, asks for or denies is no command.
import { type CaseStatus, levelWords, statusWords } from './command-words.ts';
import { withoutReason } from './reason-tail.ts';
import { speaksOfReports } from './report-phrase.ts';

/** A change of the status. */
export interface StatusChange {
  readonly status: CaseStatus;
  /** What the command says about it; empty when it says nothing. */
  readonly notes: string;
  /** The words for the reports; empty when there are none. */
  readonly object: string;
}

const allStatuses = Object.values(statusWords).join('|');
const verbs: readonly (readonly [CaseStatus, RegExp])[] = [
  ['resolved', /^(?:resolve|solve|complete|finish|settle)\b(?<object>.*)$/i],
  ['closed', /^(?:close|archive|reject|dismiss)(?:\s+(?:out|off|down|up))?\b(?<object>.*)$/i],
  ['pending', /^re-?open\b(?<object>.*)$/i],
  ['pending', /^put\b(?<object>.*?)\bon hold\b/i],
  [
    'in_progress',
    /^(?:start|begin|resume|commence)\b(?:\s+(?:(?:the\s+)?work(?:ing)?(?:\s+on)?|progress(?:\s+on)?|with|repairs?\s+(?:on|of)|repairing|handling|fixing))?(?<object>.*)$/i,
  ],
  [
    'in_progress',
    /^work(?:\s+on)?(?<object>.*?)\s*(?:(?:has|have)\s+)?(?:started|begun|is under ?way|is in progress)$/i,
  ],
  [
    'in_progress',
    /^(?:the\s+)?(?:\p{L}+\s+)?(?:crew|team|somebody|someone)\s+(?:is|are)\s+(?:already\s+)?on (?:the|their|its) way(?<object>)/iu,
  ],
];
const settingVerbs = '(?:mark|flag|set|change|update|move|switch|turn|put|make|declare|label|return|revert)';
const connector = '(?:\\b(?:back to|as being|as|to be|to|into|in|be)\\b|=|:|→|->)';
const setLast = new RegExp(
  `^${settingVerbs}\\b(?<object>.*?)\\s*${connector}?\\s*(?:the\\s+)?(?:status\\s+)?\\b(?<status>${allStatuses})$`,
  'i',
);
const setFirst = new RegExp(
  `^${settingVerbs}\\b\\s*(?:the\\s+)?(?:status\\s*)?${connector}?\\s*(?:status\\s+)?\\b(?<status>${allStatuses})\\b[\\s:,]+(?<object>.+)$`,
  'i',
);
const named = new RegExp(
  `^(?:(?:the|their|its|new)\\s+)*status\\b(?:\\s+(?:of|for)(?<object>.*?))?\\s*(?:${connector}|\\b(?:is|becomes|should be|must be)\\b)?\\s*\\b(?<status>${allStatuses})$`,
  'i',
);
const declared = new RegExp(
  `^(?<object>(?!(?:who|what|which|where|when|why|how|if|i|we|you|he|she|someone|somebody|nobody|maybe|work)\\b)(?:(?:it|this|that|these|those|they|all|both|the)\\b.*?|inc_.*?|\\p{L}+(?:\\s+\\p{L}+){0,3}?))\\s+(?:is|are|has been|have been|was|were|got|can be|should be|must be)\\s+(?:(?:now|already|all|back)\\s+)*(?:marked\\s+(?:as\\s+)?|set to\\s+)?\\b(?<status>${allStatuses})(?:\\s+now)?$`,
  'iu',
);
/** What somebody thinks or says is no command. */
const hearsay =
  /\b(?:think|thinks|thought|say|says|said|saying|believe|believes|hope|hopes|guess|suppose|claims?|claimed|tells?|told|maybe|perhaps|probably|possibly|apparently|if|whether|not|never|nothing|nobody|and|to)\b/i;
/** Other fields than the status that a setting verb may be about. */
const otherField = new RegExp(
  `\\b(?:priority|due|deadline|note|comment|severity|category|tag|label|assignee|owner|${levelWords})\\b`,
  'i',
);

/** Reads one part of a command; undefined when it gives no status. */
export function readStatusChange(clause: string): StatusChange | undefined {
  const { text, reason } = withoutReason(clause);
  return setChange(text, reason) ?? verbChange(text, reason) ?? colonChange(text, reason);
}

function setChange(text: string, notes: string): StatusChange | undefined {
  for (const pattern of [setFirst, setLast, named, declared]) {
    const { status = '', object = '' } = pattern.exec(text)?.groups ?? {};
    if (status === '' || (pattern === setFirst && !speaksOfReports(object))) continue;
    if (pattern === declared && hearsay.test(object)) continue;
    if (otherField.test(object) || /\b(?:that|which|who)\s*$/i.test(object)) continue;
    return { status: statusOf(status), notes: notes || noteOf(status), object: bareObject(object) };
  }
  return undefined;
}

function verbChange(text: string, reason: string): StatusChange | undefined {
  for (const [status, pattern] of verbs) {
    const { object } = pattern.exec(text)?.groups ?? {};
    if (object === undefined) continue;
    const { before, as } = splitAs(object);
    if (status === 'in_progress' && /^\s*\p{L}+\s+(?:date|time)\b/iu.test(object)) continue;
    return { status, notes: reason || as, object: before };
  }
  return undefined;
}

// "Resolved: inc_1", "Close inc_1: a duplicate".
function colonChange(text: string, reason: string): StatusChange | undefined {
  const match = new RegExp(`^(?<status>${allStatuses})\\s*:\\s*(?<object>.*inc_.*)$`, 'i').exec(text);
  const { status = '', object = '' } = match?.groups ?? {};
  return status === '' ? undefined : { status: statusOf(status), notes: reason, object };
}

function splitAs(object: string): { readonly before: string; readonly as: string } {
  const colon = /^(?<before>[^:]*):\s*(?<as>.+)$/.exec(object)?.groups;
  if (colon?.before !== undefined && !/\binc_/i.test(colon.as ?? '')) {
    return { before: colon.before.trim(), as: colon.as ?? '' };
  }
  const { before = object, as = '' } = /^(?<before>.*?)\s*\bas\s+(?<as>.+)$/i.exec(object)?.groups ?? {};
  return { before: before.trim(), as };
}

function statusOf(said: string): CaseStatus {
  const found = Object.entries(statusWords).find(([, words]) => new RegExp(`^(?:${words})$`, 'i').test(said));
  return (found?.[0] ?? 'pending') as CaseStatus;
}

// A duplicate and the like say more than the status does.
function noteOf(said: string): string {
  return /duplicate|obsolete|invalid|spam|reject/i.test(said) ? said : '';
}

function bareObject(object: string): string {
  return object
    .replace(/\bfrom\s+[\w -]+$/i, '')
    .replace(/^\s*(?:(?:the|their|its)\s+)?status\b(?:\s+(?:of|for))?/i, '')
    .replace(/(?:'s?)?\s+status\s*$/i, '')
    .trim();
}
