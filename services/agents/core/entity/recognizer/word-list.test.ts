// Words and what is known of them.

import { describe, expect, it } from '@jest/globals';
import { createFindWord, packFacts, wordHash } from './word-list.ts';

describe('a list of words', () => {
  const facts = { commonness: 6, cluster: 1023 };
  const plain = { commonness: 0, cluster: 0 };
  const rows = [
    { hash: wordHash('chevrolet'), facts },
    { hash: wordHash('the'), facts: plain },
  ].sort((a, b) => a.hash - b.hash);
  const find = createFindWord({
    hashes: Uint32Array.from(rows, ({ hash }) => hash),
    facts: Uint16Array.from(rows, (row) => packFacts(row.facts)),
  });

  it('tells of each word what it was given', () => {
    expect(find('chevrolet')).toEqual(facts);
    expect(find('the')).toEqual(plain);
  });

  it('knows nothing of other words', () => expect(find('hydrant')).toBeUndefined());
});
