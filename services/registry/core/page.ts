// Lists of definitions, newest first: where a page ended and what a list answers.
import type { PageSlice } from '../../../foundation/paging/open-page.ts';

/** Where a page ended. */
export interface ListPosition {
  /** Creation time of the last item as the database writes it, exact to the microsecond. */
  readonly createdAt: string;
  /** UUID of the last item. */
  readonly id: string;
}

/** What to read for a page. */
export type ListSlice = PageSlice<ListPosition>;

/** What a list answers for a slice. */
export interface ListPage<Item> {
  readonly items: readonly Item[];
  /** Matches before paging; absent where the slice begins at a position. */
  readonly total?: number;
  /** Where the following page begins; absent on the last one. */
  readonly next?: ListPosition;
}
