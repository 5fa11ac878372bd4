// Counts, for each country with towns enough, how often the pieces of words come in their names, so that an unknown name can be taken for one of
// the country whose names it resembles.
import { gramsOf, originLettersMin } from '../../services/agents/core/geo/name-grams.ts';
import { placeKey } from '../../services/agents/core/geo/place-key.ts';
import { originScoreOf } from '../../services/agents/store/name-origins.ts';
import { hashesOf, type PlaceColumns } from '../../services/agents/store/place-file.ts';
import type { RawPlace } from './raw-place.ts';

/** Countries with fewer pieces than this prove nothing. */
const piecesMin = 4000;
/** A piece that a country has once may be a slip. */
const timesMin = 2;

type OriginColumns = Pick<PlaceColumns, 'originGrams' | 'originStarts' | 'originScores' | 'originCountries'>;

/** The columns of the file of places that tell a name's country. */
export function packOrigins(places: readonly RawPlace[]): OriginColumns {
  const counts = countPieces(places);
  const countries = [...counts]
    .map(([country, grams]) => ({ country, grams, pieces: [...grams.values()].reduce((a, b) => a + b, 0) }))
    .filter(({ pieces }) => pieces >= piecesMin)
    .sort((a, b) => (a.country < b.country ? -1 : 1));
  const scores = new Map<number, number[]>();
  for (const [row, { grams }] of countries.entries()) {
    for (const [gram, times] of grams) {
      if (times < timesMin) continue;
      const { hash } = hashesOf(gram);
      const packed = (row << 8) | originScoreOf(times);
      scores.set(hash, [...(scores.get(hash) ?? []), packed]);
    }
  }
  const sorted = [...scores].sort(([a], [b]) => a - b);
  const originStarts = new Uint32Array(sorted.length + 1);
  for (const [at, [, packed]] of sorted.entries())
    originStarts[at + 1] = (originStarts[at] ?? 0) + packed.length;
  return {
    originGrams: Uint32Array.from(sorted, ([hash]) => hash),
    originStarts,
    originScores: Uint16Array.from(sorted.flatMap(([, packed]) => packed)),
    originCountries: new TextEncoder().encode(
      countries.map(({ country, pieces }) => `${country} ${pieces}`).join('\n'),
    ),
  };
}

function countPieces(places: readonly RawPlace[]): Map<string, Map<string, number>> {
  const counts = new Map<string, Map<string, number>>();
  for (const { name, kind, country } of places) {
    if ((kind !== 'town' && kind !== 'locality') || country === '') continue;
    const grams = counts.get(country) ?? new Map<string, number>();
    counts.set(country, grams);
    for (const word of placeKey(name).split(' ')) {
      if (word.length < originLettersMin) continue;
      for (const gram of gramsOf(word)) grams.set(gram, (grams.get(gram) ?? 0) + 1);
    }
  }
  return counts;
}
