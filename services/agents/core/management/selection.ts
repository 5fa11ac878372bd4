// What a description says about which of the fitting reports are meant beyond words, place and status: how many, how old, the newest or
// oldest, those without an assignee or behind their due date. It searches nothing.
import { numberWords } from '../number-words.ts';
import { reportNouns } from './command-words.ts';

/** A selection and the description without its words. */
export interface Selection {
  readonly plain: string;
  /** How many there must be; absent for any number. */
  readonly count?: number;
  /** Take only the first `count` (1 where absent) by age. */
  readonly order?: 'newest' | 'oldest';
  /** ISO; reports made before. */
  readonly before?: string;
  /** ISO; reports made at or after. */
  readonly since?: string;
  readonly unassigned: boolean;
  readonly overdue: boolean;
}

const unitMs: Readonly<Record<string, number>> = {
  hour: 3_600_000,
  day: 86_400_000,
  week: 7 * 86_400_000,
  month: 30 * 86_400_000,
  year: 365 * 86_400_000,
};
const length = `(?<amount>an?|${numberWords.join('|')}|\\d{1,3})\\s+(?<unit>hour|day|week|month|year)s?`;
const ages: readonly (readonly [side: 'before' | 'since', pattern: RegExp])[] = [
  ['before', new RegExp(`\\b(?:that\\s+are\\s+)?older\\s+than\\s+${length}`, 'i')],
  ['before', new RegExp(`\\b(?:that\\s+are\\s+)?(?:more\\s+than|over)\\s+${length}\\s+old\\b`, 'i')],
  ['before', new RegExp(`\\b(?:reported\\s+|made\\s+)?(?:more\\s+than|over)\\s+${length}\\s+ago\\b`, 'i')],
  ['since', new RegExp(`\\b(?:that\\s+are\\s+)?(?:newer|younger)\\s+than\\s+${length}`, 'i')],
  ['since', new RegExp(`\\b(?:that\\s+are\\s+)?less\\s+than\\s+${length}\\s+old\\b`, 'i')],
];
const orderWords = /\b(?<word>newest|latest|most\s+recent|oldest|earliest)\b/i;
const withoutAssignee =
  /\b(?:unassigned|(?:not|never)\s+(?:yet\s+)?assigned(?:\s+yet)?|without\s+(?:an\s+)?assignee)\b/i;
const behind = /\b(?:over\s?due|past\s+(?:their|its)\s+due\s+date)\b/i;
const counted = new RegExp(
  `\\b(?<n>${numberWords.slice(1).join('|')}|\\d{1,2})\\s+(?!(?:hours?|days?|weeks?|months?|years?)\\b)(?:[\\p{L}-]+\\s+){0,3}(?:[\\p{L}]+s)\\b`,
  'iu',
);
const explicitPlural = /\b(?:all|every|each|any|everything|anything)\b/i;
const behindHead =
  /\s+(?:on|in|at|near|along|from|that|which|with|without|about|reported|of|by|for|between|around|outside|behind|beside|close\s+to|next\s+to|across|since|before|after|during|where|who|today|yesterday|last|this|older|newer|inside|over|under|concerning|regarding)\b.*$/i;

/** Reads the selection. `referenceMs` is what ages refer to. */
export function selectionOf(text: string, referenceMs: number): Selection {
  const order = orderWords.exec(text)?.groups?.word?.toLowerCase();
  const aged = ages.flatMap(([side, pattern]) => {
    const match = pattern.exec(text);
    return match
      ? [{ side, said: match[0], at: new Date(referenceMs - lengthMs(match.groups)).toISOString() }]
      : [];
  });
  const [age] = aged;
  const unaged = age ? text.replace(age.said, ' ') : text;
  const number = /\bboth\b/i.test(unaged)
    ? 'two'
    : (counted.exec(unaged.replace(orderWords, ' '))?.groups?.n ?? '');
  const count = number === '' ? (isPlural(unaged) ? undefined : 1) : amountOf(number);
  const plain = unaged
    .replace(orderWords, ' ')
    .replace(withoutAssignee, ' ')
    .replace(behind, ' ')
    .replace(/\bboth(?:\s+(?:of\s+)?the)?\b/i, ' ')
    .replace(number === '' ? '' : new RegExp(`\\b${number}\\b`, 'i'), ' ');
  return {
    plain,
    ...(count === undefined ? {} : { count }),
    ...(order === undefined ? {} : { order: /^(?:oldest|earliest)$/.test(order) ? 'oldest' : 'newest' }),
    ...(age ? { [age.side]: age.at } : {}),
    unassigned: withoutAssignee.test(text),
    overdue: behind.test(text),
  };
}

/** Whether words for reports speak of any number of them rather than of one. */
export function isPlural(text: string): boolean {
  if (explicitPlural.test(text)) return true;
  const head = text.replace(behindHead, '').trim().split(/\s+/).at(-1) ?? '';
  return new RegExp(`^(?:${reportNouns})$`, 'i').test(head)
    ? /s$/i.test(head)
    : /(?:[^sui]s|mice|people|lines)$/i.test(head) || /ies$/i.test(head);
}

function lengthMs(said: Readonly<Record<string, string | undefined>> = {}): number {
  return amountOf(said.amount ?? '') * (unitMs[said.unit?.toLowerCase() ?? ''] ?? 0);
}

function amountOf(word: string): number {
  const at = numberWords.indexOf(word.toLowerCase());
  if (at >= 0) return at + 1;
  return /^an?$/i.test(word) ? 1 : Number(word);
}
