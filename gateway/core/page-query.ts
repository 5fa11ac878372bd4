// The page that a list is asked for, read from query parameters: clamped where the rules clamp, refused where they refuse.
import { invalidArgument } from '../../foundation/fault/fault.ts';

/** Items on a page when the caller does not say. */
export const pageLimitDefault = 20;
/** Most items on a page. */
export const pageLimitMax = 100;
/** Most that page × limit may come to where a list is read from an index in order; beyond, a cursor leads on. */
export const pageWindowMax = 10_000;

const pageMax = 2 ** 31 - 1;

/** Query parameters as they came; `page` and `limit` are known to be whole numbers. */
export interface PageQuery {
  readonly page?: string;
  readonly limit?: string;
  readonly cursor?: string;
}

/** A page by number (from 1) or, where `cursor` is not empty, by cursor; `page` is 0 then. */
export interface WantedPage {
  readonly page: number;
  readonly limit: number;
  readonly cursor: string;
}

/** `windowed` bounds page × limit. Fault `invalid_argument` for a cursor beside a page and for a page beyond the window. */
export function wantedPage(query: PageQuery, options: { readonly windowed?: boolean } = {}): WantedPage {
  const limit = clamp(query.limit ?? String(pageLimitDefault), pageLimitMax);
  if (query.cursor !== undefined) {
    if (query.page !== undefined) {
      throw invalidArgument([{ field: 'cursor', reason: 'cannot be given beside page' }]);
    }
    return { page: 0, limit, cursor: query.cursor };
  }
  const page = clamp(query.page ?? '1', pageMax);
  if (options.windowed && page * limit > pageWindowMax) {
    const reason = `page × limit must be at most ${pageWindowMax}; use the cursor of the page before to go on`;
    throw invalidArgument([{ field: 'page', reason }]);
  }
  return { page, limit, cursor: '' };
}

function clamp(text: string, max: number): number {
  return Math.min(Math.max(Number(text), 1), max);
}
