// Slips of the pen in questions: words that are nearly a known one. It proposes; whether the word as it stands finds something is tried
// first.

import { assetNames } from '../entity/asset-words.ts';
import { conditionWords, synonymGroups } from './question-words.ts';

const commonThings =
  `accident ambulance animal barrel blizzard bottle bridge building bulb cable camera coyote crash crosswalk damage debris drainage
  earthquake electricity erosion factory flooding garbage hurricane illegal intersection landslide lightning litter mosquito neighbor
  parking pavement pedestrian pollution puddle railing rubbish signal smell speeding storm streetlight tornado traffic vandalism vehicle
  violation water weeds wildfire`.split(/\s+/);
const known: ReadonlySet<string> = new Set([
  ...[...assetNames, ...synonymGroups.flat(), ...conditionWords, ...commonThings].flatMap((name) =>
    name.split(' '),
  ),
]);
/** Words are compared with those of nearly their length; shorter ones have too many neighbours. */
const lengthMin = 5;
const longWord = 8;

/** Whether the word is one that questions are known to be about, in the singular or the plural. */
export function isKnownThing(word: string): boolean {
  return known.has(word) || known.has(word.replace(/(?:es|s)$/, '')) || known.has(word.replace(/s$/, ''));
}

/** The known word that this one was probably meant to be; undefined for known words and where two are equally near. */
export function correctedWord(word: string): string | undefined {
  if (word.length < lengthMin || isKnownThing(word) || !/^\p{L}+$/u.test(word)) return undefined;
  const singular = word.replace(/s$/, '');
  const near = [...known]
    .map((name) => ({ name, slips: Math.min(slipsBetween(word, name), slipsBetween(singular, name)) }))
    .filter(({ name, slips }) => name.length >= lengthMin && slips <= slipsMax(word) && name[0] === word[0])
    .sort((a, b) => a.slips - b.slips);
  const [first, second] = near;
  if (
    first === undefined ||
    (second !== undefined && second.slips === first.slips && !isSameThing(first.name, second.name))
  )
    return undefined;
  return first.name;
}

/** Whether the name differs from the other by no more than a slip or, in long names, two; equal names do not count. */
export function isOneSlip(name: string, other: string): boolean {
  if (name === other || name.length <= lengthMin || name[0] !== other[0]) return false;
  return slipsBetween(name, other) <= slipsMax(name);
}

function isSameThing(a: string, b: string): boolean {
  return a.startsWith(b) || b.startsWith(a);
}

function slipsMax(word: string): number {
  return word.length >= longWord ? 2 : 1;
}

/** Letters left out, put in, exchanged or swapped with the next: the distance of Damerau and Levenshtein without overlaps; above two it is only more than two. */
function slipsBetween(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let row = 1; row <= a.length; row += 1) {
    const next = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1] ? 0 : 1;
      const steps = [(last[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1, (last[column - 1] ?? 0) + same];
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) steps.push((before[column - 2] ?? 0) + 1);
      next.push(Math.min(...steps));
    }
    [before, last] = [last, next];
  }
  return last[b.length] ?? 0;
}
