// The places that a name can mean, each with how likely it is before anything else of the text is read: great places are spoken of more
// often than small ones, and by their own names.

import type { Gazetteer, NameKind, Place, PlaceKind } from '../gazetteer.ts';
import { liesIn } from './containment.ts';
import { placeKey } from './place-key.ts';

/** Keys up to here may be short forms, which count only as they are written. */
const shortKeyMax = 5;
const candidatesMax = 200;
const seatsMax = 20;
const seatShareMin = 0.45;
const lossToSeat = 0.4;

/** A place that a name can mean. */
export interface PlaceCandidate {
  readonly place: Place;
  readonly nameKind: NameKind;
  /** How likely on its own, about the decimal logarithm of how many people could be meant by it. */
  readonly prior: number;
}

/** How well known a kind of place is, in the measure of `prior`; towns are known by their people. */
const priorOfKind: Readonly<
  Record<Exclude<PlaceKind, 'town' | 'locality' | 'country' | 'division' | 'county'>, number>
> = {
  area: 6.9,
  island: 6,
  mountain: 6,
  water: 6.5,
  park: 6,
  airport: 4.5,
  valley: 6,
};
const priorOfCountry = 7.6;
/** States are spoken of more than towns of as many people, counties less; those whose people are not known are taken for small ones. */
const gainOfDivision = 0.3;
const lossOfCounty = 1;
const lossOfBareCounty = 0.7;
const priorOfDivisionLeast = 4.5;
const priorOfCountyLeast = 3.7;
const priorOfVillage = 2.5;
const priorOfLocality = 2;
/** Quarters are named less often than towns of as many people. */
const lossOfQuarter = 0.8;
/** Two letters are a state of the United States or Canada before they are one elsewhere. */
const lossOfFarLetters = 1;
const lossOfName: Readonly<Record<NameKind, number>> = { main: 0, short: 0, bare: 0.3, other: 1.2 };
/** Other names of what is large are as good as its own: "Britain", "Bavaria". */
const lossOfOtherNameLarge = 0.2;

/** Words for kinds beside a name, and the kinds that they speak of. */
const kindsOfWord: Readonly<Record<string, readonly PlaceKind[]>> = {
  county: ['county', 'division'],
  district: ['county', 'division'],
  regency: ['county'],
  department: ['division', 'county'],
  province: ['division', 'county'],
  prefecture: ['division', 'county'],
  state: ['division'],
  region: ['division', 'county', 'area'],
  governorate: ['division'],
  oblast: ['division'],
  parish: ['county', 'division'],
  borough: ['county', 'town', 'locality'],
  municipality: ['town', 'county'],
  division: ['division', 'county'],
  zone: ['county', 'division'],
  island: ['island', 'country', 'division', 'county'],
  islands: ['island', 'country', 'division'],
  city: ['town'],
  town: ['town', 'locality'],
  township: ['town', 'locality'],
  village: ['town', 'locality'],
  taluk: ['county', 'town'],
  tehsil: ['county', 'town'],
  upazila: ['county', 'town'],
  dt: ['county', 'division'],
  dist: ['county', 'division'],
};
const kindWords = Object.keys(kindsOfWord).join('|');
/** How Indonesia and Malaysia name the parts of a district: "Central Tapanuli" is Tapanuli Tengah. */
const malayParts: Readonly<Record<string, string>> = {
  north: 'utara',
  south: 'selatan',
  east: 'timur',
  west: 'barat',
  central: 'tengah',
  southeast: 'tenggara',
};
const divided: readonly PlaceKind[] = ['county', 'division'];
const partOf = new RegExp(`^(?<part>${Object.keys(malayParts).join('|')}) (?<name>.+)$`);
const wordBehind = new RegExp(`^(?<name>.+?) (?<word>${kindWords})$`);
const wordBefore = new RegExp(`^(?:greater |central )?(?<word>${kindWords}) of (?<name>.+)$`);
const halves =
  /^(?:north(?:ern)?|south(?:ern)?|east(?:ern)?|west(?:ern)?|central|greater|upper|lower|inner|outer|downtown|mid|northeast(?:ern)?|northwest(?:ern)?|southeast(?:ern)?|southwest(?:ern)?)[ -](?<name>.+)$/;

/** A name in all the ways in which it can be looked up, the most literal first. */
interface Reading {
  readonly key: string;
  /** Kinds that the words beside the name speak of; absent when they say nothing. */
  readonly kinds?: readonly PlaceKind[];
  /** What this reading costs, because it leaves something of the name aside. */
  readonly loss: number;
}

/** The places that the name can mean, the likeliest first, at most 200; empty when the gazetteer knows none. */
export function candidatesOf(name: string, gazetteer: Gazetteer): PlaceCandidate[] {
  for (const { key, kinds, loss } of readingsOf(name)) {
    const found = gazetteer
      .find(key)
      .filter(({ place, nameKind }) => isWrittenSo(name, key, place, nameKind))
      .map(({ place, nameKind }) => ({ place, nameKind, prior: priorOf(place, nameKind) - loss }));
    const wanted =
      kinds === undefined ? withSeats(found) : found.filter(({ place }) => kinds.includes(place.kind));
    if (wanted.length > 0) return wanted.sort(byPrior).slice(0, candidatesMax);
  }
  return [];
}

/** A county or a small division is seldom meant where its town of the same name can be, and the town is the more exact of the two. */
function withSeats(candidates: readonly PlaceCandidate[]): PlaceCandidate[] {
  const towns = candidates.filter(({ place }) => place.kind === 'town').slice(0, seatsMax);
  return candidates.map((candidate) => {
    const { place, prior } = candidate;
    if (place.kind !== 'county' && place.kind !== 'division') return candidate;
    const least = place.kind === 'county' ? 0 : seatShareMin * place.population;
    const seat = towns.find((town) => town.place.population >= least && liesIn(town.place, place) > 0);
    return seat === undefined ? candidate : { ...candidate, prior: Math.min(prior, seat.prior - lossToSeat) };
  });
}

/** Whether the gazetteer may know the name; some that it seems to know have no candidates, because they must be written otherwise. */
export function isKnownName(name: string, gazetteer: Gazetteer): boolean {
  return readingsOf(name).some(
    ({ key, kinds }) =>
      gazetteer.has(key) &&
      (key.length > shortKeyMax || candidatesOf(name, gazetteer).length > 0) &&
      (kinds === undefined || candidatesOf(name, gazetteer).length > 0),
  );
}

function readingsOf(name: string): Reading[] {
  const key = placeKey(name.replace(/['’]s$/, ''));
  const worded = wordBehind.exec(key) ?? wordBefore.exec(key);
  const { name: bare = '', word = '' } = worded?.groups ?? {};
  const half = halves.exec(key)?.groups?.name;
  const malay = malayOf(key, bare);
  const kinds = kindsOfWord[word];
  return [
    { key, loss: 0 },
    ...(malay === undefined ? [] : [{ key: malay, kinds: divided, loss: 0.2 }]),
    ...(worded === null || kinds === undefined
      ? []
      : [{ key: bare, kinds, loss: 0.2 }, ...(word.startsWith('island') ? [] : [{ key: bare, loss: 0.6 }])]),
    ...(half === undefined ? [] : [{ key: half, loss: 1 }]),
  ];
}

/** The Malay form of "Central Tapanuli" and "Central Tapanuli regency"; undefined for names of other forms. */
function malayOf(key: string, bare: string): string | undefined {
  const { part = '', name } = partOf.exec(bare === '' ? key : bare)?.groups ?? {};
  return name === undefined ? undefined : `${name} ${malayParts[part]}`;
}

/** Short names prove something only as they are written: `MA` is Massachusetts, "Ma" is not, nor is it some village's other name. */
function isWrittenSo(name: string, key: string, place: Place, nameKind: NameKind): boolean {
  const inCapitals = /^(?:[^\p{Ll}]+|\p{Lu}[\p{L}]*\.)$/u.test(name);
  if (nameKind === 'short') return inCapitals;
  if (key.length > 3 || nameKind === 'main') return true;
  const large = place.kind === 'country' || place.kind === 'division' || place.kind === 'area';
  return large && (nameKind === 'bare' || inCapitals);
}

function priorOf(place: Place, nameKind: NameKind): number {
  const { kind, population } = place;
  const large = kind === 'country' || kind === 'division' || kind === 'area';
  const letters = nameKind === 'short' && place.country !== 'US' && place.country !== 'CA';
  const loss =
    nameKind === 'other' && large
      ? lossOfOtherNameLarge
      : lossOfName[nameKind] + (letters ? lossOfFarLetters : 0);
  if (kind === 'country') return priorOfCountry - loss;
  const people = Math.log10(population + 1);
  if (kind === 'division') return Math.max(priorOfDivisionLeast, people + gainOfDivision) - loss;
  if (kind === 'county')
    return (
      Math.max(priorOfCountyLeast, people - lossOfCounty) -
      loss -
      (nameKind === 'bare' ? lossOfBareCounty : 0)
    );
  if (kind === 'locality') return Math.max(priorOfLocality, people - lossOfQuarter) - loss;
  if (kind === 'town') return Math.max(priorOfVillage, people) - loss;
  return priorOfKind[kind] - loss;
}

function byPrior(a: PlaceCandidate, b: PlaceCandidate): number {
  return b.prior - a.prior || a.place.id - b.place.id;
}
