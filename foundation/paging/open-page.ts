// A page of a list: what to read for it, and how to tell what was read. The same for every list of the platform.
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { PageInfoSchema, PageRequest } from '../../proto/gen/domainflow/common/v1/page_pb.js';
import { invalidArgument, type Violation } from '../fault/fault.ts';
import { checkPage, choosePage } from './page-choice.ts';
import type { PageScope, PageTokens } from './page-token.ts';

/** Which part of a list is read. `Position` is the sort key of an item, any JSON value. */
export interface PageSlice<Position> {
  /** 1 to 100. */
  readonly limit: number;
  /** Items to pass over; 0 after a position. */
  readonly offset: number;
  /** Only items after this position; undefined from the beginning. */
  readonly after: Position | undefined;
}

/** What was read. */
export interface PageRead<Position> {
  /** Matches before paging; absent when they were not counted. */
  readonly total?: number | undefined;
  /** True when there are more matches than were counted. */
  readonly totalAtLeast?: boolean | undefined;
  /** Position of the last item of the page; absent when nothing follows it. */
  readonly next?: Position | undefined;
}

/** A page that was asked for. */
export interface OpenPage<Position> {
  readonly slice: PageSlice<Position>;
  /** The page's message, with the cursor of the following page. */
  info(read: PageRead<Position>): MessageInitShape<typeof PageInfoSchema>;
}

/** The list that a page belongs to. */
export interface PagedList extends PageScope {
  readonly tokens: PageTokens;
  /** What is wrong with the list's filters, to be told together with what is wrong with the page. */
  readonly violations?: readonly Violation[];
}

/** Opens a request; absent means the first page. Fault `invalid_argument` with everything that is wrong, a foreign cursor included. */
export function openPage<Position>(request: PageRequest | undefined, list: PagedList): OpenPage<Position> {
  const { tokens, tenantId, scope, violations = [] } = list;
  const { limit = 0, page = 0, cursor = '' } = request ?? {};
  const problems = [...checkPage({ limit, page, cursor }), ...violations];
  if (problems.length > 0) throw invalidArgument(problems);
  const choice = choosePage({ limit, page, cursor });
  const number = choice.by === 'number' ? choice.page : 0;
  // What a cursor holds was sealed here, for this list.
  const after =
    choice.by === 'cursor' ? (tokens.open({ tenantId, scope, token: cursor }) as Position) : undefined;
  return {
    slice: { limit: choice.limit, offset: Math.max(number - 1, 0) * choice.limit, after },
    info: ({ total, totalAtLeast = false, next }) => ({
      page: number,
      limit: choice.limit,
      ...(total === undefined ? {} : { total: BigInt(total), totalAtLeast }),
      nextCursor: next === undefined ? '' : tokens.seal({ tenantId, scope, position: next }),
    }),
  };
}
