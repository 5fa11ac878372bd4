// Tells the country of a name that no gazetteer knows by the pieces of its words, as counted in the names of all towns: a naive Bayes
// judgement, softened because pieces of one word are not independent.

import type { NameOrigin } from '../core/gazetteer.ts';
import { gramsOf } from '../core/geo/name-grams.ts';
import { hashesOf, type PlaceColumns } from './place-file.ts';

const smoothing = 0.3;
const vocabulary = 20_000;
/** How much of its weight each piece keeps. */
const softness = 0.6;
/** How much more a country with many towns is meant than one with few: the square root of how many pieces its names have. */
const sizeWeight = 0.5;
const unitsPerScore = 24;

/** The gain of a piece that a country's names have so many times, in whole units of one byte. */
export function originScoreOf(times: number): number {
  const gain = Math.log((times + smoothing) / smoothing);
  return Math.min(255, Math.round(gain * unitsPerScore));
}

/** Judges words in `placeKey`'s letters; undefined when there are none or the file knows no country. */
export function createNameOrigins(
  columns: Pick<PlaceColumns, 'originGrams' | 'originStarts' | 'originScores' | 'originCountries'>,
): (words: readonly string[], favoured: ReadonlySet<string>) => NameOrigin | undefined {
  const countries = new TextDecoder()
    .decode(columns.originCountries)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const pieces = Number(line.slice(3));
      return {
        country: line.slice(0, 2),
        prior: sizeWeight * Math.log(pieces),
        absent: softness * Math.log(smoothing / (pieces + smoothing * vocabulary)),
      };
    });
  return (words, favoured) => {
    const grams = words.flatMap(gramsOf);
    if (grams.length === 0 || countries.length === 0) return undefined;
    const scores = countries.map(
      ({ country, prior, absent }) => prior + absent * grams.length + (favoured.has(country) ? favour : 0),
    );
    for (const gram of grams) addGram(columns, hashesOf(gram).hash, scores);
    const best = Math.max(...scores);
    const sum = scores.reduce((total, score) => total + Math.exp(score - best), 0);
    return { country: countries[scores.indexOf(best)]?.country ?? '', probability: 1 / sum };
  };
}

/** What a country gains by being one of those that are likelier than others. */
const favour = 0.7;

function addGram(
  { originGrams, originStarts, originScores }: Parameters<typeof createNameOrigins>[0],
  hash: number,
  scores: number[],
): void {
  let [low, high] = [0, originGrams.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((originGrams[middle] ?? 0) < hash) low = middle + 1;
    else high = middle;
  }
  if (originGrams[low] !== hash) return;
  for (let at = originStarts[low] ?? 0; at < (originStarts[low + 1] ?? 0); at += 1) {
    const packed = originScores[at] ?? 0;
    const row = packed >>> 8;
    scores[row] = (scores[row] ?? 0) + (softness * (packed & 0xff)) / unitsPerScore;
  }
}
