// The port of executions for the requests of one tenant: recording, reading and listing them.
import type { ExecutionRecord, StoredExecution } from '../core/execution-record.ts';
import type { JournalEntry } from '../core/journal-event.ts';
import type { EarlierStart, RequestName } from '../core/request-name.ts';
import type { Freshness } from './execution-key.ts';

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
  /** By nodeId: the attempt of each task of the execution that a worker has now. */
  withWorkers(tenantId: string, id: string): Promise<ReadonlyMap<string, number>>;
  /** Newest first; one more than `limit` is never answered. */
  list(tenantId: string, slice: ExecutionSlice): Promise<StoredExecution[]>;
  count(tenantId: string, filter: ExecutionFilter): Promise<number>;
}
