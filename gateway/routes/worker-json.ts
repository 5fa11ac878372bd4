// Workers as API v2 shows them.
import { type Worker, WorkerStatus } from '../../proto/gen/domainflow/orchestrator/v1/worker_pb.js';
import { enumWord } from './enum-words.ts';
import { timeJson } from './time-json.ts';

/** The whole worker. */
export function workerJson(worker: Worker): object {
  return {
    id: worker.id,
    type: worker.type,
    name: worker.name,
    protocol: worker.protocol,
    endpoint: worker.endpoint || null,
    capabilities: worker.capabilities,
    version: worker.version || null,
    health_check_interval: worker.healthCheckIntervalS,
    max_concurrent_tasks: worker.maxConcurrentTasks,
    status: enumWord(WorkerStatus, worker.status),
    is_active: worker.isActive,
    last_seen: timeJson(worker.lastSeen),
    current_task_id: worker.currentTaskId || null,
    running_tasks: worker.runningTasks,
    performance_metrics: performanceJson(worker.performance),
    metadata: worker.metadata ?? {},
    created_at: timeJson(worker.createdAt),
    updated_at: timeJson(worker.updatedAt),
  };
}

function performanceJson(performance: Worker['performance']): object {
  return {
    tasks_succeeded: Number(performance?.tasksSucceeded ?? 0),
    tasks_failed: Number(performance?.tasksFailed ?? 0),
    success_rate: performance?.successRate ?? 1,
    avg_response_time: performance?.avgResponseTimeMs ?? 0,
    reported: performance?.reported ?? {},
  };
}
