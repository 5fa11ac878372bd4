// The page that a list is asked for: by number or by cursor, never by both.
import { invalidArgument } from '../../../foundation/fault/fault.ts';
import type { PageTokens } from '../../../foundation/paging/page-token.ts';
import type { PageRequest } from '../../../proto/gen/domainflow/common/v1/page_pb.js';
import type { ListPosition } from '../core/index-query.ts';
import { limitOf } from './index-wire.ts';

const limitDefault = 20;
const limitMax = 100;
/** Reports that can be reached by page number. */
const reachMax = 10_000;

/** A page of a list. */
export interface Page {
  /** From 1; 0 by cursor. */
  readonly number: number;
  readonly limit: number;
  /** The last report of the page before; absent by number. */
  readonly after?: ListPosition | undefined;
}

/** The list that a page belongs to. */
export interface PagedList {
  readonly tenantId: string;
  /** The list and its filters as one text. */
  readonly scope: string;
  readonly tokens: PageTokens;
}

/** The page of a request; Fault `invalid_argument` for a cursor beside a number, one of another list, or a page out of reach. */
export function pageOf(request: PageRequest | undefined, { tenantId, scope, tokens }: PagedList): Page {
  const { page = 0, cursor = '' } = request ?? {};
  const limit = limitOf(request?.limit ?? 0, limitDefault, limitMax);
  if (cursor === '') {
    const number = Math.max(page, 1);
    if (number * limit <= reachMax) return { number, limit };
    throw invalidArgument([{ field: 'page', reason: `reaches beyond ${reachMax} reports; use the cursor` }]);
  }
  if (page !== 0) throw invalidArgument([{ field: 'cursor', reason: 'must not stand beside a page number' }]);
  const after = tokens.open({ tenantId, scope, token: cursor }) as ListPosition;
  return { number: 0, limit, after };
}
