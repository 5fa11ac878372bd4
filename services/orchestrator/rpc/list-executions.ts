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

/** ListExecutions. */
export function listExecutions(
  store: ExecutionStore,
  tokens: PageTokens,
): ServiceImpl<typeof ExecutionService>['listExecutions'] {
  return async (request, context) => {
    const { tenantId, userId } = principalOf(context);
    const filter = filterOf(kindOf(request.kind), statusOf(request.status), request.domainId, userId);
    const scope = JSON.stringify(['executions', filter]);
    const { limit: wanted = 0, page: wantedPage = 0, cursor = '' } = request.page ?? {};
    if (cursor !== '' && wantedPage > 0)
      throw invalidArgument([{ field: 'cursor', reason: 'cannot be combined with page' }]);
    const limit = wanted <= 0 ? limitDefault : Math.min(wanted, limitMax);
    const page = Math.max(wantedPage, 1);
    if (page * limit > offsetMax)
      throw invalidArgument([{ field: 'page', reason: 'reaches too far; use the cursor' }]);
    const after =
      cursor === ''
        ? undefined
        : (tokens.open({ tenantId, scope, token: cursor }) as unknown as ListPosition);
    const offset = after ? 0 : (page - 1) * limit;
    const [found, total] = await Promise.all([
      store.list(tenantId, { filter, limit: limit + 1, offset, ...(after ? { after } : {}) }),
      store.count(tenantId, filter),
    ]);
    const executions = found.slice(0, limit);
    const last = found.length > limit ? executions.at(-1) : undefined;
    const position = last && { createdAtMs: last.createdAtMs, id: last.id };
    const nextCursor = position ? tokens.seal({ tenantId, scope, position }) : '';
    const info = { page: after ? 0 : page, limit, total: BigInt(total), nextCursor };
    return { executions: executions.map(executionListWire), page: info };
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
