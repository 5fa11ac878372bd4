// UpdateWorker: changes what a worker is; how it stands is not changed by it.
import type { ServiceImpl } from '@connectrpc/connect';
import { Fault } from '../../../foundation/fault/fault.ts';
import type { WorkerService } from '../../../proto/gen/domainflow/orchestrator/v1/worker_service_pb.js';
import { refuseBody, requireUuid } from '../core/work/work-document.ts';
import type { StoredWorker, WorkerContent } from '../core/work/worker.ts';
import { readWorkerChange } from '../core/work/worker-document.ts';
import type { WorkerWriteDeps } from './register-worker.ts';
import { adminTenant, presentWorker } from './worker-access.ts';
import { workerMessage } from './worker-wire.ts';
import { writerOf } from './writer.ts';

/** UpdateWorker. `already_exists` when another worker has the name and the endpoint. */
export function updateWorker({
  workers,
  networks,
}: WorkerWriteDeps): ServiceImpl<typeof WorkerService>['updateWorker'] {
  return async ({ workerId, worker: document = {} }, context) => {
    const tenantId = adminTenant(context, 'Changing workers');
    const writer = writerOf(context);
    const id = requireUuid('worker_id', workerId);
    const decide = (worker: StoredWorker): WorkerContent => {
      const { content, problems } = readWorkerChange(document, worker, networks);
      refuseBody(problems);
      return content;
    };
    const about = { operation: 'agent_update', entityType: 'worker', entityId: id } as const;
    const entry = { ...about, message: 'Changed a worker', details: {}, ...writer };
    const changed = await workers.change({ tenantId, id }, decide, entry);
    if (changed === 'taken') {
      throw new Fault('already_exists', 'Another worker has this name and this endpoint');
    }
    return { worker: workerMessage(presentWorker(changed)) };
  };
}
