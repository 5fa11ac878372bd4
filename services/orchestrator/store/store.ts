// What the orchestrator keeps and how it is asked for. Two kinds of ports: those that serve the requests of a tenant, and those of the
// engine, which holds executions and deletions of many tenants. How they are kept is the adapters' business.

import type { ClaimedDeletion, Deletion, DeletionChange } from '../core/deletion.ts';
import type { ExecutionRecord, StoredExecution } from '../core/execution-record.ts';
import type { ExecutionStatus } from '../core/execution-state.ts';
import type { JournalEntry } from '../core/journal-event.ts';
import type { EarlierStart, RequestName } from '../core/request-name.ts';

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
}

/** Serves the requests of one tenant. */
export interface ExecutionStore {
  /**
   * Records a pending execution under its owner; its plan is stored if it is new. Under a name, the name is bound to it in the same
   * transaction; `taken`, and nothing is recorded, when somebody else has bound the name in between.
   */
  record(execution: ExecutionRecord, ownerId: string, binding?: NameBinding): Promise<'recorded' | 'taken'>;
  /** What was started under the name, however long ago; undefined when it is not kept. */
  findStart(name: Omit<RequestName, 'bodyHash' | 'contentHash'>): Promise<EarlierStart | undefined>;
  /** The execution, or undefined when the tenant has none of this id. */
  read(tenantId: string, id: string): Promise<StoredExecution | undefined>;
  /** The whole journal in order. */
  readJournal(tenantId: string, id: string): Promise<JournalEntry[]>;
  /** Newest first; one more than `limit` is never answered. */
  list(tenantId: string, slice: ExecutionSlice): Promise<StoredExecution[]>;
  count(tenantId: string, filter: ExecutionFilter): Promise<number>;
}

/** What a decision writes. */
export interface JournalAppend {
  readonly tenantId: string;
  readonly executionId: string;
  readonly entries: readonly JournalEntry[];
  /** New values of the row; absent when the events do not move it. */
  readonly row?: RowChange;
}

/** New values of an execution's row. */
export interface RowChange {
  readonly status: ExecutionStatus;
  readonly startedAtMs: number | null;
  readonly completedAtMs: number | null;
  readonly reason: string;
  readonly error: string;
  readonly partial: boolean;
}

/** Serves the engine. */
export interface EngineStore {
  /**
   * Writes what many executions append, all or nothing, if the owner is still the owner; `fenced` when it is not. Throws when it is not
   * known whether anything was written.
   */
  append(ownerId: string, batch: readonly JournalAppend[]): Promise<'appended' | 'fenced'>;
  /** The unfinished execution with its journal, or undefined when the owner does not hold it any more or has itself been ended. */
  reload(ownerId: string, key: ExecutionKey): Promise<OwnedExecution | undefined>;
  /** Takes up to `limit` unfinished executions whose owner has ended. */
  claim(ownerId: string, limit: number): Promise<ExecutionKey[]>;
  /** Unfinished executions that the owner has claimed before, in batches by key; `after` is the last of the batch before. */
  claimed(ownerId: string, after: ExecutionKey | undefined, limit: number): Promise<ExecutionKey[]>;
  /** Tenants that have executions, in batches by id; `after` is the last of the batch before. */
  tenants(after: string | undefined, limit: number): Promise<string[]>;
  /** Which of these executions of a tenant have not ended. */
  unfinished(tenantId: string, ids: readonly string[]): Promise<Set<string>>;
  /** Removes up to `limit` names of requests that are older than this; answers how many. */
  removeNames(olderThanMs: number, limit: number): Promise<number>;
}

/** Names one execution. */
export interface ExecutionKey {
  readonly tenantId: string;
  readonly id: string;
}

/** An execution as its owner read it. */
export interface OwnedExecution {
  readonly ownerId: string;
  readonly execution: StoredExecution;
  /** Its journal so far, in order. */
  readonly entries: readonly JournalEntry[];
}

/** Keeps who owns executions. */
export interface OwnerStore {
  /** A new owner; earlier ones of the same replica name end now. */
  register(owner: {
    readonly ownerId: string;
    readonly replicaName: string;
    readonly address: string;
  }): Promise<void>;
  /** A sign of life; false when the owner has been ended by someone else. */
  beat(ownerId: string): Promise<boolean>;
  /** Ends the owner; its executions can be claimed from now on. */
  end(ownerId: string): Promise<void>;
  /** Ends owners without a sign of life for this long; answers how many. */
  endSilent(silentMs: number): Promise<number>;
}

/** How long a claim holds. */
export interface ClaimOptions {
  /** Chosen by who claims. */
  readonly claim: string;
  readonly leaseMs: number;
}

/** Records the deletions that a tenant's people ask for. */
export interface DeletionStore {
  /** Records a deletion under a claim. False when it was recorded before: then it is someone else's turn. */
  record(deletion: Deletion, options: ClaimOptions): Promise<boolean>;
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
