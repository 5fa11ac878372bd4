// CheckWorker: whether a worker of any tenant lives. For the orchestrator itself alone, which knows whose worker it is.
import { durationFromMs } from '@bufbuild/protobuf/wkt';
import type { ServiceImpl } from '@connectrpc/connect';
import { Fault, invalidArgument } from '../../../foundation/fault/fault.ts';
import { isUuid } from '../../../foundation/ids/ids.ts';
import { callingServiceOf } from '../../../foundation/rpc/caller.ts';
import type { WorkerCheckService } from '../../../proto/gen/domainflow/agents/v1/worker_check_service_pb.js';
import type { CheckWorker } from '../runtimes/worker/check-worker.ts';
import { workerOf, workerProblems } from './worker-wire.ts';

/** CheckWorker. Fault `permission_denied` for all but the orchestrator itself; `invalid_argument` with everything that is wrong. */
export function checkWorker(check: CheckWorker): ServiceImpl<typeof WorkerCheckService>['checkWorker'] {
  return async ({ tenantId, worker: asked, trial }, context) => {
    const { service, forItself } = callingServiceOf(context);
    if (service !== 'orchestrator' || !forItself) {
      throw new Fault('permission_denied', 'Only the orchestrator may ask after workers');
    }
    const problems = workerProblems(asked, 'worker');
    if (!isUuid(tenantId)) problems.push({ field: 'tenant_id', reason: 'must be a UUID' });
    const { worker } = workerOf(asked);
    if (!asked) problems.push({ field: 'worker', reason: 'is required' });
    if (!worker || problems.length > 0) throw invalidArgument(problems);
    const { retryAfterMs, ...found } = await check({ tenantId, worker, trial, signal: context.signal });
    return { ...found, ...(retryAfterMs > 0 ? { retryAfter: durationFromMs(Math.ceil(retryAfterMs)) } : {}) };
  };
}
