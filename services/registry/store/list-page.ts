// Lists of definitions, newest first: the values that cut a page out of a statement, and the page made of its rows.
import type { Rows } from '../../../foundation/postgres/statement.ts';
import type { ListPage, ListSlice } from '../core/page.ts';

/** What every row of a list tells about its place. `position_at` is the creation time as text, exact to the microsecond. */
export interface ListRow {
  readonly id: string;
  readonly position_at: string;
}

/** `after created_at, after id, limit + 1, offset`: one row more than the page holds tells whether another page follows. */
export function sliceValues({ after, limit, offset }: ListSlice): readonly unknown[] {
  return [after?.createdAt ?? null, after?.id ?? null, limit + 1, offset];
}

/** What a page is made of. */
export interface ListAnswer<Row extends ListRow, Item> {
  readonly slice: ListSlice;
  readonly rows: readonly Row[];
  /** Absent when nobody counted. */
  readonly total: Rows<{ readonly total: number }> | undefined;
  readonly itemOf: (row: Row) => Item;
}

/** The page of a list. */
export function listPage<Row extends ListRow, Item>(answer: ListAnswer<Row, Item>): ListPage<Item> {
  const { slice, rows, itemOf } = answer;
  const total = answer.total?.rows[0]?.total;
  const shown = rows.slice(0, slice.limit);
  const last = rows.length > slice.limit ? shown.at(-1) : undefined;
  return {
    items: shown.map(itemOf),
    ...(total === undefined ? {} : { total }),
    ...(last ? { next: { createdAt: last.position_at, id: last.id } } : {}),
  };
}
