// What the reports found have in common, in words that stand behind "5 reports": what they are about, where, when and in which state.

import { choiceOf } from '../question/topics.ts';
import type { Question } from '../question.ts';
import type { Search } from './search.ts';
import { dateOf, shortened } from './words.ts';

/** The most characters of the subject within a scope. */
const subjectLengthMax = 60;
const wordsNamedMax = 4;

/** Such as `about trash naming Hyde Park since 1 Nov 2025`; empty when nothing narrows. */
export function scopeOf(question: Question, search: Search): string {
  return [
    subjectWords(question, search),
    placeWords(question, search),
    statusWords(search),
    periodOf(question),
  ]
    .filter((part) => part !== '')
    .join(' ');
}

/** "5 reports about trash": the count and the scope. */
export function countedScope(total: number, question: Question, search: Search): string {
  const scope = scopeOf(question, search);
  return `${total} report${total === 1 ? '' : 's'}${scope === '' ? '' : ` ${scope}`}`;
}

function subjectWords({ subject }: Question, { breadth, alternatives }: Search): string {
  if (alternatives.length === 0) return '';
  const whole = breadth === 'exact' || breadth === 'area' ? subject.text : '';
  if (whole !== '' && whole.length <= subjectLengthMax) return `about ${whole}`;
  const names = alternatives.map((topics) => topics.map(({ said }) => said).join(' '));
  const shown = names.slice(0, wordsNamedMax);
  const rest = names.length - shown.length;
  const choice = choiceOf(rest > 0 ? [...shown, `${rest} more`] : shown);
  return `${breadth === 'word' ? 'naming' : 'about'} ${shortened(choice, subjectLengthMax)}`;
}

function placeWords({ place }: Question, { breadth, namesPlace, bounds }: Search): string {
  if (place === undefined) return '';
  if (bounds !== undefined) return `near ${shortened(place.label)}`;
  if (!namesPlace) return '';
  return `${breadth === 'word' ? 'and' : 'naming'} ${shortened(place.label)}`;
}

function statusWords({ status }: Search): string {
  return status === undefined ? '' : `with status ${status.replaceAll('_', ' ')}`;
}

/**
 * The period asked about in dates of the tenant's zone: "in 2025", "in Nov 2025", "on 3 Nov 2025", "since 1 Nov 2025", "from 1 Nov 2025 to
 * 5 Nov 2025"; empty for all times.
 */
export function periodOf({ range, timeZone, referenceMs }: Question): string {
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
