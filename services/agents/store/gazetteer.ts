// The index of the world's places, read from the committed file that `scripts/build-gazetteer.ts` compiles. It keeps the file's bytes and
// makes a place only when it is asked for.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { once } from '../../../foundation/cache/once.ts';
import {
  type Gazetteer,
  type NamedPlace,
  nameKinds,
  type Place,
  type Position,
  placeKinds,
} from '../core/gazetteer.ts';
import { boundsAround, distanceKm } from '../core/geo/distance.ts';
import { createNameOrigins } from './name-origins.ts';
import { bandOf, hashesOf, type PlaceColumns, readPlaceFile, unpackName } from './place-file.ts';

const degreesPerUnit = 1e-4;
const nearMax = 500;
const bands = 360;

/** The committed file of places. */
export const placesPath: string = join(import.meta.dirname, 'places.bin');

/**
 * Loads the index, once in a process; takes some tens of milliseconds and blocks, so it belongs into the start of a process. A missing or
 * damaged file throws the error of the file system or of the reader.
 */
export const loadGazetteer: () => Gazetteer = once(() =>
  createGazetteer(readPlaceFile(readFileSync(placesPath))),
);

/** The index over columns that are already read. */
export function createGazetteer(columns: PlaceColumns): Gazetteer {
  const decoder = new TextDecoder();
  const areas = decoder.decode(columns.areas).split('\n');
  const divisions = readDivisions(decoder.decode(columns.divisions));
  const bandStarts = readBandStarts(columns);
  const { nameHashes, nameRows, nameStarts, nameBytes } = columns;

  const placeAt = (id: number): Place => {
    const [country = '', admin1 = '', admin2 = ''] = (areas[columns.areaRows[id] ?? 0] ?? '').split(' ');
    return {
      id,
      name: decoder.decode(nameBytes.subarray(nameStarts[id], nameStarts[id + 1])),
      kind: placeKinds[columns.kinds[id] ?? 0] ?? 'area',
      country,
      admin1,
      admin2,
      population: columns.populations[id] ?? 0,
      point: pointAt(columns, id),
    };
  };
  const rowsOf = (key: string): ReturnType<typeof unpackName>[] => {
    const { hash, check } = hashesOf(key);
    const rows: ReturnType<typeof unpackName>[] = [];
    for (let at = lowerBound(nameHashes, hash); nameHashes[at] === hash; at += 1) {
      const row = unpackName(nameRows[at] ?? 0);
      if (row.check === check) rows.push(row);
    }
    return rows;
  };
  const find = (key: string): readonly NamedPlace[] =>
    rowsOf(key)
      .map(({ row, kind }) => ({ place: placeAt(row), nameKind: nameKinds[kind] ?? 'other' }))
      .sort((a, b) => b.place.population - a.place.population || a.place.id - b.place.id);
  return {
    find,
    has: (key) => rowsOf(key).length > 0,
    near: (point, radiusKm) => idsNear(columns, bandStarts, point, radiusKm).slice(0, nearMax).map(placeAt),
    divisionName: (country, admin1) => divisions.get(`${country} ${admin1}`) ?? '',
    originOf: createNameOrigins(columns),
  };
}

function readDivisions(text: string): Map<string, string> {
  return new Map(
    text.split('\n').map((line) => {
      const [country = '', admin1 = '', ...name] = line.split(' ');
      return [`${country} ${admin1}`, name.join(' ')];
    }),
  );
}

function pointAt({ longitudes, latitudes }: PlaceColumns, id: number): Position {
  return [degrees(longitudes[id]), degrees(latitudes[id])];
}

function degrees(units: number | undefined): number {
  return Math.round((units ?? 0) * degreesPerUnit * 1e4) / 1e4;
}

/** Where the places of each band of latitude begin. */
function readBandStarts({ latitudes }: PlaceColumns): Uint32Array {
  const starts = new Uint32Array(bands + 1).fill(latitudes.length);
  for (let id = latitudes.length - 1; id >= 0; id -= 1) starts[bandOf(degrees(latitudes[id]))] = id;
  for (let band = bands - 1; band >= 0; band -= 1) {
    starts[band] = Math.min(starts[band] ?? 0, starts[band + 1] ?? 0);
  }
  return starts;
}

/** The places of the circle, nearest first; a circle across the date line is cut off there. */
function idsNear(
  columns: PlaceColumns,
  bandStarts: Uint32Array,
  point: Position,
  radiusKm: number,
): number[] {
  const { west, east, south, north } = boundsAround(point, radiusKm);
  const found: { id: number; km: number }[] = [];
  for (let band = bandOf(south); band <= bandOf(north); band += 1) {
    const end = bandStarts[band + 1] ?? 0;
    const first = lowerBound(columns.longitudes, west / degreesPerUnit, bandStarts[band] ?? 0, end);
    for (let id = first; id < end && degrees(columns.longitudes[id]) <= east; id += 1) {
      const km = distanceKm(point, pointAt(columns, id));
      if (km <= radiusKm) found.push({ id, km });
    }
  }
  return found.sort((a, b) => a.km - b.km || a.id - b.id).map(({ id }) => id);
}

function lowerBound(sorted: Uint32Array | Int32Array, value: number, from = 0, to = sorted.length): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
