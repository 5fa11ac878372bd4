// GetExecution: a run as last recorded, folded from its journal. Any replica can answer.
import type { ServiceImpl } from '@connectrpc/connect';
import { Fault, notFound } from '../../../foundation/fault/fault.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { ExecutionService } from '../../../proto/gen/domainflow/orchestrator/v1/execution_service_pb.js';
import { fold } from '../core/evolve.ts';
import { initialState } from '../core/execution-state.ts';
import { executionIdOf } from '../core/public-id.ts';
import { openPlan } from '../engine/pinned-plan.ts';
import type { ExecutionStore } from '../store/store.ts';
import { executionWire } from './wire.ts';

/** GetExecution. */
export function getExecution(store: ExecutionStore): ServiceImpl<typeof ExecutionService>['getExecution'] {
  return async ({ jobId }, context) => {
    const { tenantId, userId } = principalOf(context);
    const id = executionIdOf(jobId);
    const [execution, entries] = id
      ? await Promise.all([store.read(tenantId, id), store.readJournal(tenantId, id)])
      : [undefined, []];
    if (!execution) throw notFound('execution');
    if (execution.kind === 'query' && execution.principal.userId !== userId) {
      throw new Fault('permission_denied', 'The execution of a query belongs to the user who asked');
    }
    const state = fold(initialState(openPlan(execution.plan).run), entries);
    return { execution: executionWire(execution, state) };
  };
}
