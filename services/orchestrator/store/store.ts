// What the orchestrator keeps and how it is asked for. Two kinds of ports: those that serve the requests of a tenant, and those of the
// engine, which holds executions and deletions of many tenants. How they are kept is the adapters' business.

import type { AgentAnswer } from '../core/agent-answer.ts';
import type { WriteRecord } from '../core/audit.ts';
import type { ClaimedDeletion, Deletion, DeletionChange } from '../core/deletion.ts';
import type { ExecutionRecord, StoredExecution } from '../core/execution-record.ts';
import type { ExecutionStatus } from '../core/execution-state.ts';
import type { JournalEntry, JournalEvent } from '../core/journal-event.ts';
import type { EarlierStart, RequestName } from '../core/request-name.ts';
import type { JournalPosition, JournalRead, News, NewsScope, StoreView } from '../core/watch-reads.ts';
import type { StoredCommand } from './approval-store.ts';
import type { ExecutionHolder, OwnedExecution, SetAside, SetAsideExecution } from './execution-hold.ts';
import type { ExecutionKey, Freshness } from './execution-key.ts';

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
/** What estimates are made from. */
export type { EstimateStore, RecordedRun } from './estimate-store.ts';
/** Executions as the engine holds them. */
export type { ExecutionHolder, OwnedExecution, SetAside, SetAsideExecution } from './execution-hold.ts';
/** What several ports name. */
export type { ExecutionKey, Freshness } from './execution-key.ts';
/** Gates. */
export type { ClaimedGate, GateChange, GateQueue, GateStore, StoredGate } from './gate-store.ts';
/** Outputs that executions share. */
export type { KeptOutput, OutputKey, OutputPromise, OutputStore } from './output-store.ts';
/** What callers of the API have used of their rates. */
export type { RatePlace, RateStore } from './rate-store.ts';

/** Which executions a list shows. */
export interface ExecutionFilter {
  readonly kind?: string;
  readonly status?: string;
  readonly domainId?: string;
  /** Whose queries are shown beside what everyone may see. */
  readonly userId: string;
}

/** Where a list goes on: after this execution. */
export interface ListPosition {
  readonly createdAtMs: number;
  readonly id: string;
}

/** A part of a list. */
export interface ExecutionSlice {
  readonly filter: ExecutionFilter;
  readonly limit: number;
  readonly offset: number;
  readonly after?: ListPosition;
}

/** A name to bind to an execution. */
export interface NameBinding {
  readonly name: RequestName;
  /** The execution that the name may be taken from; absent when it was free. */
  readonly replaces?: string;
  /** A name that has to be bound as well. */
  readonly also?: NameBinding;
}

/** Serves the requests of one tenant. */
export interface ExecutionStore {
  /**
   * Records a pending execution under its owner; its plan is stored if it is new. Under a name, the name is bound to it in the same
   * transaction; `taken`, and nothing is recorded, when somebody else has bound the name in between. Fault `unavailable`, and nothing is
   * recorded, when the owner has been ended.
   */
  record(execution: ExecutionRecord, ownerId: string, binding?: NameBinding): Promise<'recorded' | 'taken'>;
  /** What was started under the name, however long ago; undefined when it is not kept. */
  findStart(name: Omit<RequestName, 'bodyHash' | 'contentHash'>): Promise<EarlierStart | undefined>;
  /** The execution, or undefined when the tenant has none of this id. */
  read(tenantId: string, id: string, options?: Freshness): Promise<StoredExecution | undefined>;
  /** The whole journal in order. */
  readJournal(tenantId: string, id: string, options?: Freshness): Promise<JournalEntry[]>;
  /** Newest first; one more than `limit` is never answered. */
  list(tenantId: string, slice: ExecutionSlice): Promise<StoredExecution[]>;
  count(tenantId: string, filter: ExecutionFilter): Promise<number>;
}

/** Reads journals for requests, a part at a time: whole ones may be large. */
export interface JournalReader {
  /** The journal in order, in parts of up to 100 rows. */
  parts(key: ExecutionKey, options?: Freshness): AsyncIterable<readonly JournalEntry[]>;
}

/** What decisions about one execution write. */
export interface JournalAppend {
  readonly tenantId: string;
  readonly executionId: string;
  /** The execution itself, when it is recorded with this append. */
  readonly record?: ExecutionRecord;
  /** In order; each holds the events of one moment. May be empty when only the row changes. */
  readonly rows: readonly JournalRow[];
  /** New values of the execution's row; absent when the events do not move it. */
  readonly change?: RowChange;
  readonly approvals: readonly ApprovalChange[];
  /** Commands that are decided by these events. */
  readonly commandIds: readonly string[];
  /** Outputs that serve other executions from now on. */
  readonly cached: readonly CachedOutput[];
}

/** Events that were decided in one moment. */
export interface JournalRow {
  /** Number of the first event. */
  readonly seq: number;
  /** Milliseconds since the Unix epoch. */
  readonly atMs: number;
  readonly events: readonly JournalEvent[];
}

/** New values of an execution's row. */
export interface RowChange {
  readonly status: ExecutionStatus;
  readonly startedAtMs: number | null;
  readonly completedAtMs: number | null;
  readonly reason: string;
  readonly error: string;
  readonly partial: boolean;
  /** Present when the execution leaves memory: nobody owns it from then on. */
  readonly parked?: Parking;
}

/** How an execution waits without an owner. */
export interface Parking {
  /** When it is taken up again; null for not before somebody asks. */
  readonly wakeAtMs: number | null;
  /** True when it waits for a place among the running executions of its tenant. */
  readonly queued: boolean;
}

/** A change of what lists of approvals show. */
export type ApprovalChange =
  | {
      readonly type: 'requested';
      readonly nodeId: string;
      readonly taskId: string;
      readonly domainId: string;
      readonly prompt: string;
      readonly roles: readonly string[];
      readonly requestedAtMs: number;
      readonly expiresAtMs: number;
    }
  | {
      readonly type: 'decided';
      readonly nodeId: string;
      readonly status: 'approved' | 'rejected' | 'expired' | 'cancelled';
      readonly decidedAtMs: number;
      /** User id; null when no person decided. */
      readonly decidedBy: string | null;
      readonly comment: string;
    };

/** An output under the hash of what it was computed from. */
export interface CachedOutput {
  /** 64 hex digits. */
  readonly key: string;
  readonly answer: AgentAnswer;
  readonly ttlMs: number;
}

/** Writes journals. */
export interface JournalStore {
  /**
   * Writes what many executions append, all or nothing, if the owner is still the owner; `fenced` when it is not. No execution is named
   * twice. Throws a Fault when it is not known whether anything was written, and the driver's error when a value was refused.
   */
  append(ownerId: string, batch: readonly JournalAppend[]): Promise<'appended' | 'fenced'>;
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

/** When an owner counts as gone. Nobody does while the server itself has been up for less than `silentMs`. */
export interface OwnerSilence {
  /** Who asks: it does not judge itself. */
  readonly ownerId: string;
  /** Without a sign of life for this long, in milliseconds. */
  readonly silentMs: number;
  /** Without one for this long, when its session with the database has ended too: then its process is gone, not only slow. */
  readonly goneMs: number;
}

/** Keeps who owns executions. */
export interface OwnerStore {
  /** A new owner; earlier ones of the same replica name end now. */
  register(owner: {
    readonly ownerId: string;
    readonly replicaName: string;
    readonly address: string;
  }): Promise<void>;
  /** A sign of life: how many owners live, the asking one included; undefined when it has been ended by someone else. */
  beat(ownerId: string): Promise<number | undefined>;
  /** Ends the owner; its executions can be claimed from now on. */
  end(ownerId: string): Promise<void>;
  /** Ends owners that are gone; answers how many. See {@link OwnerSilence}. */
  endSilent(silence: OwnerSilence): Promise<number>;
}

/** Serves watchers, and never shows less than was committed before. */
export interface WatchStore {
  /** The execution, or undefined when the tenant has none of this id. */
  read(tenantId: string, id: string): Promise<StoredExecution | undefined>;
  /** Those of the executions that the tenant has, in one statement. */
  readAll(tenantId: string, ids: readonly string[]): Promise<StoredExecution[]>;
  /** What follows in each journal, bounded, in one statement; undefined for an execution that is not kept. */
  readJournals(wanted: readonly JournalPosition[]): Promise<(JournalRead | undefined)[]>;
  /** What is there now. */
  view(): Promise<StoreView>;
  /**
   * Runs of each scope of which something was written, in one statement. It looks at so many runs of each scope at most, and overlooks what was
   * decided more than 30 s before its view of what is seen.
   */
  news(scopes: readonly NewsScope[], limit: number): Promise<News[]>;
  /** Where living owners listen. */
  addresses(): Promise<string[]>;
}

/** How long a claim holds. */
export interface ClaimOptions {
  /** Chosen by who claims. */
  readonly claim: string;
  readonly leaseMs: number;
}

/** Records the deletions that a tenant's people ask for. */
export interface DeletionStore {
  /**
   * Records a deletion under a claim, with its audit entry in the same transaction. False, and nothing is written, when it was recorded
   * before: then it is someone else's turn.
   */
  record(deletion: Deletion, options: ClaimOptions, entry: WriteRecord): Promise<boolean>;
}

/** Deletions of all tenants that wait to be carried out. All times are the database's. */
export interface DeletionQueue {
  /** Claims up to `limit` deletions that are due, those that have waited longest first. */
  claim(options: ClaimOptions, limit: number): Promise<ClaimedDeletion[]>;
  /** Writes what becomes of a claimed deletion and gives it back; nothing when the claim has run out and was taken by another. */
  settle(deletion: ClaimedDeletion, change: DeletionChange): Promise<void>;
  /** Recorded deletions, counted up to `limit`. */
  count(limit: number): Promise<number>;
}
