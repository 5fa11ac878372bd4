// Names that are one slip of the pen away from a known one: "Cochabama", "British Colombia", "Capetown". Only names that are far better known
// than a slip is likely are proposed, and only for words long enough that few others are as near.

import type { Gazetteer } from '../gazetteer.ts';
import { candidatesOf } from './place-candidates.ts';
import { placeKey } from './place-key.ts';

const keyLengthMin = 6;
const keyLengthMax = 24;
const priorMin = 3;
const alphabet = [...'abcdefghijklmnopqrstuvwxyz '];

/** The best known name that differs in one letter, as a key; undefined when there is none. It asks the gazetteer hundreds of times. */
export function correctedName(name: string, gazetteer: Gazetteer): string | undefined {
  const key = placeKey(name);
  if (key.length < keyLengthMin || key.length > keyLengthMax || /\d/.test(key)) return undefined;
  let best: { readonly key: string; readonly prior: number } | undefined;
  for (const near of nearKeys(key)) {
    if (!gazetteer.has(near)) continue;
    const [candidate] = candidatesOf(near, gazetteer);
    const prior = candidate?.prior ?? 0;
    if (
      (candidate?.nameKind === 'main' || candidate?.place.kind === 'country') &&
      prior >= priorMin &&
      prior > (best?.prior ?? 0)
    )
      best = { key: near, prior };
  }
  return best?.key;
}

/** All keys that one letter left out, put in, taken for another or swapped with the next would make. The first letter is kept. */
function nearKeys(key: string): Set<string> {
  const keys = new Set<string>();
  for (let at = 1; at <= key.length; at += 1) {
    const [head, tail] = [key.slice(0, at), key.slice(at)];
    for (const letter of alphabet) {
      keys.add(head + letter + tail);
      if (tail !== '') keys.add(head + letter + tail.slice(1));
    }
    if (tail !== '') keys.add(head + tail.slice(1));
    if (tail.length > 1) keys.add(head + tail.charAt(1) + tail.charAt(0) + tail.slice(2));
  }
  keys.delete(key);
  return keys;
}
