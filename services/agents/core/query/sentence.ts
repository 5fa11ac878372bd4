// The short sentences of answers: counts, groups and dates in words, within the length of a bullet.

import type { Question } from '../question.ts';
import type { Bucket } from '../report-data.ts';
import type { Group } from './groups.ts';
import type { Search } from './search.ts';

/** The most characters of an answer's sentence. */
export const answerLengthMax = 150;

/** One thing to say, or several ways to say it, the longest first; an empty one says nothing. */
export type SentencePart = string | readonly string[];

/** As many of the parts as fit, in order, joined by "; " and ended with a full stop; the first is cut if it alone is too long. */
export function sentenceOf(parts: readonly SentencePart[]): string {
  const [first = '', ...rest] = parts.map(waysOf).filter((ways) => ways.length > 0);
  const [opening = ''] = first;
  let sentence = opening.length < answerLengthMax ? opening : `${opening.slice(0, answerLengthMax - 2)}…`;
  for (const ways of rest) {
    const fitting = ways.find((way) => sentence.length + way.length + 2 < answerLengthMax);
    if (fitting !== undefined) sentence = `${sentence}; ${fitting}`;
  }
  return `${sentence}.`;
}

function waysOf(part: SentencePart): readonly string[] {
  return (typeof part === 'string' ? [part] : part).filter((way) => way !== '');
}

/** "1 report", "12 reports". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** "label: Centre St (5), Beacon St (3)" with `most` groups and ever fewer; nothing for no groups. Underscores become blanks, long names are cut. */
export function listing(label: string, groups: readonly Group[], most: number): string[] {
  const names = groups.slice(0, most).map(({ key, count }) => `${shortened(key)} (${count})`);
  return names.map((_, at) => `${label}: ${names.slice(0, names.length - at).join(', ')}`);
}

const nameLengthMax = 32;

function shortened(name: string): string {
  const plain = name.replaceAll('_', ' ').replace(/\s+/g, ' ');
  return plain.length <= nameLengthMax ? plain : `${plain.slice(0, nameLengthMax - 1).trimEnd()}…`;
}

/** What the reports found have in common, such as `about trash in Hyde Park (since 1 Nov 2025)`; empty when nothing narrows. */
export function scopeOf(question: Question, search: Search): string {
  const either = question.topics.map(({ word }) => word).join(' or ');
  const topic = search.breadth === 'any_word' ? either : question.subject;
  const named = question.place === undefined ? '' : shortened(question.place.label);
  const dropped =
    search.breadth === 'any_word' && !search.clauses.some((clause) => clause.includes(named.toLowerCase()));
  const place =
    named === '' || dropped ? '' : search.breadth === 'area' ? `near ${named}` : `naming ${named}`;
  const status = search.status === undefined ? '' : `with status ${search.status.replaceAll('_', ' ')}`;
  return [topic === '' ? '' : `about ${shortened(topic)}`, place, status, periodOf(question)]
    .filter((part) => part !== '')
    .join(' ');
}

/** The period asked about in dates of the tenant's zone: "since 1 Nov 2025", "from 1 to 5 Nov 2025"; empty for all times. */
export function periodOf({ range, timeZone, referenceMs }: Question): string {
  if (range === undefined) return '';
  const from = range.from === undefined ? undefined : dateOf(Date.parse(range.from), timeZone);
  const openEnd = range.to === undefined || Date.parse(range.to) >= referenceMs;
  const to = range.to === undefined ? undefined : dateOf(Date.parse(range.to) - 1, timeZone);
  if (from === undefined) return to === undefined ? '' : `until ${to}`;
  if (from === to) return `on ${from}`;
  return openEnd ? `since ${from}` : `from ${from} to ${to}`;
}

/** A bucket by its start: "Nov 2025", "week of 3 Nov 2025", "3 Nov 2025", "3 Nov 2025 14:00". */
export function bucketName(startIso: string, bucket: Bucket, timeZone: string): string {
  const start = Date.parse(startIso);
  if (bucket === 'month') {
    return new Intl.DateTimeFormat('en-GB', { timeZone, month: 'short', year: 'numeric' }).format(start);
  }
  const date = dateOf(start, timeZone);
  if (bucket === 'hour') {
    return `${date} ${new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(start)}`;
  }
  return bucket === 'week' ? `week of ${date}` : date;
}

/** "1 Nov 2025" in the zone. */
export function dateOf(instantMs: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone,
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  }).format(instantMs);
}

/** Groups of more than one report; a single one shows no pattern. */
export function repeated(groups: readonly Group[]): Group[] {
  return groups.filter(({ count }) => count > 1);
}

/** A share in whole percent, "34 %"; 0 of 0 is 0. */
export function percent(part: number, whole: number): string {
  return `${whole === 0 ? 0 : Math.round((100 * part) / whole)} %`;
}
