// The port of workers: how they are registered, stand, and are counted. Giving them tasks is another port's.
import type { WriteRecord } from '../core/audit.ts';
import type {
  SignOfLife,
  StoredWorker,
  WorkerContent,
  WorkerOperation,
  WorkerStatus,
  WorkerType,
  WorkerView,
} from '../core/work/worker.ts';

/** Names a worker. */
export interface WorkerKey {
  readonly tenantId: string;
  /** UUID. */
  readonly id: string;
}

/** A worker that registers. */
export interface WorkerRegistration extends WorkerKey {
  /** `id` is the one that it gets unless its name and endpoint are known. */
  readonly content: WorkerContent;
  /** User id. */
  readonly createdBy: string;
}

/** What came of a registration. */
export interface RegisteredWorker {
  readonly worker: WorkerView;
  /** False when its name and endpoint were known. */
  readonly created: boolean;
}

/** A part of the list. */
export interface WorkerSlice {
  readonly type?: WorkerType;
  /** `active`: idle or busy; absent for all. */
  readonly activity?: 'active' | 'inactive';
  readonly capability?: string;
  readonly limit: number;
  readonly offset: number;
}

/** How a worker stands after a sign of life. Times are milliseconds since the Unix epoch. */
export interface HeardWorker {
  readonly status: WorkerStatus | 'busy';
  readonly lastSeenMs: number;
  readonly healthCheckIntervalS: number;
  /** Of the tasks that it named, those that are not its own any more. */
  readonly lostTaskIds: readonly string[];
}

/** What came of an operation on many workers. */
export interface BulkOutcome {
  readonly updated: number;
  /** Tasks that others are given. */
  readonly returnedTasks: number;
  /** Workers that were left as they are, with why, in the order of the request. */
  readonly errors: readonly { readonly workerId: string; readonly message: string }[];
}

/** What is counted of a tenant. By word; words with none are absent. */
export interface WorkStatistics {
  /** Removed ones apart. */
  readonly workersByStatus: Readonly<Record<string, number>>;
  readonly workersByType: Readonly<Record<string, number>>;
  /** Of API v2. */
  readonly tasksByStatus: Readonly<Record<string, number>>;
  readonly workflowsByStatus: Readonly<Record<string, number>>;
  /** Tasks of any kind that could be given to a worker now. */
  readonly queuedTasks: number;
  /** Seconds that the oldest of those has waited; 0 when there is none. */
  readonly oldestWaitS: number;
}

/** How the database is, as far as it tells. */
export interface DatabaseFigures {
  /** Of the tenant, removed ones apart. */
  readonly workers: number;
  /** Of the tenant, of API v2. */
  readonly tasks: number;
  /** Connections of all clients, as the server counts them. */
  readonly connections: number;
}

/** Connections of the pool that serves requests. */
export interface ConnectionFigures {
  /** How many it keeps. */
  readonly kept: number;
  /** Open ones that nobody uses, and those in use. */
  readonly idle: number;
  readonly inUse: number;
  /** Closed so far because they were found broken. */
  readonly broken: number;
}

/** Serves the requests of one tenant. Every write leaves its audit entry in its own transaction. */
export interface WorkerStore {
  /** Registers a worker, or brings the one of the same name and endpoint up to date, also one that was removed. */
  register(
    registration: WorkerRegistration,
    entryOf: (registered: RegisteredWorker) => WriteRecord,
  ): Promise<RegisteredWorker>;
  /** The worker, or undefined when the tenant has none of this id. */
  read(key: WorkerKey): Promise<WorkerView | undefined>;
  /** Newest first, with how many there are in all. */
  list(
    tenantId: string,
    slice: WorkerSlice,
  ): Promise<{ readonly workers: readonly WorkerView[]; readonly total: number }>;
  /** Hears a worker, and extends the leases of its tasks where it asks for tasks itself. No entry. */
  hear(key: WorkerKey, sign: SignOfLife): Promise<HeardWorker | 'unknown' | 'removed'>;
  /** Changes a worker to what `decide` answers, which may be asked more than once. `taken`: another has the name and the endpoint. */
  change(
    key: WorkerKey,
    decide: (worker: StoredWorker) => WorkerContent,
    entry: WriteRecord,
  ): Promise<WorkerView | 'unknown' | 'removed' | 'taken'>;
  /** Makes a worker inactive and gives its tasks to others; answers how many. One that was removed is left alone: 0, and no entry. */
  remove(key: WorkerKey, entryOf: (returnedTasks: number) => WriteRecord): Promise<number | 'unknown'>;
  /** Does one thing to many workers, in one transaction. */
  operate(
    tenantId: string,
    wish: { readonly operation: WorkerOperation; readonly workerIds: readonly string[] },
    entryOf: (outcome: BulkOutcome) => WriteRecord,
  ): Promise<BulkOutcome>;
  statistics(tenantId: string): Promise<WorkStatistics>;
  /** Asks the server itself. */
  databaseFigures(tenantId: string): Promise<DatabaseFigures>;
  /** Asks nobody. */
  connections(): ConnectionFigures;
}
