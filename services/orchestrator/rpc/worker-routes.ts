// The RPCs on workers, each from its file.
import type { ServiceImpl } from '@connectrpc/connect';
import type { Clock } from '../../../foundation/clock.ts';
import type { Network } from '../../../foundation/net/address.ts';
import type { WorkerService } from '../../../proto/gen/domainflow/orchestrator/v1/worker_service_pb.js';
import type { ExportStandingStore, ServiceHealthStore, WorkerStore } from '../store/store.ts';
import { bulkUpdateWorkers } from './bulk-update-workers.ts';
import { getDatabaseHealth } from './get-database-health.ts';
import { getEventExport } from './get-event-export.ts';
import { getWorkStatistics } from './get-work-statistics.ts';
import { getWorker, type TasksOfWorker } from './get-worker.ts';
import { hearWorker } from './hear-worker.ts';
import { listServiceHealth } from './list-service-health.ts';
import { listWorkers } from './list-workers.ts';
import { registerWorker } from './register-worker.ts';
import { removeWorker } from './remove-worker.ts';
import { updateWorker } from './update-worker.ts';

/** What they need. */
export interface WorkerDeps {
  readonly stores: {
    readonly workers: WorkerStore;
    readonly serviceHealth: ServiceHealthStore;
    readonly exported: ExportStandingStore;
  };
  /** Whether events are exported. */
  readonly isExported: boolean;
  /** Networks whose private addresses workers may name. */
  readonly networks: readonly Network[];
  readonly clock: Clock;
  readonly tasksOf: TasksOfWorker;
  /** Told that tasks of a tenant were taken back, so that others may have them; absent tells nobody. */
  readonly returned?: (tenantId: string) => void;
}

/** The whole WorkerService. */
export function workerRoutes(deps: WorkerDeps): ServiceImpl<typeof WorkerService> {
  const { stores, networks, clock, tasksOf, isExported, returned = () => undefined } = deps;
  const { workers, serviceHealth, exported } = stores;
  const writing = { workers, networks };
  return {
    registerWorker: registerWorker(writing),
    listWorkers: listWorkers(workers),
    getWorker: getWorker(workers, tasksOf),
    heartbeat: hearWorker(workers),
    updateWorker: updateWorker(writing),
    removeWorker: removeWorker(workers, returned),
    bulkUpdateWorkers: bulkUpdateWorkers({ workers, clock, returned }),
    getWorkStatistics: getWorkStatistics(workers),
    getDatabaseHealth: getDatabaseHealth(workers),
    listServiceHealth: listServiceHealth(serviceHealth),
    getEventExport: getEventExport(exported, isExported),
  };
}
