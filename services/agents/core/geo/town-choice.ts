// Which of the towns of one name is meant, and whether the name means a town at all: by the country or state named beside it, by
// nearness to the tenant's area, by size, and by how much the name looks like an ordinary word.

import type { Place } from '../gazetteer.ts';
import type { Span } from '../skill.ts';
import { distanceKm } from './distance.ts';
import type { HomeArea } from './mention.ts';
import type { RegionName } from './region-names.ts';

const nearHomeKm = 60;
const homeReachKm = 150;
const cityPopulation = 300_000;
const townPopulation = 5_000;
const villagePopulation = 1_000;
const placeCues = new Set(
  'in near from around into through outside of towards toward to at between leaving reached hit across beyond'.split(
    ' ',
  ),
);
const localCues = new Set('in from around into through outside'.split(' '));

/** A capitalised name that the gazetteer knows, with what stands around it. */
export interface TownCandidate extends Span {
  readonly text: string;
  readonly words: number;
  readonly opensSentence: boolean;
  /** Whether the name is also an ordinary English word. */
  readonly ordinary: boolean;
  /** The lower-case word before it; empty at the start. */
  readonly cue: string;
  /** The state or country that follows directly, behind a comma or a blank. */
  readonly followedBy: RegionName | undefined;
  readonly places: readonly Place[];
}

/** What is known beside the name. */
export interface TownContext {
  /** Countries and states named anywhere in the text. */
  readonly named: readonly RegionName[];
  readonly homeArea: HomeArea | undefined;
  /** Whether the text is in capitals, so that a capital proves nothing. */
  readonly shouted: boolean;
}

/** The town that is meant, or undefined when the evidence is too thin to say that a town is meant. */
export function chooseTown(candidate: TownCandidate, context: TownContext): Place | undefined {
  const { followedBy, places } = candidate;
  const pool = followedBy === undefined ? places : places.filter((place) => lies(place, followedBy));
  const [best] = [...pool].sort((a, b) => scoreOf(b, context) - scoreOf(a, context));
  if (best === undefined || followedBy !== undefined) return best;
  return isCredible(candidate, best, context) ? best : undefined;
}

function scoreOf(place: Place, { named, homeArea }: TownContext): number {
  const size = Math.log10(place.population + 10) / 7;
  const inNamed = named.some((region) => lies(place, region)) ? 2 : 0;
  const near =
    homeArea === undefined ? 0 : 1.5 * Math.exp(-distanceKm(place.point, homeArea.point) / homeReachKm);
  return size + inNamed + near;
}

function isCredible(candidate: TownCandidate, place: Place, context: TownContext): boolean {
  const { cue, ordinary, opensSentence, words } = candidate;
  const corroborated = context.named.some((region) => lies(place, region));
  const cued = placeCues.has(cue);
  if (ordinary) return corroborated && cued;
  if (corroborated) return cued || !opensSentence || words > 1 || place.population >= townPopulation;
  if (context.homeArea !== undefined) return isCredibleForTenant(candidate, place, context.homeArea);
  if (opensSentence && !cued)
    return place.population >= cityPopulation || (words > 1 && place.population >= townPopulation);
  return place.population >= (cued ? villagePopulation : townPopulation);
}

/** With a home area, what is said is said about it: far towns must be large, near ones must be spoken of as a place. */
function isCredibleForTenant(candidate: TownCandidate, place: Place, homeArea: HomeArea): boolean {
  const near = distanceKm(place.point, homeArea.point) <= nearHomeKm;
  if (near) {
    const known = place.population >= townPopulation && (localCues.has(candidate.cue) || candidate.words > 1);
    return known && !(candidate.opensSentence && !localCues.has(candidate.cue));
  }
  return place.population >= cityPopulation && localCues.has(candidate.cue);
}

function lies(place: Place, region: RegionName): boolean {
  return place.country === region.country && (region.admin1 === undefined || place.admin1 === region.admin1);
}
