// The layout of the file of places: what is written is read back, and what is no such file is refused.

import { describe, expect, it } from '@jest/globals';
import { createGazetteer } from './gazetteer.ts';
import { hashesOf, packName, placesMax, readPlaceFile, unpackName, writePlaceFile } from './place-file.ts';

const text = (value: string) => new TextEncoder().encode(value);
const hashed = hashesOf('ulm');
const columns = {
  longitudes: Int32Array.of(99876),
  latitudes: Int32Array.of(483984),
  populations: Uint32Array.of(120_714),
  nameStarts: Uint32Array.of(0, 3),
  nameHashes: Uint32Array.of(hashed.hash),
  nameRows: Uint32Array.of(packName(0, 0, hashed.check)),
  areaRows: Uint16Array.of(0),
  kinds: Uint8Array.of(4),
  nameBytes: text('Ulm'),
  areas: text('DE 01 084'),
  divisions: text('DE 01 Baden-Württemberg'),
  originGrams: Uint32Array.of(hashesOf('ulm').hash),
  originStarts: Uint32Array.of(0, 1),
  originScores: Uint16Array.of(80),
  originCountries: text('DE 9000'),
};

describe('the file of places', () => {
  it('gives back what was written', () => {
    const read = readPlaceFile(writePlaceFile(columns));
    expect(Object.fromEntries(Object.entries(read).map(([name, column]) => [name, [...column]]))).toEqual(
      Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, [...column]])),
    );
  });

  it('is read from any position of a larger buffer', () => {
    const bytes = writePlaceFile(columns);
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect([...readPlaceFile(shifted.subarray(3)).latitudes]).toEqual([483984]);
  });

  it('holds places that the index finds by name and by point', () => {
    const gazetteer = createGazetteer(columns);
    const ulm = {
      name: 'Ulm',
      country: 'DE',
      admin1: '01',
      admin2: '084',
      population: 120_714,
      kind: 'town',
    };
    expect(gazetteer.find('ulm')[0]?.place).toMatchObject({ ...ulm, point: [9.9876, 48.3984] });
    expect(gazetteer.near([10, 48.4], 5)[0]).toMatchObject(ulm);
    expect(gazetteer.near([10, 47.4], 5)).toEqual([]);
  });

  it('tells names of one hash apart by their check', () => {
    const other = Uint32Array.of(packName(0, 0, hashed.check ^ 1));
    expect(createGazetteer({ ...columns, nameRows: other }).find('ulm')).toEqual([]);
  });

  it('refuses bytes that are no such file or end too early', () => {
    const bytes = writePlaceFile(columns);
    expect(() => readPlaceFile(text('something else entirely'))).toThrow(RangeError);
    expect(() => readPlaceFile(bytes.subarray(0, bytes.length - 8))).toThrow(RangeError);
  });
});

describe('a packed name', () => {
  it.each([
    [0, 0, 0],
    [placesMax - 1, 3, 1023],
    [123_456, 2, 77],
  ])('keeps place %i, kind %i and check %i', (row, kind, check) =>
    expect(unpackName(packName(row, kind, check))).toEqual({ row, kind, check }),
  );
});
