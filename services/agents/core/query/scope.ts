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

function placeWords({ place }: Question, { breadth, namesPlace }: Search): string {
  if (place === undefined) return '';
  if (breadth === 'area') return `near ${shortened(place.label)}`;
  if (!namesPlace) return '';
  return `${breadth === 'word' ? 'and' : 'naming'} ${shortened(place.label)}`;
}

function statusWords({ status }: Search): string {
  return status === undefined ? '' : `with status ${status.replaceAll('_', ' ')}`;
}

/** The period asked about in dates of the tenant's zone: "since 1 Nov 2025", "from 1 Nov 2025 to 5 Nov 2025"; empty for all times. */
export function periodOf({ range, timeZone, referenceMs }: Question): string {
  if (range === undefined) return '';
  const from = range.from === undefined ? undefined : dateOf(Date.parse(range.from), timeZone);
  const openEnd = range.to === undefined || Date.parse(range.to) >= referenceMs;
  const to = range.to === undefined ? undefined : dateOf(Date.parse(range.to) - 1, timeZone);
  if (from === undefined) return to === undefined ? '' : `until ${to}`;
  if (from === to) return `on ${from}`;
  return openEnd ? `since ${from}` : `from ${from} to ${to}`;
}
