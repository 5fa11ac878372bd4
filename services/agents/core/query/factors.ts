// Circumstances that reports name beside their matter, and the words by which they name them.

import type { Topic } from '../question/topics.ts';
import type { FoundReport } from '../report-data.ts';
import { countNaming } from './naming.ts';

/** Words of each circumstance, in the form in which texts are searched. */
export const factorWords = {
  snow_and_ice: ['snow', 'ice', 'icy', 'icing'],
  rain_and_storm: ['rain', 'storm', 'flood'],
  construction: ['construction', 'contractor', 'permit'],
  traffic_and_speed: ['traffic', 'speeding', 'speed'],
  parking: ['illegally', 'towed', 'parked car'],
  poor_lighting: ['dark', 'unlit', 'poorly lit'],
  missed_service: ['missed', 'uncollected', 'overflowing'],
  wear: ['broken', 'worn', 'faded'],
} as const;

/** A circumstance. */
export type Factor = keyof typeof factorWords;

const factors = Object.keys(factorWords) as Factor[];
/** Words that agree in so many first letters count as one. */
const stemLength = 4;

/** The circumstances that the reports name most and that are not themselves searched for, at most `most`. */
export function factorsNamed(
  reports: readonly FoundReport[],
  topics: readonly Topic[],
  most: number,
): Factor[] {
  const asked = topics.flatMap(({ choices }) => choices.flatMap((choice) => choice.split(' ').map(stem)));
  const other = factors.filter((factor) => !factorWords[factor].some((word) => asked.includes(stem(word))));
  return countNaming(reports, other, (factor) => factorWords[factor]).slice(0, most);
}

/** "snow or ice". */
export function factorName(factor: Factor): string {
  return factor.replace('_and_', ' or ').replaceAll('_', ' ');
}

function stem(word: string): string {
  return word.slice(0, stemLength);
}
