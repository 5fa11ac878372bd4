// ListExecutions: runs newest first, by page or by cursor.
import type { ServiceImpl } from '@connectrpc/connect';
import { openPage } from '../../../foundation/paging/open-page.ts';
import type { PageTokens } from '../../../foundation/paging/page-token.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { ExecutionService } from '../../../proto/gen/domainflow/orchestrator/v1/execution_service_pb.js';
import { requirePerson } from '../core/person.ts';
import type { ExecutionFilter, ExecutionStore, ListPosition } from '../store/store.ts';
import { executionListWire, kindOf, statusOf } from './wire.ts';

/** ListExecutions. */
export function listExecutions(
  store: ExecutionStore,
  tokens: PageTokens,
): ServiceImpl<typeof ExecutionService>['listExecutions'] {
  return async (request, context) => {
    const caller = principalOf(context);
    requirePerson(caller);
    const { tenantId, userId } = caller;
    const filter = filterOf(kindOf(request.kind), statusOf(request.status), request.domainId, userId);
    const page = openPage<ListPosition>(request.page, {
      tokens,
      tenantId,
      scope: JSON.stringify(['executions', filter]),
    });
    const { limit, offset, after } = page.slice;
    const [found, total] = await Promise.all([
      store.list(tenantId, { filter, limit: limit + 1, offset, ...(after ? { after } : {}) }),
      store.count(tenantId, filter),
    ]);
    const executions = found.slice(0, limit);
    const last = found.length > limit ? executions.at(-1) : undefined;
    const next = last && { createdAtMs: last.createdAtMs, id: last.id };
    return { executions: executions.map(executionListWire), page: page.info({ total, next }) };
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
