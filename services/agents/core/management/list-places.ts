// Which places in a list of shown reports words name: "the second", "the first two", "numbers 2 and 4", "the last one". It knows no reports.
import { numberWords, ordinalWords } from '../number-words.ts';
import { reportNouns } from './command-words.ts';

const item = `(?:the\\s+)?(?:(?:${ordinalWords.join('|')}|last)(?:\\s+(?:${numberWords.join('|')}|\\d{1,2}))?|\\d{1,2}(?:st|nd|rd|th)|(?:numbers?|no\\.?|nr\\.?|#)\\s*\\d{1,2}|\\d{1,2})`;
const ofList =
  '(?:of|in|on|from|among)\\s+(?:these|those|them|(?:the\\s+)?(?:list|answer|results?|last\\s+answer))';
const listed = new RegExp(
  `^(?<items>${item}(?:(?:\\s*,\\s*(?:and\\s+)?|\\s+and\\s+|\\s*&\\s*)${item})*)(?<one>\\s+ones?)?(?<of>(?:\\s+(?:${reportNouns}))?\\s+${ofList})?$`,
  'i',
);
const ranked = new RegExp(
  `^(?:the\\s+)?(?<rank>oldest|earliest|newest|latest|most\\s+recent)(?:\\s+(?:one|${reportNouns}))?\\s+${ofList}$`,
  'i',
);

/** What is picked from a list: places from 0 in the order of the list, negative ones from its end, or the first or last by age. */
export type ListPick =
  | { readonly by: 'place'; readonly places: readonly number[] }
  | { readonly by: 'age'; readonly newest: boolean };

/** Reads a pick; undefined for words that pick nothing. A bare number is one only where `bareNumbers` says so. */
export function readPick(text: string, bareNumbers = false): ListPick | undefined {
  const rank = ranked.exec(text)?.groups?.rank;
  if (rank !== undefined) return { by: 'age', newest: !/^(?:oldest|earliest)$/i.test(rank) };
  const { items } = listed.exec(text)?.groups ?? {};
  if (items === undefined || (!bareNumbers && /^\d+$/.test(text))) return undefined;
  const parts = items.split(/\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*/i);
  return { by: 'place', places: [...new Set(parts.flatMap(placesOf))] };
}

/** The ids that a pick means, in the order of the list; undefined where the list is too short for it. */
export function pickFrom(ids: readonly string[], pick: ListPick): readonly string[] | undefined {
  // Ids begin with their time.
  if (pick.by === 'age')
    return ids.length === 0
      ? undefined
      : ids
          .toSorted()
          .slice(pick.newest ? -1 : 0)
          .slice(0, 1);
  const picked = pick.places.map((place) => ids.at(place));
  const wrapped = pick.places.some((place) => place >= ids.length || -place > ids.length);
  return wrapped ? undefined : picked.filter((id) => id !== undefined);
}

function placesOf(part: string): number[] {
  const words = part.toLowerCase().replace(/^the\s+/, '');
  const digits = /\d+/.exec(words)?.[0];
  const [head = '', more = ''] = words.split(/\s+/);
  const amount = numberWords.includes(more) ? numberWords.indexOf(more) + 1 : Number(more || 1);
  if (head === 'last') return Array.from({ length: amount }, (_, nth) => nth - amount);
  const at = ordinalWords.indexOf(head);
  if (at >= 0) return Array.from({ length: more === 'one' ? 1 : amount }, (_, nth) => at + nth);
  return digits === undefined ? [] : [Number(digits) - 1];
}
