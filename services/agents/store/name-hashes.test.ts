// The table of name hashes: what goes in under a name comes out under its normalised form.

import { describe, expect, it } from '@jest/globals';
import { normaliseName } from '../core/text/words.ts';
import { createNameHashes, hashOf, rowsMax } from './name-hashes.ts';

describe('name hashes', () => {
  const names = [
    'Boston',
    'São Paulo',
    'Boston',
    'Winston-Salem',
    'New  York',
    "Coeur d'Alene",
    'Z',
    ' Ulm ',
    'A B',
    '[x]',
  ];
  const table = createNameHashes(names.length);
  names.forEach((name, index) => void table.add(new TextEncoder().encode(name), index));
  table.sort();
  const find = (name: string) => table.indexesOf(hashOf(normaliseName(name)));

  it.each(names)('finds the rows of "%s" by its normalised form', (name) => {
    expect(find(name)).toEqual(names.flatMap((other, index) => (other === name ? [index] : [])));
  });

  it('finds names however they are written', () => {
    expect(find('SAO PAULO')).toEqual([1]);
    expect(find('new york')).toEqual([4]);
    expect(find('Nowhere')).toEqual([]);
  });

  it('refuses more rows than it can tell apart', () => {
    expect(() => createNameHashes(rowsMax + 1)).toThrow(RangeError);
  });
});
