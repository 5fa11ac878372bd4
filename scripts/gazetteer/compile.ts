// Packs places into the columns of the file of places. Names that are not in Latin letters are left out: texts in English do not write them.
import { type NameKind, nameKinds, placeKinds } from '../../services/agents/core/gazetteer.ts';
import { placeKey } from '../../services/agents/core/geo/place-key.ts';
import {
  bandOf,
  hashesOf,
  type PlaceColumns,
  packName,
  placesMax,
} from '../../services/agents/store/place-file.ts';
import { packOrigins } from './name-origins.ts';
import type { RawPlace } from './raw-place.ts';

const unitsPerDegree = 1e4;
const latinName = /^(?:\p{Script=Latin}|[\p{M}\s'’ʻ‘`.,&()-])+$/u;
const typeWords =
  /^(?:(?:county|province|district|department|departement|departamento|provincia|distrito|municipio|municipality|region|state|estado|kabupaten|kota|prefecture|arrondissement|powiat|landkreis|kreis|governorate|oblast|raion|canton|commune|changwat|amphoe|wilaya|muhafazat|tinh|quan|huyen|city|republic)(?: (?:of|de|del|di|da|do|du|des))? )|(?: (?:county|province|district|department|region|state|prefecture|governorate|oblast|raion|municipality|parish|borough|regency|division|sheng|shi|xian|qu|ken|fu|do|si|gun|kreis|city|township|canton|zone|area|census area|city and borough|island|islands|autonomous region|zizhiqu|metropolitan city))$/;

/** Everything that goes into the file. */
export interface Source {
  readonly places: readonly RawPlace[];
  /** Short forms by `country|name` of a place, such as `MA`. */
  readonly shortForms: ReadonlyMap<string, readonly string[]>;
  /** Names of first-order divisions by `country.admin1`. */
  readonly divisionNames: ReadonlyMap<string, string>;
}

/** Packs the source; the order of its places does not matter. More than `placesMax` throw a RangeError. */
export function compile(source: Source): PlaceColumns {
  if (source.places.length > placesMax) throw new RangeError(`There are more than ${placesMax} places`);
  const places = [...source.places].sort(byPosition);
  const areas = [...new Set(places.map(areaOf))].sort();
  const areaRow = new Map(areas.map((area, row) => [area, row]));
  const texts = places.map(({ name }) => new TextEncoder().encode(name));
  const nameStarts = new Uint32Array(places.length + 1);
  for (const [row, text] of texts.entries()) nameStarts[row + 1] = (nameStarts[row] ?? 0) + text.length;
  return {
    longitudes: Int32Array.from(places, ({ longitude }) => Math.round(longitude * unitsPerDegree)),
    latitudes: Int32Array.from(places, ({ latitude }) => Math.round(latitude * unitsPerDegree)),
    populations: Uint32Array.from(places, ({ population }) => population),
    nameStarts,
    ...packNames(places, source.shortForms),
    areaRows: Uint16Array.from(places, (place) => areaRow.get(areaOf(place)) ?? 0),
    ...packOrigins(places),
    kinds: Uint8Array.from(places, ({ kind }) => placeKinds.indexOf(kind)),
    nameBytes: Buffer.concat(texts),
    areas: new TextEncoder().encode(areas.join('\n')),
    divisions: new TextEncoder().encode(
      [...source.divisionNames]
        .map(([code, name]) => `${code.replace('.', ' ')} ${name}`)
        .sort()
        .join('\n'),
    ),
  };
}

function areaOf({ country, admin1, admin2 }: RawPlace): string {
  return `${country} ${admin1} ${admin2}`.trimEnd();
}

function byPosition(a: RawPlace, b: RawPlace): number {
  return (
    bandOf(a.latitude) - bandOf(b.latitude) ||
    a.longitude - b.longitude ||
    a.latitude - b.latitude ||
    (a.name < b.name ? -1 : Number(a.name > b.name)) ||
    placeKinds.indexOf(a.kind) - placeKinds.indexOf(b.kind)
  );
}

function packNames(
  places: readonly RawPlace[],
  shortForms: Source['shortForms'],
): Pick<PlaceColumns, 'nameHashes' | 'nameRows'> {
  const entries: { hash: number; packed: number }[] = [];
  places.forEach((place, row) => {
    for (const [key, kind] of keysOf(
      place,
      shortForms.get(`${place.country}|${placeKey(place.name)}`) ?? [],
    )) {
      const { hash, check } = hashesOf(key);
      entries.push({ hash, packed: packName(row, nameKinds.indexOf(kind), check) });
    }
  });
  entries.sort((a, b) => a.hash - b.hash || a.packed - b.packed);
  return {
    nameHashes: Uint32Array.from(entries, ({ hash }) => hash),
    nameRows: Uint32Array.from(entries, ({ packed }) => packed),
  };
}

/** All keys of a place; of two kinds of one key the stronger stays. */
function keysOf(place: RawPlace, shortForms: readonly string[]): Map<string, NameKind> {
  const keys = new Map<string, NameKind>();
  const add = (name: string, kind: NameKind): void => {
    const key = placeKey(name);
    if (key.length > 1 && !keys.has(key)) keys.set(key, kind);
  };
  add(place.name, 'main');
  for (const alias of place.aliases) if (isUsable(alias, place)) add(alias, 'other');
  for (const form of shortForms) add(form, 'short');
  if (['division', 'county', 'island'].includes(place.kind)) {
    for (const key of [...keys.keys()]) add(key.replace(typeWords, ''), 'bare');
  }
  return keys;
}

/** Codes of airports and of stations stand among the names of towns; a country's short forms are names. */
function isUsable(alias: string, { kind }: RawPlace): boolean {
  if (!latinName.test(alias)) return false;
  return (
    kind === 'country' ||
    kind === 'area' ||
    (alias.length > 3 && !/^[A-Z]{2,4}$/.test(alias)) ||
    /^\p{Lu}\p{Ll}+$/u.test(alias)
  );
}
