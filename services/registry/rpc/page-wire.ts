// Pages of lists: a request opened into a slice, and the answer's page with its cursor sealed.
import type { MessageInitShape } from '@bufbuild/protobuf';
import { invalidArgument } from '../../../foundation/fault/fault.ts';
import type { PageScope, PageTokens } from '../../../foundation/paging/page-token.ts';
import type { PageInfoSchema, PageRequest } from '../../../proto/gen/domainflow/common/v1/page_pb.js';
import { type ListPage, type ListSlice, positionOf, readPage } from '../core/page.ts';

/** A page that was asked for: what to read, and how to tell what was read. */
export interface OpenPage {
  readonly slice: ListSlice;
  /** The page's message for what the store answered. */
  info(answered: ListPage<unknown>): MessageInitShape<typeof PageInfoSchema>;
}

/** Opens a page request; absent means the first page. Fault `invalid_argument` for a cursor of another tenant, list or filter. */
export function openPage(
  request: PageRequest | undefined,
  { tokens, ...scope }: PageScope & { readonly tokens: PageTokens },
): OpenPage {
  const { limit, page, cursor } = readPage(request ?? { limit: 0, page: 0, cursor: '' });
  const info: OpenPage['info'] = ({ total, next }) => ({
    page,
    limit,
    total: total === undefined ? undefined : BigInt(total),
    nextCursor: next ? tokens.seal({ ...scope, position: [next.createdAt, next.id] }) : '',
  });
  if (cursor === undefined) return { slice: { limit, offset: (page - 1) * limit }, info };
  const after = positionOf(tokens.open({ ...scope, token: cursor }));
  if (!after) throw invalidArgument([{ field: 'cursor', reason: 'is not a cursor of this list' }]);
  return { slice: { limit, offset: 0, after }, info };
}
