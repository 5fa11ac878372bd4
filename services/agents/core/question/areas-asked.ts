// The places that narrow a question and how: in it, or so near to it. It reads the words around a place that was found.

import type { Position } from '../gazetteer.ts';
import type { TenantPlace } from '../geo/mention.ts';
import type { Span } from '../skill.ts';
import { normaliseName, wordsOf } from '../text/words.ts';
import { isOneSlip } from './spelling.ts';

/** A place that narrows a question. */
export interface AskedArea {
  readonly label: string;
  /** Absent where the place is only a name: then reports are found by their texts alone. */
  readonly point?: Position;
  /** How far from the point counts, in kilometres; absent where the place itself is meant. */
  readonly radiusKm?: number;
}

/** How far "near" reaches, in kilometres. */
export const nearKm = 2;
/** A radius beyond this is no neighbourhood. */
const radiusKmMax = 500;

const kmOf: Readonly<Record<string, number>> = {
  km: 1,
  kilom: 1,
  mi: 1.609344,
  mile: 1.609344,
  m: 0.001,
  meter: 0.001,
  metre: 0.001,
  yard: 0.0009144,
  block: 0.1,
  feet: 0.0003048,
  ft: 0.0003048,
};
const amounts: Readonly<Record<string, number>> = {
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  ten: 10,
  half: 0.5,
};
const distance = String.raw`(?<amount>\d+(?:[.,]\d+)?|half|an?|one|two|three|four|five|ten)(?:\s+an?)?[\s-]*(?<unit>km|kilomet\p{L}*|miles?|mi|met(?:er|re)s?|m|yards?|blocks?|feet|ft)\b`;
const radiusPattern = new RegExp(
  String.raw`\b(?:(?:with)?in(?:side)?\s+(?:a\s+)?(?:radius\s+of\s+)?|less than\s+|closer than\s+|up to\s+|not more than\s+|no more than\s+)?${distance}(?:\s+radius)?\s*(?:(?:of|from|around|away from|to|near)\s+)?(?:the\s+)?$`,
  'iu',
);
const nearPattern =
  /\b(?:near(?:by|est)?(?:\s+to)?|around|close(?:st)?\s+to|next\s+to|beside|by|surrounding|in the (?:area|vicinity) of)\s+(?:the\s+)?$/iu;
const lookBack = 60;

/** The words before a place that say how near, with the radius; undefined where the place itself is meant. */
export function nearnessBefore(
  text: string,
  start: number,
): (Span & { readonly radiusKm: number }) | undefined {
  const from = Math.max(0, start - lookBack);
  const before = text.slice(from, start);
  const exact = radiusPattern.exec(before);
  if (exact !== null) {
    const { amount = '', unit = '' } = exact.groups ?? {};
    const radiusKm = (amounts[amount.toLowerCase()] ?? Number(amount.replace(',', '.'))) * kmOfUnit(unit);
    if (radiusKm > 0 && radiusKm <= radiusKmMax) return { start: from + exact.index, end: start, radiusKm };
  }
  const near = nearPattern.exec(before);
  return near === null ? undefined : { start: from + near.index, end: start, radiusKm: nearKm };
}

function kmOfUnit(unit: string): number {
  const plain = unit.toLowerCase();
  const name = Object.keys(kmOf)
    .filter((key) => plain.startsWith(key))
    .sort((a, b) => b.length - a.length)[0];
  return name === undefined ? 0 : (kmOf[name] ?? 0);
}

/** A name of the tenant's list with a slip of the pen, behind a word that places something; undefined when there is none. */
export function misspelledPlace(
  text: string,
  places: readonly TenantPlace[],
): (Span & { readonly place: TenantPlace }) | undefined {
  const words = wordsOf(text);
  for (const [at, first] of words.entries()) {
    if (!/^(?:in|near|around|at|from|of|for|to|vs|versus|or|and)$/i.test(words[at - 1]?.text ?? '')) continue;
    for (const length of [2, 1]) {
      const last = words[at + length - 1];
      if (last === undefined) continue;
      const name = normaliseName(text.slice(first.start, last.end));
      const place = places.find((one) => isOneSlip(name, normaliseName(one.name)));
      if (place !== undefined) return { start: first.start, end: last.end, place };
    }
  }
  return undefined;
}
