// Answers one page of a list: opens the cursor, reads the part, seals the next cursor.
import type { MessageInitShape } from '@bufbuild/protobuf';
import { invalidArgument, type Violation } from '../../../foundation/fault/fault.ts';
import type { Principal } from '../../../foundation/identity/principal.ts';
import type { PageTokens } from '../../../foundation/paging/page-token.ts';
import type { PageInfoSchema, PageRequest } from '../../../proto/gen/domainflow/common/v1/page_pb.js';
import { checkPage, choosePage, type PageChoice } from '../core/page-choice.ts';
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
  const { limit = 0, page = 0, cursor = '' } = source.request ?? {};
  const violations = [...checkPage({ limit, page, cursor }), ...source.violations];
  if (violations.length > 0) throw invalidArgument(violations);
  const choice = choosePage({ limit, page, cursor });
  const bound = boundTo(source);
  const part = await source.read(rangeOf(choice, (token) => source.tokens.open({ ...bound, token })));
  const nextCursor = part.next ? source.tokens.seal({ ...bound, position: part.next }) : '';
  return { items: part.items, page: { ...pageInfo(choice, part), nextCursor } };
}

function boundTo({ principal, scope }: ListSource<unknown>) {
  return { tenantId: principal.tenantId, scope: JSON.stringify({ ...scope, user: principal.userId }) };
}

function rangeOf(choice: PageChoice, open: (cursor: string) => unknown): ListRange {
  const { limit } = choice;
  // What a cursor holds was sealed here, for this list.
  if (choice.by === 'cursor')
    return { skip: 0, limit, after: open(choice.cursor) as ListPosition, counted: false };
  return { skip: (choice.page - 1) * limit, limit, after: undefined, counted: true };
}

function pageInfo(choice: PageChoice, { total }: ListPart<unknown>): MessageInitShape<typeof PageInfoSchema> {
  return {
    limit: choice.limit,
    page: choice.by === 'number' ? choice.page : 0,
    ...(total && { total: BigInt(total.count), totalAtLeast: total.atLeast }),
  };
}
