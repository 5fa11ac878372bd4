// ListExecutions: runs newest first, by page or by cursor.
import type { ServiceImpl } from '@connectrpc/connect';
import { invalidArgument } from '../../../foundation/fault/fault.ts';
import type { PageTokens } from '../../../foundation/paging/page-token.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { ExecutionService } from '../../../proto/gen/domainflow/orchestrator/v1/execution_service_pb.js';
import type { ExecutionFilter, ExecutionStore, ListPosition } from '../store/store.ts';
import { executionListWire, kindOf, statusOf } from './wire.ts';

const limitDefault = 20;
const limitMax = 100;
/** Furthest place that page numbers reach. */
const offsetMax = 10_000;

interface Page {
  readonly limit: number;
  /** 0 when the list goes on from a cursor. */
  readonly page: number;
  readonly cursor: string;
}

function readPage({ limit = 0, page = 0, cursor = '' }: Partial<Page> = {}): Page {
  if (cursor !== '' && page > 0)
    throw invalidArgument([{ field: 'cursor', reason: 'cannot be combined with page' }]);
  const kept = limit <= 0 ? limitDefault : Math.min(limit, limitMax);
  const number = cursor === '' ? Math.max(page, 1) : 0;
  if (number * kept > offsetMax)
    throw invalidArgument([{ field: 'page', reason: 'reaches too far; use the cursor' }]);
  return { limit: kept, page: number, cursor };
}

/** ListExecutions. */
export function listExecutions(
  store: ExecutionStore,
  tokens: PageTokens,
): ServiceImpl<typeof ExecutionService>['listExecutions'] {
  return async (request, context) => {
    const { tenantId, userId } = principalOf(context);
    const filter = filterOf(kindOf(request.kind), statusOf(request.status), request.domainId, userId);
    const scope = JSON.stringify(['executions', filter]);
    const { limit, page, cursor } = readPage(request.page);
    const after =
      cursor === '' ? undefined : (tokens.open({ tenantId, scope, token: cursor }) as ListPosition);
    const offset = Math.max(page - 1, 0) * limit;
    const [found, total] = await Promise.all([
      store.list(tenantId, { filter, limit: limit + 1, offset, ...(after ? { after } : {}) }),
      store.count(tenantId, filter),
    ]);
    const executions = found.slice(0, limit);
    const last = found.length > limit ? executions.at(-1) : undefined;
    const nextCursor = last
      ? tokens.seal({ tenantId, scope, position: { createdAtMs: last.createdAtMs, id: last.id } })
      : '';
    return {
      executions: executions.map(executionListWire),
      page: { page, limit, total: BigInt(total), nextCursor },
    };
  };
}

function filterOf(
  kind: string | undefined,
  status: string | undefined,
  domainId: string,
  userId: string,
): ExecutionFilter {
  return {
    ...(kind ? { kind } : {}),
    ...(status ? { status } : {}),
    ...(domainId ? { domainId } : {}),
    userId,
  };
}
