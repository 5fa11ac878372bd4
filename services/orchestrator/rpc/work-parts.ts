// Workers, tasks and workflows as the service offers them: four services, and what brings tasks to workers meanwhile.
import type { ConnectRouter } from '@connectrpc/connect';
import { monotonicMs } from '../../../foundation/clock.ts';
import { ServiceHealthService } from '../../../proto/gen/domainflow/orchestrator/v1/service_health_service_pb.js';
import { TaskService } from '../../../proto/gen/domainflow/orchestrator/v1/task_service_pb.js';
import { WorkerService } from '../../../proto/gen/domainflow/orchestrator/v1/worker_service_pb.js';
import { WorkflowService } from '../../../proto/gen/domainflow/orchestrator/v1/workflow_service_pb.js';
import { createAttemptMetrics } from '../engine/dispatch/attempt-metrics.ts';
import { beginDispatch } from '../engine/dispatch/begin-dispatch.ts';
import { createClaimWaiters } from '../engine/dispatch/claim-waiters.ts';
import type { DispatchParts } from '../engine/dispatch/dispatch-parts.ts';
import { registerWorkMetrics } from '../engine/dispatch/work-metrics.ts';
import { beginEventExport, type ExportParts } from '../engine/export/begin-event-export.ts';
import type { WorkFiguresStore } from '../store/store.ts';
import { type TaskDeps, taskRoutes, tasksOfWorker } from './task-routes.ts';
import { tellServiceHealth } from './tell-service-health.ts';
import { type WorkerDeps, workerRoutes } from './worker-routes.ts';
import { readWorkflowMessage, type WorkflowDeps } from './workflow-deps.ts';
import { workflowRoutes } from './workflow-routes.ts';

/** What the services are made of. */
export interface WorkParts extends Omit<DispatchParts, 'waiters'> {
  /** On the pool of requests. */
  readonly stores: WorkerDeps['stores'] & TaskDeps['stores'] & WorkflowDeps['stores'];
  /** On the pool of the engine. */
  readonly engineStores: DispatchParts['engineStores'] &
    ExportParts['engineStores'] & { readonly workFigures: WorkFiguresStore };
  readonly config: ExportParts['config'] & {
    /** Networks whose private addresses workers may name. */
    readonly workerNetworks: WorkerDeps['networks'];
  };
}

/** The services, their routes, and what begins with them. */
export function workServices(parts: WorkParts) {
  const { frame, signals, config } = parts;
  const { clock, telemetry } = frame;
  const attempts = createAttemptMetrics(telemetry.metrics);
  const stores = { ...parts.stores, dispatch: attempts.ofRequests(parts.stores.dispatch) };
  const dispatchQueue = attempts.ofEngine(parts.engineStores.dispatchQueue);
  const engineStores = { ...parts.engineStores, dispatchQueue };
  const { offered } = signals;
  const waiters = createClaimWaiters({ queue: engineStores.dispatchQueue, log: telemetry.log });
  const tasksOf = tasksOfWorker(stores.tasks);
  const workflowOf = readWorkflowMessage(stores.workflows);
  const deps = {
    ...parts,
    ...{ stores, engineStores, clock, tasksOf, waiters, workflowOf, offered, returned: offered },
    networks: config.workerNetworks,
    isExported: config.eventExport !== undefined,
  };
  return {
    services: [WorkerService, TaskService, WorkflowService, ServiceHealthService],
    routes: (router: ConnectRouter): void =>
      void router
        .service(WorkerService, workerRoutes(deps))
        .service(TaskService, taskRoutes(deps))
        .service(WorkflowService, workflowRoutes(deps))
        .service(ServiceHealthService, { tellServiceHealth: tellServiceHealth(engineStores.healthKeeper) }),
    begin: (address: string): void => {
      beginDispatch({ ...parts, engineStores, waiters }, address);
      beginEventExport(parts);
      const { metrics, log } = telemetry;
      registerWorkMetrics({ metrics, log, figures: engineStores.workFigures, clock: monotonicMs });
    },
  };
}
