// How many references an answer may have, and which of them are to be marked.
import { describe, expect, it } from '@jest/globals';
import { checkReferences, isIncidentId, referencesMax, unmarkedPlaces } from './reference-rules.ts';

describe('references', () => {
  it('are 50 at most', () => {
    expect(checkReferences(Array.from({ length: referencesMax }))).toEqual([]);
    const field = 'result.references_used';
    expect(checkReferences(Array.from({ length: 51 }))).toMatchObject([{ field }]);
  });

  it('name a report by its public id', () => {
    expect(isIncidentId(`inc_${'0'.repeat(32)}`)).toBe(true);
    const others = [`inc_${'0'.repeat(31)}`, `inc_${'A'.repeat(32)}`, `qry_${'0'.repeat(32)}`, ''];
    for (const other of others) expect(isIncidentId(other)).toBe(false);
  });

  it('are to be marked wherever they name a deleted report, unless they are marked', () => {
    const list = ['a', 'b', 'a', 'c'].map((reference_id) => ({ reference_id }));
    expect(unmarkedPlaces(list, ['a', 'c'])).toEqual([0, 2, 3]);
    expect(unmarkedPlaces([{ reference_id: 'a', deleted: true }], ['a'])).toEqual([]);
    expect(unmarkedPlaces(list, [])).toEqual([]);
  });
});
