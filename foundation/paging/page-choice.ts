// Which page of a list is wanted, by number or by cursor.
import type { Violation } from '../fault/fault.ts';

/** A page as a caller asks for it; 0 and an empty text mean that nothing was said. */
export interface PageWish {
  readonly limit: number;
  readonly page: number;
  readonly cursor: string;
}

/** The page that is answered. `limit` is 1 to 100. */
export type PageChoice =
  | { readonly by: 'number'; readonly page: number; readonly limit: number }
  | { readonly by: 'cursor'; readonly cursor: string; readonly limit: number };

/** Documents that pages by number reach, and that a total counts. */
export const reachMax = 10_000;

const limitDefault = 20;
const limitMax = 100;

/** What is wrong with the wish: a number beside a cursor, or a page that lies too deep. */
export function checkPage({ limit, page, cursor }: PageWish): Violation[] {
  if (cursor !== '' && page !== 0)
    return [{ field: 'page', reason: 'cannot be given together with a cursor' }];
  if (cursor === '' && Math.max(page, 1) * limitOf(limit) > reachMax)
    return [{ field: 'page', reason: `reaches beyond ${reachMax} entries: go on with next_cursor` }];
  return [];
}

/** The page that a wish without faults asks for. */
export function choosePage({ limit, page, cursor }: PageWish): PageChoice {
  return cursor === ''
    ? { by: 'number', page: Math.max(page, 1), limit: limitOf(limit) }
    : { by: 'cursor', cursor, limit: limitOf(limit) };
}

function limitOf(limit: number): number {
  return limit === 0 ? limitDefault : Math.min(Math.max(limit, 1), limitMax);
}
