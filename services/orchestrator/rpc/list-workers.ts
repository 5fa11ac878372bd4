// ListWorkers: a part of the tenant's workers, newest first.
import type { ServiceImpl } from '@connectrpc/connect';
import { invalidArgument, type Violation } from '../../../foundation/fault/fault.ts';
import { textProblem } from '../../../foundation/json/document.ts';
import { WorkerActivity } from '../../../proto/gen/domainflow/orchestrator/v1/worker_pb.js';
import type {
  ListWorkersRequest,
  WorkerService,
} from '../../../proto/gen/domainflow/orchestrator/v1/worker_service_pb.js';
import { capabilityLength } from '../core/work/work-document.ts';
import { workerTypeOf, workerTypes } from '../core/work/worker.ts';
import type { WorkerSlice, WorkerStore } from '../store/store.ts';
import { readerTenant } from './worker-access.ts';
import { workerMessage } from './worker-wire.ts';

const limitMax = 1_000;
const limitUsual = 100;

const activities: Readonly<Record<WorkerActivity, WorkerSlice['activity']>> = {
  [WorkerActivity.UNSPECIFIED]: undefined,
  [WorkerActivity.ACTIVE]: 'active',
  [WorkerActivity.INACTIVE]: 'inactive',
};

/** ListWorkers. `invalid_argument` with everything that is wrong. */
export function listWorkers(workers: WorkerStore): ServiceImpl<typeof WorkerService>['listWorkers'] {
  return async (request, context) => {
    const tenantId = readerTenant(context);
    const list = await workers.list(tenantId, sliceOf(request));
    return { workers: list.workers.map(workerMessage), totalCount: BigInt(list.total) };
  };
}

function sliceOf({
  type: word,
  activity: sent,
  capability,
  limit: asked,
  offset,
}: ListWorkersRequest): WorkerSlice {
  const wrong: Violation[] = [];
  const type = word === '' ? undefined : workerTypeOf(word);
  if (word !== '' && !type) wrong.push({ field: 'type', reason: `must be one of ${workerTypes.join(', ')}` });
  const activity = activities[sent];
  if (!(sent in activities)) wrong.push({ field: 'status', reason: 'must be one of active, inactive, all' });
  const problem = capability === '' ? undefined : textProblem(capability, capabilityLength);
  if (problem) wrong.push({ field: 'capability', reason: problem });
  const limit = asked === 0 ? limitUsual : asked;
  if (limit < 1 || limit > limitMax) wrong.push({ field: 'limit', reason: `must be from 1 to ${limitMax}` });
  if (offset < 0) wrong.push({ field: 'offset', reason: 'must not be negative' });
  if (wrong.length > 0) throw invalidArgument(wrong);
  return {
    ...(type && { type }),
    ...(activity && { activity }),
    ...(capability !== '' && { capability }),
    limit,
    offset,
  };
}
