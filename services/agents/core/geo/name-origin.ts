// Which country a location lies in when the gazetteer knows none of its names: the one whose names they resemble. It judges bare locations
// only, and only by words that look like names.

import type { Gazetteer } from '../gazetteer.ts';
import { isCapitalised, wordsOf } from '../text/words.ts';
import { reportingInEnglish } from './country-hints.ts';
import { originLettersMin } from './name-grams.ts';
import { ordinaryWords } from './ordinary-words.ts';
import { placeKey } from './place-key.ts';
import { besideNames, neverAlone } from './place-words.ts';

const wordsMax = 4;

/** The country, ISO 3166 alpha-2, when it is at least so probable; empty otherwise. */
export function countryByNames(text: string, gazetteer: Gazetteer, probabilityMin: number): string {
  const words = wordsOf(text)
    .filter((word) => isCapitalised(word.text))
    .map((word) => word.text.toLowerCase())
    .filter((word) => !besideNames.has(word) && !neverAlone.has(word) && !ordinaryWords.has(word))
    .flatMap((word) => placeKey(word).split(' '))
    .filter((word) => word.length >= originLettersMin && !/\d/.test(word))
    .slice(0, wordsMax);
  const origin = gazetteer.originOf(words, reportingInEnglish);
  return origin !== undefined && origin.probability >= probabilityMin ? origin.country : '';
}
