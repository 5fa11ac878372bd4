// Finds names of countries and states in a text.

import type { Span } from '../skill.ts';
import { overlaps } from '../text/span.ts';
import { isCapitalised, normaliseName, type Word } from '../text/words.ts';
import type { Mention } from './mention.ts';
import { type RegionName, type RegionNames, stateOfLetters } from './region-names.ts';

const nameWordsMax = 5;
/** Letters of states that are also English words. */
const wordLetters = new Set(['IN', 'OR', 'ME', 'OK']);

/** A country or state in the text. */
export interface FoundRegion {
  readonly mention: Mention;
  readonly region: RegionName;
}

/** Countries and states in text order; `taken` are stretches that already mean something else. */
export function findRegions(
  text: string,
  words: readonly Word[],
  taken: readonly Span[],
  regions: RegionNames,
): FoundRegion[] {
  const found: FoundRegion[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const region = regionAt(text, words, at, regions);
    if (
      region === undefined ||
      [...taken, ...found.map((one) => one.mention)].some((span) => overlaps(span, region.mention))
    )
      continue;
    found.push(region);
  }
  return found;
}

function regionAt(
  text: string,
  words: readonly Word[],
  at: number,
  regions: RegionNames,
): FoundRegion | undefined {
  const first = words[at];
  if (first === undefined || !isCapitalised(first.text)) return undefined;
  for (let count = Math.min(nameWordsMax, words.length - at); count > 0; count -= 1) {
    const end = words[at + count - 1]?.end ?? first.end;
    const raw = text.slice(first.start, end);
    const region = regions.get(normaliseName(raw));
    if (region === undefined || /[.!?]\s/.test(raw)) continue;
    const kind = region.admin1 === undefined ? 'country' : 'region';
    return { region, mention: { kind, start: first.start, end, text: raw, label: raw, sure: true } };
  }
  return undefined;
}

/** The state or country whose name follows directly at `end`, behind a comma, a bracket or a blank; `next` are the words there. */
export function regionAfter(
  text: string,
  next: readonly Word[],
  end: number,
  regions: RegionNames,
): RegionName | undefined {
  const [word] = next;
  if (word === undefined || !/^(?:,[ \t]*|[ \t]+|[ \t]*\()$/.test(text.slice(end, word.start)))
    return undefined;
  const state = stateOfLetters(word.text);
  if (state !== undefined && !wordLetters.has(word.text)) return state;
  for (let count = next.length; count > 0; count -= 1) {
    const last = next[count - 1];
    const region = regions.get(normaliseName(text.slice(word.start, last?.end ?? word.end)));
    if (region !== undefined && isCapitalised(word.text)) return region;
  }
  return undefined;
}

/** States written as two letters behind a comma: "Colfax, Placer county, CA". */
export function statesByLetters(text: string): RegionName[] {
  return [...text.matchAll(/,[ \t]*([A-Z]{2})\b/g)].flatMap(
    ([, letters = '']) => stateOfLetters(letters) ?? [],
  );
}
