// Answers one page of a list of the caller's own documents; cursors are bound to the caller.
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { Violation } from '../../../foundation/fault/fault.ts';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { openPage } from '../../../foundation/paging/open-page.ts';
import type { PageTokens } from '../../../foundation/paging/page-token.ts';
import type { PageInfoSchema, PageRequest } from '../../../proto/gen/domainflow/common/v1/page_pb.js';
import type { ListPart, ListPosition, ListRange } from '../store/store.ts';

/** A list to be paged. */
export interface ListSource<T> {
  readonly tokens: PageTokens;
  readonly principal: Principal;
  /** The list and its filters; cursors are bound to them and to the caller. */
  readonly scope: Readonly<Record<string, string>>;
  readonly request: PageRequest | undefined;
  /** What is wrong with the filters. */
  readonly violations: readonly Violation[];
  readonly read: (range: ListRange) => Promise<ListPart<T>>;
}

/** A page of a list. */
export interface ListPage<T> {
  readonly items: readonly T[];
  readonly page: MessageInitShape<typeof PageInfoSchema>;
}

/** The page that is asked for. Fault `invalid_argument` with everything that is wrong, an altered cursor included. */
export async function answerPage<T>(source: ListSource<T>): Promise<ListPage<T>> {
  const { tokens, principal, violations } = source;
  const scope = JSON.stringify({ ...source.scope, user: principal.userId });
  const page = openPage<ListPosition>(source.request, {
    tokens,
    tenantId: principal.tenantId,
    scope,
    violations,
  });
  const { limit, offset, after } = page.slice;
  const { items, next, total } = await source.read({
    skip: offset,
    limit,
    after,
    counted: after === undefined,
  });
  return { items, page: page.info({ next, total: total?.count, totalAtLeast: total?.atLeast }) };
}
