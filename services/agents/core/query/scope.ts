// What the reports found have in common, in words that stand behind "5 reports": what they are about, where, when and in which state.

import { type AskedArea, nearKm } from '../question/areas-asked.ts';
import { type Alternative, choiceOf } from '../question/topics.ts';
import type { Understanding } from '../question/understand.ts';
import type { Breadth } from './search.ts';
import { dateOf, shortened } from './words.ts';

/** How near the match is to the question, and what it looked for. */
export interface Scope {
  readonly breadth: Breadth;
  readonly alternatives: readonly Alternative[];
}

/** The most characters of the subject within a scope. */
const subjectLengthMax = 60;
const wordsNamedMax = 4;

/** Such as `about trash in Hyde Park still open since 1 Nov 2025`; empty when nothing narrows. */
export function scopeOf(question: Understanding, scope: Scope): string {
  return [
    question.shownReport === undefined ? '' : 'that the answer before named',
    subjectWords(question, scope),
    withoutWords(question),
    placeWords(question.areas),
    ...question.conditions.map(({ said }) => said),
    periodsOf(question),
    ...question.asides,
    droppedWords(question, scope),
  ]
    .filter((part) => part !== '')
    .join(' ');
}

/** "5 reports about trash": the count and the scope. */
export function countedScope(total: number, question: Understanding, scope: Scope): string {
  const words = scopeOf(question, scope);
  return `${total} report${total === 1 ? '' : 's'}${words === '' ? '' : ` ${words}`}`;
}

function subjectWords({ subject }: Understanding, { breadth, alternatives }: Scope): string {
  if (alternatives.length === 0) return '';
  const whole = breadth === 'exact' ? subject.text : '';
  if (whole !== '' && whole.length <= subjectLengthMax) return `about ${whole}`;
  const names = alternatives.map((topics) => topics.map(({ said }) => said).join(' '));
  const shown = names.slice(0, wordsNamedMax);
  const rest = names.length - shown.length;
  const choice = choiceOf(rest > 0 ? [...shown, `${rest} more`] : shown);
  return `${breadth === 'word' ? 'naming' : 'about'} ${shortened(choice, subjectLengthMax)}`;
}

/** Words of the question that none of the reports has. */
function droppedWords({ subject }: Understanding, { breadth, alternatives }: Scope): string {
  if (breadth !== 'word') return '';
  const kept = new Set(alternatives.flat().flatMap(({ choices }) => choices));
  const dropped = subject.alternatives.flat().filter(({ word }) => !kept.has(word));
  return dropped.length === 0
    ? ''
    : `(none with ${choiceOf(dropped.map(({ said }) => said).slice(0, wordsNamedMax))})`;
}

function withoutWords({ without }: Understanding): string {
  return without.length === 0 ? '' : `not about ${choiceOf(without.map(({ said }) => said))}`;
}

function placeWords(areas: readonly AskedArea[]): string {
  return choiceOf(areas.map(areaWords));
}

/** "in Dorchester", "within 2 km of Fenway", "naming City Hall". */
export function areaWords({ label, point, radiusKm }: AskedArea): string {
  const name = shortened(label);
  if (point === undefined) return `naming ${name}`;
  if (radiusKm === undefined) return `in ${name}`;
  const far = radiusKm < 1 ? `${Math.round(radiusKm * 1000)} m` : `${Math.round(radiusKm * 10) / 10} km`;
  return `${radiusKm === nearKm ? 'near' : 'within'} ${radiusKm === nearKm ? `${name} (${far})` : `${far} of ${name}`}`;
}

/** All periods asked about. */
function periodsOf(question: Understanding): string {
  const periods = [question.range, ...question.moreRanges].filter((range) => range !== undefined);
  return choiceOf(periods.map((range) => periodOf({ ...question, range })));
}

/**
 * The period asked about in dates of the tenant's zone: "in 2025", "in Nov 2025", "on 3 Nov 2025", "since 1 Nov 2025", "from 1 Nov 2025 to
 * 5 Nov 2025"; empty for all times.
 */
export function periodOf({
  range,
  timeZone,
  referenceMs,
}: Pick<Understanding, 'range' | 'timeZone' | 'referenceMs'>): string {
  if (range === undefined) return '';
  const date = (iso: string, shiftMs = 0): string => dateOf(Date.parse(iso) + shiftMs, timeZone);
  if (range.from === undefined) return range.to === undefined ? '' : `until ${date(range.to, -1)}`;
  const from = date(range.from);
  if (range.to === undefined) return `since ${from}`;
  const to = date(range.to, -1);
  if (from === to) return `on ${from}`;
  if (Date.parse(range.to) >= referenceMs) return `since ${from}`;
  return wholeOf(from, to, date(range.to)) ?? `from ${from} to ${to}`;
}

/** "in 2025" or "in Nov 2025" where the dates are those of a whole year or month; `next` is the day after the last. */
function wholeOf(from: string, to: string, next: string): string | undefined {
  const [, fromMonth, fromYear] = from.split(' ');
  const [, toMonth, toYear] = to.split(' ');
  if (!from.startsWith('1 ') || !next.startsWith('1 ') || fromYear !== toYear) return undefined;
  if (fromMonth === toMonth) return `in ${fromMonth} ${fromYear}`;
  return fromMonth === 'Jan' && toMonth === 'Dec' ? `in ${fromYear}` : undefined;
}
