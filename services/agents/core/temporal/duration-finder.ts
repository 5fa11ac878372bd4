// Finds how long something has been going on ("for three weeks", "third night in a row"), and the periods whose length is fixed by
// convention: last or next week (7 days), last month (30 days), last year (365 days).

import type { Span } from '../skill.ts';

const dayMs = 86_400_000;

const unitMs: Readonly<Record<string, number>> = {
  minute: 60_000,
  min: 60_000,
  hour: 3_600_000,
  hr: 3_600_000,
  day: dayMs,
  night: dayMs,
  week: 7 * dayMs,
  wk: 7 * dayMs,
  month: 30 * dayMs,
  year: 365 * dayMs,
};

const countWords: Readonly<Record<string, number>> = {
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  'couple of': 2,
  'a couple of': 2,
  'a couple': 2,
  three: 3,
  'a few': 3,
  few: 3,
  several: 4,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  twelve: 12,
};
const vagueCounts = new Set(['couple of', 'a couple of', 'a couple', 'few', 'a few', 'several']);
const ordinals = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh'];

const count = `(?<count>\\d{1,3}|${Object.keys(countWords)
  .sort((a, b) => b.length - a.length)
  .join('|')})`;
const unit = `(?<unit>${Object.keys(unitMs)
  .sort((a, b) => b.length - a.length)
  .join('|')})s?\\b`;
const hedge =
  '(?:(?:the|past|last|over|about|almost|at least|more than|around|nearly|now|like|going on|already)\\s+)*';
const durationPattern = new RegExp(
  `\\b(?:for|(?:ha(?:s|ve)|it's|its|'s) been|been|(?:the )?(?:past|last))\\s+(?:(?:like this|this way|here|there|out|down|broken|going on)\\s+(?:for\\s+)?)?${hedge}${count}\\s+${unit}`,
  'gi',
);
const agoPattern = new RegExp(`\\b(?:over |about |almost |more than )?${count}\\s+${unit}\\s+ago\\b`, 'gi');
const uncountedPattern = /\bfor\s+(?:many\s+)?(?<unit>days|weeks|months|years)\b(?!\s+to come)/gi;
const uncountedGuess = 3;
const ownHistory = /\b(?:live[ds]?|living|resident|owned|worked|own(?:er)?|neighbor)\b[^.!?]{0,40}$/i;
const inARowPattern = new RegExp(
  `\\b(?<ordinal>${ordinals.join('|')})\\s+(?:(?:straight|consecutive)\\s+${unit}|${unit.replace('<unit>', '<unitAfter>')}\\s+in a row)`,
  'gi',
);
const conventionPattern = /\b(?<which>last|next)\s+(?<period>week|month|year)\b/gi;

/** A stretch of time relative to the reference time. */
export interface RelativePeriod extends Span {
  readonly text: string;
  /** Signed distance from the reference time to where the period begins or the moment lies, in milliseconds. */
  readonly shiftMs: number;
  /** `lasting`: going on since then; `moment`: at about then. */
  readonly kind: 'lasting' | 'moment';
  /** Whether the count is a guess ("several"). */
  readonly vague: boolean;
}

/** The periods in text order. Future counts ("in three days") are left to the date parser. */
export function findPeriods(text: string): RelativePeriod[] {
  const lasting = [...text.matchAll(durationPattern)]
    .filter((match) => !ownHistory.test(text.slice(0, match.index)))
    .flatMap((match) => counted(match, 'lasting'));
  const uncounted = [...text.matchAll(uncountedPattern)].flatMap((match) => guessed(match));
  const ago = [...text.matchAll(agoPattern)].flatMap((match) => counted(match, 'moment'));
  const rows = [...text.matchAll(inARowPattern)].flatMap((match) => inARow(match));
  const conventional = [...text.matchAll(conventionPattern)].map((match) => conventionalOf(match));
  return [...lasting, ...uncounted, ...ago, ...rows, ...conventional].sort((a, b) => a.start - b.start);
}

function counted(match: RegExpExecArray, kind: RelativePeriod['kind']): RelativePeriod[] {
  const word = (match.groups?.count ?? '').toLowerCase();
  const amount = countWords[word] ?? Number(word);
  const length = unitMs[(match.groups?.unit ?? '').toLowerCase()];
  if (length === undefined || !Number.isFinite(amount)) return [];
  return [{ ...spanOf(match), shiftMs: -amount * length, kind, vague: vagueCounts.has(word) }];
}

/** "for weeks": some, nobody says how many. */
function guessed(match: RegExpExecArray): RelativePeriod[] {
  const length = unitMs[(match.groups?.unit ?? '').toLowerCase().replace(/s$/, '')];
  if (length === undefined) return [];
  return [{ ...spanOf(match), shiftMs: -uncountedGuess * length, kind: 'lasting', vague: true }];
}

function inARow(match: RegExpExecArray): RelativePeriod[] {
  const nth = ordinals.indexOf((match.groups?.ordinal ?? '').toLowerCase());
  const length = unitMs[(match.groups?.unit ?? match.groups?.unitAfter ?? '').toLowerCase()];
  if (length === undefined || nth < 1) return [];
  return [{ ...spanOf(match), shiftMs: -nth * length, kind: 'lasting', vague: false }];
}

function conventionalOf(match: RegExpExecArray): RelativePeriod {
  const length = unitMs[(match.groups?.period ?? 'week').toLowerCase()] ?? 7 * dayMs;
  const sign = match.groups?.which?.toLowerCase() === 'next' ? 1 : -1;
  return { ...spanOf(match), shiftMs: sign * length, kind: 'moment', vague: false };
}

function spanOf(match: RegExpExecArray): Span & { readonly text: string } {
  return { start: match.index, end: match.index + match[0].length, text: match[0] };
}
