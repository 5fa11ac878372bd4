// The stores on their pools: what serves requests of a tenant under the tenant's own rules, and what the engine works with.
import type { Pools } from './open-pools.ts';
import { createPostgresAnswerStore } from './postgres-answer-store.ts';
import { createPostgresApprovalStore } from './postgres-approval-store.ts';
import { createPostgresAuditKeeper, createPostgresAuditStore } from './postgres-audit-store.ts';
import { createPostgresCacheStore } from './postgres-cache-store.ts';
import { createPostgresCommandStore } from './postgres-command-store.ts';
import { createPostgresDeletionQueue, createPostgresDeletionStore } from './postgres-deletion-store.ts';
import { createPostgresEngineStore } from './postgres-engine-store.ts';
import { createPostgresEstimateStore } from './postgres-estimate-store.ts';
import { createPostgresExecutionStore } from './postgres-execution-store.ts';
import { createPostgresGateQueue, createPostgresGateStore } from './postgres-gate-store.ts';
import { createPostgresJournalReader } from './postgres-journal-reader.ts';
import { createPostgresJournalStore } from './postgres-journal-store.ts';
import { createPostgresOwnerStore } from './postgres-owner-store.ts';
import { createPostgresRateStore } from './postgres-rate-store.ts';
import { createPostgresWatchStore } from './postgres-watch-store.ts';

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
    gateQueue: createPostgresGateQueue(engine),
    entryKeeper: createPostgresAuditKeeper(engine),
    rates: createPostgresRateStore(engine),
  };
}
