// What a question compares, in words: each side with its count, and for two times by how much they differ.

import { choiceOf } from '../question/topics.ts';
import type { Rival } from '../question/understand.ts';
import { areaWords, periodOf } from './scope.ts';
import type { SentencePart } from './sentence.ts';
import { percent } from './words.ts';

/** What is compared, with how many reports there are. */
export interface Count {
  readonly rival: Rival;
  readonly total: number;
}

/** "potholes 23, trash 30"; "19 in 2018, 4 in 2017 (+375 %)"; "20 % of 418"; nothing where nothing is compared. `found` is what matches. */
export function comparisonWords(counts: readonly Count[], found: number): SentencePart {
  const [first, second] = counts;
  if (first?.rival.by === 'whole') return `${percent(found, first.total)} of ${first.total}`;
  if (first === undefined || second === undefined) return '';
  const placed = counts.map(({ rival: { question } }) => question.areas.map(areaWords).join(' or '));
  const isApart = new Set(placed).size > 1;
  if (first.rival.by !== 'time')
    return counts.map((side, at) => sideWords(side, isApart ? placed[at] : undefined)).join(', ');
  const sides = `${sideWords(first)}, ${sideWords(second)}`;
  const [before, after] = beginOf(first) < beginOf(second) ? [first, second] : [second, first];
  return [`${sides}${changeWords(before.total, after.total)}`, sides];
}

/** `place` is told beside the thing where the sides differ in it too. */
function sideWords({ rival: { by, question }, total }: Count, place?: string): string {
  if (by === 'time') return `${total} ${periodOf(question)}`;
  if (by === 'place') return `${question.areas.map(areaWords).join(' or ')} ${total}`;
  const about = question.subject.text;
  const rest = question.conditions.map(({ said }) => said);
  const thing = choiceOf([about, ...(about === '' ? rest : [])].filter((word) => word !== ''));
  return `${thing}${place === undefined ? '' : ` ${place}`} ${total}`;
}

function beginOf({ rival: { question } }: Count): string {
  return question.range?.from ?? '';
}

/** From the earlier time to the later. */
function changeWords(before: number, after: number): string {
  if (before === 0 || after === before) return '';
  const change = Math.round((100 * (after - before)) / before);
  return ` (${change > 0 ? '+' : '−'}${Math.abs(change)} %)`;
}
