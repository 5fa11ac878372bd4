// WatchExecution: one run's events after a number, and those to come. Any replica can tell them.
import type { ServiceImpl } from '@connectrpc/connect';
import { Fault, invalidArgument, notFound } from '../../../foundation/fault/fault.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { WatchService } from '../../../proto/gen/domainflow/orchestrator/v1/watch_service_pb.js';
import { isOfQueryJob } from '../core/execution-kind.ts';
import { requirePerson } from '../core/person.ts';
import { executionIdOf } from '../core/public-id.ts';
import type { WatchDeps } from './watch-deps.ts';
import { endSignal, throwIfCut, toldWire } from './watch-wire.ts';

const seqMax = 2 ** 31 - 1;

/** WatchExecution. */
export function watchExecution(deps: WatchDeps): ServiceImpl<typeof WatchService>['watchExecution'] {
  const { hub, store, draining } = deps;
  return async function* ({ jobId, afterSeq }, context) {
    const principal = principalOf(context);
    requirePerson(principal);
    const { tenantId, userId } = principal;
    if (afterSeq < 0n || afterSeq > seqMax) {
      throw invalidArgument([{ field: 'last_event_id', reason: `is a number from 0 to ${seqMax}` }]);
    }
    const id = executionIdOf(jobId);
    const execution = id ? await store.read(tenantId, id) : undefined;
    if (!execution) throw notFound('execution');
    if (isOfQueryJob(execution.kind) && execution.principal.userId !== userId) {
      throw new Fault('permission_denied', 'The execution of a query belongs to the user who asked');
    }
    const cut = { context, draining };
    for await (const step of hub.watchRun(execution, Number(afterSeq), endSignal(cut))) {
      yield { told: toldWire(step) };
    }
    throwIfCut(cut);
  };
}
