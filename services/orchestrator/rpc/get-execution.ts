// GetExecution: a run as last recorded, folded from its journal. Any replica can answer.
import type { ServiceImpl } from '@connectrpc/connect';
import { notFound } from '../../../foundation/fault/fault.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { ExecutionService } from '../../../proto/gen/domainflow/orchestrator/v1/execution_service_pb.js';
import { requirePerson } from '../core/person.ts';
import { executionIdOf } from '../core/public-id.ts';
import { requireViewer } from '../core/run-control.ts';
import { createToolCallList } from '../core/tool-call-list.ts';
import type { ExecutionStore } from '../store/store.ts';
import { readShownState, type StateDeps } from './get-execution-state.ts';
import { executionWire } from './wire.ts';

/** What runs are shown from. */
export interface GetExecutionDeps extends StateDeps {
  readonly executions: Pick<ExecutionStore, 'read' | 'withWorkers'>;
  /** Calls of tools that one run may make. */
  readonly toolCallsMax: number;
}

/** GetExecution. */
export function getExecution(deps: GetExecutionDeps): ServiceImpl<typeof ExecutionService>['getExecution'] {
  return async ({ jobId }, context) => {
    const caller = principalOf(context);
    requirePerson(caller);
    const id = executionIdOf(jobId);
    const execution = id && (await deps.executions.read(caller.tenantId, id));
    if (!execution) throw notFound('execution');
    requireViewer(caller, execution);
    const calls = createToolCallList();
    const state = await readShownState(deps, execution, { each: calls.add });
    const isOffered = state.counts.waiting_worker > 0;
    const withWorker = isOffered ? await deps.executions.withWorkers(caller.tenantId, id) : undefined;
    const workers = withWorker ? { withWorker } : {};
    const shown = { toolCalls: calls.all(), toolCallsMax: deps.toolCallsMax, ...workers };
    return { execution: executionWire(execution, state, shown) };
  };
}
