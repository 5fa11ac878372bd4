// Pages as they are asked for and as they are read.
import { describe, expect, it } from '@jest/globals';
import { wantedPage } from './page-query.ts';

describe('a page', () => {
  it.each([
    [{}, { page: 1, limit: 20, cursor: '' }],
    [
      { page: '3', limit: '50' },
      { page: 3, limit: 50, cursor: '' },
    ],
    [
      { page: '0', limit: '0' },
      { page: 1, limit: 1, cursor: '' },
    ],
    [
      { page: '-4', limit: '-4' },
      { page: 1, limit: 1, cursor: '' },
    ],
    [{ limit: '100000' }, { page: 1, limit: 100, cursor: '' }],
    [{ page: '999999999999999' }, { page: 2 ** 31 - 1, limit: 20, cursor: '' }],
    [
      { cursor: 'c', limit: '5' },
      { page: 0, limit: 5, cursor: 'c' },
    ],
  ])('asked for with %j is %j', (query, page) => {
    expect(wantedPage(query)).toEqual(page);
  });

  it('cannot be asked for beside a cursor', () => {
    expect(() => wantedPage({ cursor: 'c', page: '1' })).toThrow(/cursor/);
  });

  it('of a document list lies within the window, else the cursor is pointed to', () => {
    expect(wantedPage({ page: '100', limit: '100' }, { windowed: true }).page).toBe(100);
    expect(() => wantedPage({ page: '101', limit: '100' }, { windowed: true })).toThrow(/cursor/);
  });
});
