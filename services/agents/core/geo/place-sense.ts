// Whether a name that the gazetteer knows means a place where it stands. Ordinary words, persons, offices and diseases carry names of towns
// too; the more a name looks like one of them, the more must speak for a place.

import type { Place } from '../gazetteer.ts';
import { normaliseName } from '../text/words.ts';
import { liesIn } from './containment.ts';
import { distanceKm } from './distance.ts';
import type { HomeArea } from './mention.ts';
import { ordinaryWords } from './ordinary-words.ts';
import type { FoundName } from './place-finder.ts';
import { besideNames, kindWord } from './place-words.ts';
import type { ResolvedName } from './resolve-places.ts';

const nearHomeKm = 60;
/** Of places that are also spoken of by other names than their own. */
const famousPopulation = 1_000_000;
const cityPopulation = 300_000;
const knownDivisionPopulation = 2_000_000;
/** Of places whose names are recognised though they are misspelt. */
const knownPopulation = 50_000;
const townPopulation = 5_000;
const villagePopulation = 1_000;

const placeCues = wordSet(
  'in near from around into through outside of towards toward to at between leaving reached hit across beyond throughout via',
);
const localCues = wordSet('in from around into through outside');
const titles = wordSet(
  'mr mrs ms miss dr sir lady lord president senator minister premier secretary governor professor prof judge justice general colonel captain sergeant officer detective commissioner councillor chancellor king queen prince princess pope saint actress actor author',
);
/** Words behind a name that make it one of a thing, an office or a disease. */
const thingsBehind = wordSet(
  'fever virus disease syndrome flu strain university college police department times post globe herald tribune journal united rovers fc airlines airways bank company inc ltd corp foundation institute award prize festival postal service army navy senate congress government',
);
/** What the decision is made in. */
export interface SenseContext {
  /** Absent when the tenant has set none. */
  readonly homeArea: HomeArea | undefined;
  /** Whether the text is in capitals, so that a capital proves nothing. */
  readonly shouted: boolean;
  /** Whether the whole text names a location and says nothing else. */
  readonly phrase: boolean;
  /** Countries and states that the text names. */
  readonly regions: readonly Place[];
}

/** Whether the name means the place that it was resolved to. */
export function meansPlace(name: FoundName, resolved: ResolvedName, context: SenseContext): boolean {
  const { place, nameKind, supported } = resolved;
  if (name.corrected) return isMeantThoughMisspelt(name, resolved, context);
  if (kindWord.test(name.after) && place.kind === 'county') return true;
  if (thingsBehind.has(name.after.toLowerCase()) || isOfPerson(name)) return false;
  if (context.phrase) return supported || !isDoubtfulInPhrase(name, place);
  const opensSentence = name.opensSentence || context.shouted;
  const told = { ...name, opensSentence };
  if (isLarge(place)) return isLargeMeant(told, place, context);
  const corroborated = context.regions.some((region) => liesIn(place, region) === 1);
  if (isOrdinary(name)) return corroborated && isCued(name);
  if (name.partial && !supported && !isCued(name)) return false;
  if (context.homeArea !== undefined && !corroborated) return isMeantAtHome(told, place, context.homeArea);
  if (nameKind === 'other' && !supported && place.population < famousPopulation) return false;
  return isMeantAnywhere(told, place, supported);
}

/** A country alone does not make a slip of the pen of what may be a name of its own. */
function isMeantThoughMisspelt(
  name: FoundName,
  { place, supported }: ResolvedName,
  context: SenseContext,
): boolean {
  if (place.population >= knownPopulation) return supported || !name.partial;
  const inState = context.regions.some((region) => region.kind === 'division' && liesIn(place, region) === 1);
  return supported && (inState || place.population >= townPopulation || place.kind === 'county');
}

function isOrdinary({ words, text }: FoundName): boolean {
  return words === 1 && ordinaryWords.has(normaliseName(text));
}

function isCued({ before }: FoundName): boolean {
  return placeCues.has(before.toLowerCase());
}

/** "Western Region", "North District": many countries have one. */
function isOnlyDirection({ text }: FoundName): boolean {
  return text.length > 2 && text.split(/[ -]/).every((word) => besideNames.has(word.toLowerCase()));
}

/** Part of a longer name, unless a city's: "Baku Bus Terminal" is in Baku. */
function isDoubtfulInPhrase(name: FoundName, place: Place): boolean {
  return (
    isOrdinary(name) ||
    isOnlyDirection(name) ||
    (name.partial && name.words === 1 && place.population < cityPopulation)
  );
}

/** Without a home area, by how well known the place is and how much the words around it speak for a place. */
function isMeantAnywhere(name: FoundName, { kind, population }: Place, supported: boolean): boolean {
  const cued = isCued(name);
  if (supported) return cued || !name.opensSentence || name.words > 1 || population >= townPopulation;
  if (name.opensSentence && !cued)
    return population >= cityPopulation || (name.words > 1 && population >= townPopulation);
  if (kind !== 'town') return name.words > 1 && kind !== 'locality';
  return population >= (cued ? villagePopulation : townPopulation);
}

function isLarge({ kind }: Place): boolean {
  return (
    kind === 'country' || kind === 'division' || kind === 'area' || kind === 'water' || kind === 'island'
  );
}

/** For a tenant with an area of its own, far states and countries count only as "in Ohio"; otherwise streets are named after them. */
function isLargeMeant(name: FoundName, place: Place, { homeArea }: SenseContext): boolean {
  if (homeArea !== undefined) return name.before.toLowerCase() === 'in';
  const known = place.kind === 'country' || place.population >= knownDivisionPopulation || name.words > 1;
  if (isOrdinary(name) || (name.partial && place.kind !== 'country' && !isCued(name))) return false;
  return known || !name.opensSentence || isCued(name);
}

/** "Senator Washington": a title before it. A "Dr" that a comma parts from it is a drive. */
function isOfPerson({ before, parted, opensSentence }: FoundName): boolean {
  const word = before.toLowerCase();
  return !opensSentence && titles.has(word) && !(parted && word === 'dr');
}

/** With a home area, what is said is said about it: far towns must be large, near ones must be spoken of as a place. */
function isMeantAtHome(name: FoundName, place: Place, homeArea: HomeArea): boolean {
  const { before, words, opensSentence } = name;
  const local = localCues.has(before.toLowerCase());
  if (distanceKm(place.point, homeArea.point) > nearHomeKm)
    return place.population >= cityPopulation && local;
  const known = place.population >= townPopulation && (local || words > 1);
  return known && !(opensSentence && !local);
}

function wordSet(words: string): ReadonlySet<string> {
  return new Set(words.split(' '));
}
