// The part of a list that skip and limit ask for.
import { describe, expect, it } from '@jest/globals';
import { wantedPart } from './skip-query.ts';

describe('skip and limit', () => {
  it.each([
    [{}, { skip: 0, limit: 10 }],
    [
      { skip: '20', limit: '5' },
      { skip: 20, limit: 5 },
    ],
    [
      { skip: '-1', limit: '0' },
      { skip: 0, limit: 1 },
    ],
    [{ limit: '101' }, { skip: 0, limit: 100 }],
    [{ skip: '999999999999999' }, { skip: 2 ** 31 - 1, limit: 10 }],
  ])('of %j are %j', (query, part) => {
    expect(wantedPart(query)).toEqual(part);
  });
});
