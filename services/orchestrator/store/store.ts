// What the orchestrator keeps and how it is asked for. Two kinds of ports: those that serve the requests of a tenant, and those of the
// engine, which holds executions and deletions of many tenants. How they are kept is the adapters' business.

import type { JournalEntry } from '../core/journal-event.ts';
import type { StoredCommand } from './approval-store.ts';
import type { ExecutionHolder, OwnedExecution, SetAside, SetAsideExecution } from './execution-hold.ts';
import type { ExecutionKey, Freshness } from './execution-key.ts';
import type { JournalStore } from './journal-store.ts';

/** Answers of repeated requests. */
export type { AnswerStore, NameClaim } from './answer-store.ts';
/** Ports of their own. */
export type {
  ApprovalFilter,
  ApprovalPosition,
  ApprovalSlice,
  ApprovalStatus,
  ApprovalStore,
  CommandStore,
  StoredApproval,
  StoredCommand,
} from './approval-store.ts';
/** The audit log. */
export type { AuditKeeper, AuditPage, AuditSlice, AuditStore } from './audit-store.ts';
/** Calls of workers that are under way. */
export type { CallRun, CallStore, RefusedCall } from './call-store.ts';
/** Deletions. */
export type { ClaimOptions, DeletionQueue, DeletionStore } from './deletion-store.ts';
/** Who has which task. */
export type * from './dispatch-store.ts';
/** What estimates are made from. */
export type { EstimateStore, RecordedRun } from './estimate-store.ts';
/** Executions as the engine holds them. */
export type { ExecutionHolder, OwnedExecution, SetAside, SetAsideExecution } from './execution-hold.ts';
/** What several ports name. */
export type { ExecutionKey, Freshness } from './execution-key.ts';
/** Executions as requests see them. */
export type {
  ExecutionFilter,
  ExecutionSlice,
  ExecutionStore,
  ListPosition,
  NameBinding,
} from './execution-store.ts';
/** The export of events, and figures of work. */
export type * from './export-store.ts';
/** Gates. */
export type { ClaimedGate, GateChange, GateQueue, GateStore, StoredGate } from './gate-store.ts';
/** Writing journals. */
export type {
  ApprovalChange,
  CachedOutput,
  JournalAppend,
  JournalRow,
  JournalStore,
  Parking,
  RowChange,
} from './journal-store.ts';
/** Outputs that executions share. */
export type { KeptOutput, OutputKey, OutputPromise, OutputStore } from './output-store.ts';
/** Owners of executions. */
export type { OwnerSilence, OwnerStore } from './owner-store.ts';
/** What callers of the API have used of their rates. */
export type { RatePlace, RateStore } from './rate-store.ts';
/** How the services of the platform are. */
export type { ServiceHealthKeeper, ServiceHealthStore } from './service-health-store.ts';
/** Rows of tasks. */
export type { TaskChange } from './task-change.ts';
export type { TaskKeeper } from './task-keeper.ts';
/** Tasks of API v2. */
export type * from './task-store.ts';
/** What watchers read. */
export type { WatchStore } from './watch-store.ts';
export type * from './work-figures-store.ts';
/** Which workers live. */
export type { AskedWorker, SilentWorker, WorkerHealthStore } from './worker-health-store.ts';
/** Workers. */
export type {
  BulkOutcome,
  ConnectionFigures,
  HeardWorker,
  RegisteredWorker,
  WorkerKey,
  WorkerRegistration,
  WorkerSlice,
  WorkerStore,
  WorkStatistics,
} from './worker-store.ts';
/** Workflows and their schedules. */
export type * from './workflow-store.ts';

/** Reads journals for requests, a part at a time: whole ones may be large. */
export interface JournalReader {
  /** The journal in order, in parts of up to 100 rows. */
  parts(key: ExecutionKey, options?: Freshness): AsyncIterable<readonly JournalEntry[]>;
}

/** Serves the engine. */
export interface EngineStore extends JournalStore {
  /** Those of the unfinished executions, with their journals, that the owner holds; none when it has itself been ended. */
  load(ownerId: string, keys: readonly ExecutionKey[]): Promise<OwnedExecution[]>;
  /** Parks an unfinished execution of the owner, however it is recorded. Nothing happens when the owner has been ended or does not hold it. */
  setAside(ownerId: string, key: ExecutionKey, why: SetAside): Promise<void>;
  /** Takes up to `limit` unfinished executions whose owner has ended, the oldest first. */
  claimOrphans(ownerId: string, limit: number): Promise<ExecutionKey[]>;
  /** Puts up to `limit` parked executions whose time has come in line for a place among those of their tenants; answers how many. */
  lineUpDue(limit: number): Promise<number>;
  /** Takes up to `limit` executions of a tenant that wait for a place, in their order. */
  claimQueued(ownerId: string, tenantId: string, limit: number): Promise<ExecutionKey[]>;
  /** Tenants that have executions waiting for a place, in batches by id; `after` is the last of the batch before. */
  queuedTenants(after: string | undefined, limit: number): Promise<string[]>;
  /** Takes a parked execution, whatever it waits for, if wanted even one that is set aside; answers whether it was parked and is now the owner's. */
  claimParked(ownerId: string, key: ExecutionKey, even?: { readonly setAside?: boolean }): Promise<boolean>;
  /** Unfinished executions that the owner has claimed, or that were recorded for it a while ago, in batches by key; `after` is the last of the batch before. */
  claimed(ownerId: string, after: ExecutionKey | undefined, limit: number): Promise<ExecutionKey[]>;
  /** Where an unfinished execution is owned; undefined when it is parked, has ended or is not there. */
  holderOf(key: ExecutionKey): Promise<ExecutionHolder | undefined>;
  /** Commands that wait for an execution, oldest first. */
  commandsOf(key: ExecutionKey): Promise<StoredCommand[]>;
  /** Executions with waiting commands that the owner holds or nobody does, or that have ended; without those that are set aside. */
  commanded(ownerId: string, limit: number): Promise<ExecutionKey[]>;
  /** Forgets the commands of executions that have ended. */
  dropCommands(keys: readonly ExecutionKey[]): Promise<void>;
  /** Tenants that have executions, in batches by id; `after` is the last of the batch before. */
  tenants(after: string | undefined, limit: number): Promise<string[]>;
  /** Which of these executions of a tenant have not ended. */
  unfinished(tenantId: string, ids: readonly string[]): Promise<Set<string>>;
  /** Which of these executions of a tenant are set aside now. */
  setAsideAmong(tenantId: string, ids: readonly string[]): Promise<SetAsideExecution[]>;
  /** Removes up to `limit` names of requests that are older than this; answers how many. */
  removeNames(olderThanMs: number, limit: number): Promise<number>;
  /** Likewise answers that are kept for repeated requests. */
  removeAnswers(olderThanMs: number, limit: number): Promise<number>;
  /**
   * Makes partitions of weeks to come, drops those that ended longer ago than is kept, and forgets what belonged to what is gone; answers
   * which weeks went. Fault `aborted` when that would have held writers up: what is done stays done, and the next call goes on there.
   */
  keepWeeks(keptDays: number): Promise<string[]>;
}
