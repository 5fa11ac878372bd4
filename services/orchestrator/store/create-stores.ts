// The stores on their pools: what serves requests of a tenant under the tenant's own rules, and what the engine works with.
import type { Pools } from './open-pools.ts';
import { createPostgresAnswerStore } from './postgres-answer-store.ts';
import { createPostgresApprovalStore } from './postgres-approval-store.ts';
import { createPostgresAuditKeeper, createPostgresAuditStore } from './postgres-audit-store.ts';
import { createPostgresCacheStore } from './postgres-cache-store.ts';
import { createPostgresCallStore } from './postgres-call-store.ts';
import { createPostgresCommandStore } from './postgres-command-store.ts';
import { createPostgresDeletionQueue, createPostgresDeletionStore } from './postgres-deletion-store.ts';
import { createPostgresDispatchQueue } from './postgres-dispatch-queue.ts';
import { createPostgresDispatchStore } from './postgres-dispatch-store.ts';
import { createPostgresEngineStore } from './postgres-engine-store.ts';
import { createPostgresEstimateStore } from './postgres-estimate-store.ts';
import { createPostgresExecutionStore } from './postgres-execution-store.ts';
import { createPostgresExportStandingStore, createPostgresExportStore } from './postgres-export-store.ts';
import { createPostgresGateQueue, createPostgresGateStore } from './postgres-gate-store.ts';
import { createPostgresJournalReader } from './postgres-journal-reader.ts';
import { createPostgresJournalStore } from './postgres-journal-store.ts';
import { createPostgresOwnerStore } from './postgres-owner-store.ts';
import { createPostgresRateStore } from './postgres-rate-store.ts';
import { createPostgresScheduleQueue } from './postgres-schedule-queue.ts';
import {
  createPostgresServiceHealthKeeper,
  createPostgresServiceHealthStore,
} from './postgres-service-health-store.ts';
import { createPostgresTaskKeeper } from './postgres-task-keeper.ts';
import { createPostgresTaskStore } from './postgres-task-store.ts';
import { createPostgresWatchStore } from './postgres-watch-store.ts';
import { createPostgresWorkFiguresStore } from './postgres-work-figures-store.ts';
import { createPostgresWorkerHealthStore } from './postgres-worker-health-store.ts';
import { createPostgresWorkerStore } from './postgres-worker-store.ts';
import { createPostgresWorkflowStore } from './postgres-workflow-store.ts';

/** The stores that answer requests. */
export function createRequestStores({ requests }: Pools) {
  return {
    executions: createPostgresExecutionStore(requests),
    approvals: createPostgresApprovalStore(requests),
    commands: createPostgresCommandStore(requests),
    journal: createPostgresJournalReader(requests),
    entries: createPostgresAuditStore(requests),
    deletions: createPostgresDeletionStore(requests),
    estimates: createPostgresEstimateStore(requests),
    gates: createPostgresGateStore(requests),
    answers: createPostgresAnswerStore(requests),
    exported: createPostgresExportStandingStore(requests),
    dispatch: createPostgresDispatchStore(requests),
    tasks: createPostgresTaskStore(requests),
    workers: createPostgresWorkerStore(requests),
    workflows: createPostgresWorkflowStore(requests),
    serviceHealth: createPostgresServiceHealthStore(requests),
  };
}

/** The stores of the engine and of what works beside it. */
export function createEngineStores(pools: Pools) {
  const { engine, journal, owner } = pools;
  return {
    store: createPostgresEngineStore(engine, createPostgresJournalStore(journal)),
    owners: createPostgresOwnerStore(owner),
    watch: createPostgresWatchStore(pools),
    outputs: createPostgresCacheStore(engine),
    deletionQueue: createPostgresDeletionQueue(engine),
    dispatchQueue: createPostgresDispatchQueue(engine),
    gateQueue: createPostgresGateQueue(engine),
    schedules: createPostgresScheduleQueue(engine),
    entryKeeper: createPostgresAuditKeeper(engine),
    rates: createPostgresRateStore(engine),
    exports: createPostgresExportStore(engine),
    workFigures: createPostgresWorkFiguresStore(engine),
    dispatch: createPostgresDispatchQueue(engine),
    taskKeeper: createPostgresTaskKeeper(engine),
    calls: createPostgresCallStore(engine),
    workerHealth: createPostgresWorkerHealthStore(engine),
    healthKeeper: createPostgresServiceHealthKeeper(engine),
  };
}
