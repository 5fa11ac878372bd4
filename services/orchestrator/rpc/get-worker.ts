// GetWorker: one worker and, where they are asked for, the tasks that it has or had last.
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ServiceImpl } from '@connectrpc/connect';
import { notFound } from '../../../foundation/fault/fault.ts';
import type { WorkTaskSchema } from '../../../proto/gen/domainflow/orchestrator/v1/task_pb.js';
import type { WorkerService } from '../../../proto/gen/domainflow/orchestrator/v1/worker_service_pb.js';
import { requireUuid } from '../core/work/work-document.ts';
import type { WorkerKey, WorkerStore } from '../store/store.ts';
import { readerTenant } from './worker-access.ts';
import { workerMessage } from './worker-wire.ts';

/** Tasks that are told of one worker. */
export const tasksToldMax = 100;

/** Tasks that a worker has or had last, newest first, at most {@link tasksToldMax}, and how many it has had in all. */
export type TasksOfWorker = (key: WorkerKey) => Promise<{
  readonly tasks: MessageInitShape<typeof WorkTaskSchema>[];
  readonly total: number;
}>;

/** GetWorker. */
export function getWorker(
  workers: WorkerStore,
  tasksOf: TasksOfWorker,
): ServiceImpl<typeof WorkerService>['getWorker'] {
  return async ({ workerId, includeTasks }, context) => {
    const tenantId = readerTenant(context);
    const key = { tenantId, id: requireUuid('worker_id', workerId) };
    const found = await workers.read(key);
    if (!found) throw notFound('worker');
    const worker = workerMessage(found);
    if (!includeTasks) return { worker };
    const { tasks, total } = await tasksOf(key);
    return { worker, tasks, taskCount: BigInt(total) };
  };
}
