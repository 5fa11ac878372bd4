// Workers as the platform knows them: remote processes that take tasks.
import type { JsonObject } from '../../../../foundation/json/json.ts';

/** What kinds there are. */
export const workerTypes = [
  'detector',
  'analyzer',
  'classifier',
  'tracker',
  'notifier',
  'coordinator',
  'custom',
] as const;

/** One of the kinds. */
export type WorkerType = (typeof workerTypes)[number];

/** Names that other systems have for the kinds. */
const aliases: Readonly<Record<string, WorkerType>> = {
  analysis_agent: 'analyzer',
  notification_agent: 'notifier',
  prompt_agent: 'custom',
  rag_agent: 'custom',
  rule_agent: 'custom',
};

/** The kind that a word names, by its own name or by another; undefined for no kind. */
export function workerTypeOf(word: string): WorkerType | undefined {
  const type = workerTypes.find((each) => each === word);
  return type ?? (Object.hasOwn(aliases, word) ? aliases[word] : undefined);
}

/** How a worker is given tasks: it is called, or asks for them itself (`pull`). */
export const workerProtocols = ['http', 'connect', 'grpc', 'pull'] as const;

/** One of the ways. */
export type WorkerProtocol = (typeof workerProtocols)[number];

/** What is kept of how a worker stands; one that has tasks is shown as `busy`. */
export type WorkerStatus = 'idle' | 'offline' | 'error';

/** What a worker is, as its owner describes it. */
export interface WorkerContent {
  readonly type: WorkerType;
  /** With the endpoint unique within the tenant. */
  readonly name: string;
  readonly protocol: WorkerProtocol;
  /** Empty for workers that are never called. */
  readonly endpoint: string;
  /** Each once. */
  readonly capabilities: readonly string[];
  /** Semantic version; empty when it said none. */
  readonly version: string;
  readonly metadata: JsonObject;
  readonly healthCheckIntervalS: number;
  /** Tasks that it takes at the same time. */
  readonly maxConcurrentTasks: number;
}

/** How a worker stands apart from its tasks. */
export interface WorkerStanding {
  readonly status: WorkerStatus;
  /** False once it was removed. */
  readonly isActive: boolean;
  /** True once it was taken out of use: then only people make it idle. */
  readonly deactivated: boolean;
}

/** A worker as it is kept. Times are milliseconds since the Unix epoch. */
export interface StoredWorker extends WorkerContent, WorkerStanding {
  /** UUIDv7. */
  readonly id: string;
  readonly lastSeenMs: number;
  /** Attempts that it answered with a result. */
  readonly tasksSucceeded: number;
  /** Attempts that failed, lost ones among them. */
  readonly tasksFailed: number;
  /** Of both, those that it answered. */
  readonly tasksAnswered: number;
  /** Milliseconds that those took. */
  readonly totalMs: number;
  /** Figures that it told of itself. */
  readonly reported: JsonObject;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** A worker with what it has to do. */
export interface WorkerView extends StoredWorker {
  readonly runningTasks: number;
  /** Task that it was given last and has not answered; absent when there is none. */
  readonly currentTaskId?: string;
}

/** What a worker says in a sign of life. */
export interface SignOfLife {
  /** `offline`: it wants no further tasks; absent and the others: it is there. */
  readonly status?: 'idle' | 'busy' | 'offline';
  /** Figures of itself; absent leaves the last ones. */
  readonly metrics?: JsonObject;
  /** Tasks that it works on; absent means all that it was given. */
  readonly runningTaskIds?: readonly string[];
}

/**
 * How a worker stands after a sign of life (SPEC S16). One in error is tried again: if its breaker is still open, the next call brings it back
 * there and uses up no attempt. One out of use stays so until people say otherwise.
 */
export function standingAfterSign(
  { deactivated }: Pick<WorkerStanding, 'deactivated'>,
  said: SignOfLife['status'],
): WorkerStatus {
  if (deactivated || said === 'offline') return 'offline';
  return 'idle';
}

/** What people can do to many workers at once. */
export const workerOperations = ['activate', 'deactivate', 'reset_status'] as const;

/** One of them. */
export type WorkerOperation = (typeof workerOperations)[number];
