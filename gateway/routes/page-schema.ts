// The schema of `pagination`, and examples of pages.
import { count, namedObject, textOrNull } from '../core/answer-schema.ts';

/** Where a page stands in its list. */
export const paginationSchema = namedObject(
  ['Pagination', 'Where a page stands in its list'],
  {
    page: { ...count, description: 'Absent when the page was asked for by cursor' },
    limit: count,
    total: { ...count, description: 'Matches before paging; absent when they were not counted' },
    total_at_least: { type: 'boolean', description: 'True when there may be more than `total`' },
    next_cursor: { ...textOrNull, description: 'Asks for the next page; null after the last one' },
  },
  ['page', 'total', 'total_at_least'],
);

/** The first and only page of a list that has these rows under its member name. */
export function pageExample(member: string, rows: readonly object[]): object {
  return { [member]: rows, pagination: { page: 1, limit: 20, total: rows.length, next_cursor: null } };
}
