// What is known of single words: how common each is and among which words it lives, from vectors learned on much English text. The
// vectors are not kept, only the clusters that they fall into; clusters within clusters share the upper bits of their numbers.

import { createRowOf } from '../../text/hash-rows.ts';
import { textHash } from '../../text/text-hash.ts';

/** One word. */
export interface WordFacts {
  /** 0 for the hundred most common words, up to 6 for the rarest. */
  readonly commonness: number;
  /** 0..1023. The upper 8 bits are the middle cluster, the upper 6 of them the coarse one. */
  readonly cluster: number;
}

/** The words as they are stored. */
export interface WordRows {
  /** The upper 28 bits of the words' hashes, ascending. */
  readonly hashes: Uint32Array;
  /** One for each hash, packed by `packFacts`. */
  readonly facts: Uint16Array;
}

/** Looks a word up; undefined for one that is not listed. */
export type FindWord = (lowerCase: string) => WordFacts | undefined;

/** The hash under which a word in lower case is stored. Some 28 bits: one unknown word in a thousand passes for a known one. */
export function wordHash(lowerCase: string): number {
  return textHash(lowerCase) >>> 4;
}

/** The facts as one number of 13 bits. */
export function packFacts({ commonness, cluster }: WordFacts): number {
  return cluster | (commonness << 10);
}

/** The words behind their hashes. */
export function createFindWord({ hashes, facts }: WordRows): FindWord {
  const rowOf = createRowOf(hashes);
  return (lowerCase) => {
    const row = rowOf(wordHash(lowerCase));
    const packed = row < 0 ? undefined : facts[row];
    return packed === undefined ? undefined : unpackFacts(packed);
  };
}

function unpackFacts(packed: number): WordFacts {
  return { cluster: packed & 0x3ff, commonness: packed >> 10 };
}
