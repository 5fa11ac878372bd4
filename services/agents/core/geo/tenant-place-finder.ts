// Finds the places that a tenant has listed, by name or alias, however they are spaced or capitalised.

import type { Position } from '../gazetteer.ts';
import { squashName, type Word, wordsOf } from '../text/words.ts';
import type { Mention, TenantPlace } from './mention.ts';

const nameWordsMax = 6;
const shortNameLength = 3;

interface ListedName {
  readonly label: string;
  readonly point: Position | undefined;
  /** Names of up to three letters ("JP") count only as they are written. */
  readonly exact: string | undefined;
}

/** The tenant's names, ready to be looked up; build it once per settings. */
export type TenantPlaceIndex = ReadonlyMap<string, ListedName>;

/** Indexes places by every name and alias; of two places with one name the first listed wins. */
export function indexTenantPlaces(places: readonly TenantPlace[]): TenantPlaceIndex {
  const index = new Map<string, ListedName>();
  for (const place of places) {
    for (const name of [place.name, ...place.aliases]) {
      const key = squashName(name);
      const exact = key.length <= shortNameLength ? name : undefined;
      if (key !== '' && !index.has(key)) index.set(key, { label: place.name, point: place.point, exact });
    }
  }
  return index;
}

/** Every listed place in text order; the longest name wins where two begin at the same word. */
export function findTenantPlaces(text: string, index: TenantPlaceIndex): Mention[] {
  if (index.size === 0) return [];
  const words = wordsOf(text);
  const found: Mention[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const mention = longestAt(text, words, at, index);
    if (mention === undefined) continue;
    found.push(mention);
    while ((words[at + 1]?.start ?? Number.POSITIVE_INFINITY) < mention.end) at += 1;
  }
  return found;
}

function longestAt(
  text: string,
  words: readonly Word[],
  at: number,
  index: TenantPlaceIndex,
): Mention | undefined {
  for (let count = Math.min(nameWordsMax, words.length - at); count > 0; count -= 1) {
    const first = words[at];
    const last = words[at + count - 1];
    if (first === undefined || last === undefined) return undefined;
    const raw = text.slice(first.start, last.end);
    const listed = index.get(squashName(raw));
    if (listed === undefined || (listed.exact !== undefined && listed.exact !== raw) || /[.!?;]\s/.test(raw))
      continue;
    const base = {
      kind: 'tenant_place',
      start: first.start,
      end: last.end,
      text: raw,
      label: listed.label,
      sure: true,
    } as const;
    return listed.point === undefined ? base : { ...base, point: listed.point };
  }
  return undefined;
}
