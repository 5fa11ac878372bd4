// A table from the hashes of normalised names to the indexes of their rows. Names of plain letters are hashed from their bytes, so
// that filling it makes next to no garbage.

import { normaliseName } from '../core/text/words.ts';

/** The most rows of one table: with the hash, an index must fit into the 53 exact bits of a number. */
export const rowsMax = 2 ** 20;

const fnvOffset = 0x811c9dc5;
const fnvPrime = 0x01000193;
const blank = 0x20;

/** Hashes with their rows. Collisions happen; whoever asks compares the names. */
export interface NameHashes {
  /** Takes the UTF-8 bytes of a name for the row; each row once. */
  add(name: Uint8Array, index: number): void;
  /** Makes the table ready for `indexesOf`. */
  sort(): void;
  /** Rows whose name may have this hash, in row order. */
  indexesOf(hash: number): number[];
}

/** A table for so many rows, at most `rowsMax`; more throw a RangeError. */
export function createNameHashes(count: number): NameHashes {
  if (count > rowsMax) throw new RangeError(`A table of names holds at most ${rowsMax} rows`);
  // Hash and row in one number each, because numbers are sorted without a comparison in JavaScript.
  const entries = new Float64Array(count);
  const decoder = new TextDecoder();
  return {
    add(name, index) {
      const hash = plainHash(name) ?? hashOf(normaliseName(decoder.decode(name)));
      entries[index] = hash * rowsMax + index;
    },
    sort: () => void entries.sort(),
    indexesOf(hash) {
      const found: number[] = [];
      const first = hash * rowsMax;
      for (let at = lowerBound(entries, first); at < count; at += 1) {
        const entry = entries[at] ?? 0;
        if (entry >= first + rowsMax) break;
        found.push(entry - first);
      }
      return found;
    },
  };
}

/** FNV-1a over UTF-16 code units, 32 bits. */
export function hashOf(text: string): number {
  let hash = fnvOffset;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), fnvPrime);
  return hash >>> 0;
}

/** The hash of the normalised name, for names of Latin letters without accents and single blanks; undefined for others. */
function plainHash(name: Uint8Array): number | undefined {
  let hash = fnvOffset;
  let before = blank;
  for (const byte of name) {
    const lower = byte | 0x20;
    const isLetter = byte > 0x40 && lower >= 0x61 && lower <= 0x7a;
    if (!isLetter && (byte !== blank || before === blank)) return undefined;
    hash = Math.imul(hash ^ lower, fnvPrime);
    before = byte;
  }
  return before === blank ? undefined : hash >>> 0;
}

function lowerBound(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
