// How a list is cut into pages: by number, or after a position. It neither seals nor opens cursors and counts nothing.
import { invalidArgument } from '../../../foundation/fault/fault.ts';

/** Items on a page that does not say how many. */
export const pageLimitDefault = 20;
/** The most items on a page. */
export const pageLimitMax = 100;
/** Pages by number reach this many items; beyond, only a cursor leads. */
export const pagedItemsMax = 10_000;

/** Where a page ended in a list that is newest first. */
export interface ListPosition {
  /** Creation time of the last item as the database writes it, exact to the microsecond. */
  readonly createdAt: string;
  /** UUID of the last item. */
  readonly id: string;
}

/** A page as it is asked for; 0 and the empty text mean absence. */
export interface PageAsked {
  readonly limit: number;
  readonly page: number;
  readonly cursor: string;
}

/** What to read for a page. */
export interface ListSlice {
  readonly limit: number;
  /** Items to pass over. */
  readonly offset: number;
  /** Only items after this position; absent from the beginning. */
  readonly after?: ListPosition;
}

/** What a list answers for a slice. */
export interface ListPage<Item> {
  readonly items: readonly Item[];
  /** Matches before paging; absent where the slice begins at a position. */
  readonly total?: number;
  /** Where the following page begins; absent on the last one. */
  readonly next?: ListPosition;
}

/** Whether and where a page begins: by number from 1, or at a cursor. Limits are clamped; Fault `invalid_argument` for what cannot be read. */
export function readPage(asked: PageAsked): {
  readonly limit: number;
  readonly page: number;
  readonly cursor?: string;
} {
  const limit = Math.min(Math.max(asked.limit === 0 ? pageLimitDefault : asked.limit, 1), pageLimitMax);
  if (asked.cursor !== '') {
    if (asked.page === 0) return { limit, page: 0, cursor: asked.cursor };
    throw invalidArgument([{ field: 'page', reason: 'cannot be given beside cursor' }]);
  }
  const page = Math.max(asked.page, 1);
  if (page * limit <= pagedItemsMax) return { limit, page };
  const reason = `page × limit is at most ${pagedItemsMax}; go on with next_cursor`;
  throw invalidArgument([{ field: 'page', reason }]);
}

/** The position that was sealed into a cursor, or undefined for anything else. */
export function positionOf(value: unknown): ListPosition | undefined {
  const [createdAt, id] = Array.isArray(value) ? (value as unknown[]) : [];
  return typeof createdAt === 'string' && typeof id === 'string' ? { createdAt, id } : undefined;
}
