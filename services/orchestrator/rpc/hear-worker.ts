// Heartbeat: a worker says that it lives and what it works on, and is told what is not its own any more.
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { ServiceImpl } from '@connectrpc/connect';
import type { WorkerService } from '../../../proto/gen/domainflow/orchestrator/v1/worker_service_pb.js';
import { readSign } from '../core/work/heartbeat-document.ts';
import { refuseBody, requireUuid } from '../core/work/work-document.ts';
import type { WorkerStore } from '../store/store.ts';
import { adminTenant, presentWorker } from './worker-access.ts';
import { workerStatusMessage } from './worker-wire.ts';

/** Heartbeat. `failed_precondition` for a worker that was removed. */
export function hearWorker(workers: WorkerStore): ServiceImpl<typeof WorkerService>['heartbeat'] {
  return async ({ workerId, heartbeat = {} }, context) => {
    const tenantId = adminTenant(context, 'Telling how workers are');
    const id = requireUuid('worker_id', workerId);
    const { sign, problems } = readSign(heartbeat);
    refuseBody(problems);
    const heard = presentWorker(await workers.hear({ tenantId, id }, sign));
    return {
      workerId: id,
      status: workerStatusMessage(heard.status),
      lastSeen: timestampFromMs(heard.lastSeenMs),
      nextHeartbeatS: heard.healthCheckIntervalS,
      lostTaskIds: [...heard.lostTaskIds],
    };
  };
}
