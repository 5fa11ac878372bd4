// The scorers by the beginning of a file's name. A new kind of labelled set is added here.
import type { Scorer } from './scorer.ts';

/** From the beginning of a name to its scorer, read when the first file of that kind is met; longer beginnings go first. */
export const scorers: Readonly<Record<string, () => Promise<Scorer>>> = {
  category_: () => import('./score-category.ts').then(({ scoreCategory }) => scoreCategory),
  entities_: () => import('./score-entities.ts').then(({ scoreEntities }) => scoreEntities),
  geo_geovirus: () => import('./score-geo-toponyms.ts').then(({ scoreToponyms }) => scoreToponyms),
  geo_landslide: () => import('./score-geo-places.ts').then(({ scoreDescriptions }) => scoreDescriptions),
  geo_nws: () => import('./score-geo-places.ts').then(({ scoreSpotters }) => scoreSpotters),
  keyphrases_: () => import('./score-keyphrases.ts').then(({ scoreKeyphrases }) => scoreKeyphrases),
  time_ctparse: () => import('./score-time-ctparse.ts').then(({ scoreCtparse }) => scoreCtparse),
  time_duckling: () => import('./score-time-duckling.ts').then(({ scoreDuckling }) => scoreDuckling),
  time_meantime: () => import('./score-time-meantime.ts').then(({ scoreMeantime }) => scoreMeantime),
  time_recognizers: () =>
    import('./score-time-recognizers.ts').then(({ scoreRecognizers }) => scoreRecognizers),
  urgency_: () => import('./score-urgency.ts').then(({ scoreUrgency }) => scoreUrgency),
  sentiment_: () => import('./score-sentiment.ts').then(({ scoreSentiment }) => scoreSentiment),
};

/** The scorer of a file; undefined for a file of no known kind. */
export function scorerOf(file: string): (() => Promise<Scorer>) | undefined {
  const prefixes = Object.keys(scorers).sort((a, b) => b.length - a.length);
  const prefix = prefixes.find((each) => file.startsWith(each));
  return prefix === undefined ? undefined : scorers[prefix];
}
