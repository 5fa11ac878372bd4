// GetWorkStatistics: how many workers, tasks and workflows the caller's tenant has.
import type { ServiceImpl } from '@connectrpc/connect';
import type { WorkerService } from '../../../proto/gen/domainflow/orchestrator/v1/worker_service_pb.js';
import type { WorkerStore } from '../store/store.ts';
import { readerTenant } from './worker-access.ts';

type Counts = Readonly<Record<string, number>>;

/** GetWorkStatistics. */
export function getWorkStatistics(
  workers: WorkerStore,
): ServiceImpl<typeof WorkerService>['getWorkStatistics'] {
  return async (_request, context) => {
    const counted = await workers.statistics(readerTenant(context));
    const { workersByStatus, workersByType, tasksByStatus, workflowsByStatus } = counted;
    return {
      totalWorkers: sumOf(workersByStatus),
      workersByStatus: sent(workersByStatus),
      workersByType: sent(workersByType),
      totalTasks: sumOf(tasksByStatus),
      tasksByStatus: sent(tasksByStatus),
      totalWorkflows: sumOf(workflowsByStatus),
      workflowsByStatus: sent(workflowsByStatus),
      queuedTasks: BigInt(counted.queuedTasks),
      oldestWaitS: counted.oldestWaitS,
    };
  };
}

function sumOf(counts: Counts): bigint {
  return BigInt(Object.values(counts).reduce((sum, count) => sum + count, 0));
}

function sent(counts: Counts): Record<string, bigint> {
  return Object.fromEntries(Object.entries(counts).map(([word, count]) => [word, BigInt(count)]));
}
