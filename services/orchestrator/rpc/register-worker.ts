// RegisterWorker: judges what a worker says of itself and keeps it; the same name and endpoint mean the same worker.
import type { ServiceImpl } from '@connectrpc/connect';
import { newId } from '../../../foundation/ids/ids.ts';
import type { Network } from '../../../foundation/net/address.ts';
import { principalOf } from '../../../foundation/rpc/caller.ts';
import type { WorkerService } from '../../../proto/gen/domainflow/orchestrator/v1/worker_service_pb.js';
import { refuseBody } from '../core/work/work-document.ts';
import { readNewWorker } from '../core/work/worker-document.ts';
import type { WorkerStore } from '../store/store.ts';
import { adminTenant } from './worker-access.ts';
import { workerMessage } from './worker-wire.ts';
import { writerOf } from './writer.ts';

/** What writing workers needs. */
export interface WorkerWriteDeps {
  readonly workers: WorkerStore;
  /** Networks whose private addresses endpoints may name. */
  readonly networks: readonly Network[];
}

/** RegisterWorker. `invalid_argument` or `malformed` with everything that is wrong. */
export function registerWorker({
  workers,
  networks,
}: WorkerWriteDeps): ServiceImpl<typeof WorkerService>['registerWorker'] {
  return async ({ worker: document = {} }, context) => {
    const tenantId = adminTenant(context, 'Registering workers');
    const writer = writerOf(context);
    const { content, problems } = readNewWorker(document, networks);
    refuseBody(problems);
    const { userId: createdBy } = principalOf(context);
    const registration = { tenantId, id: newId(), content, createdBy };
    const { worker, created } = await workers.register(registration, (registered) => ({
      operation: 'agent_registration',
      entityType: 'worker',
      entityId: registered.worker.id,
      message: registered.created ? 'Registered a worker' : 'Registered a worker again',
      details: { created: registered.created, type: content.type, protocol: content.protocol },
      ...writer,
    }));
    return { worker: workerMessage(worker), created };
  };
}
