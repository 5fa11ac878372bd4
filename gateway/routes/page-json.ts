// The `pagination` object of every list.
import type { PageInfo } from '../../proto/gen/domainflow/common/v1/page_pb.js';

/** `page` is absent when the page was asked for by cursor, `total` when it was not counted. */
export function paginationJson(info: PageInfo | undefined): object {
  if (!info) return { next_cursor: null };
  const { page, limit, total, totalAtLeast, nextCursor } = info;
  return {
    ...(page > 0 ? { page } : {}),
    limit,
    ...(total === undefined ? {} : { total: Number(total) }),
    ...(totalAtLeast ? { total_at_least: true } : {}),
    next_cursor: nextCursor || null,
  };
}
