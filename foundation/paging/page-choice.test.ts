// Pages of lists: clamping, and what is refused.
import { describe, expect, it } from '@jest/globals';
import { checkPage, choosePage } from './page-choice.ts';

describe('choosePage', () => {
  it.each([
    [
      { limit: 0, page: 0, cursor: '' },
      { by: 'number', page: 1, limit: 20 },
    ],
    [
      { limit: 500, page: -3, cursor: '' },
      { by: 'number', page: 1, limit: 100 },
    ],
    [
      { limit: -1, page: 7, cursor: '' },
      { by: 'number', page: 7, limit: 1 },
    ],
    [
      { limit: 5, page: 0, cursor: 'c' },
      { by: 'cursor', cursor: 'c', limit: 5 },
    ],
  ] as const)('reads %j as %j', (wish, choice) => {
    expect(checkPage(wish)).toEqual([]);
    expect(choosePage(wish)).toEqual(choice);
  });
});

describe('checkPage', () => {
  it('accepts the last page within reach and refuses the next one, pointing to the cursor', () => {
    expect(checkPage({ limit: 100, page: 100, cursor: '' })).toEqual([]);
    const [violation] = checkPage({ limit: 100, page: 101, cursor: '' });
    expect(violation).toMatchObject({ field: 'page', reason: expect.stringContaining('next_cursor') });
  });

  it('refuses a page beside a cursor', () => {
    expect(checkPage({ limit: 0, page: 1, cursor: 'c' })).toMatchObject([{ field: 'page' }]);
  });
});
