// The ports of dispatch: who has which task, and until when. Its row is the truth of that; what came of an attempt is brought to the run by a
// command that is written in the same transaction. All times are the database's.
import type { JsonObject } from '../../../foundation/json/json.ts';
import type { AgentAnswer, TaskFault } from '../core/agent-answer.ts';
import type { WriteRecord } from '../core/audit.ts';
import type { ExecutionKey } from './execution-key.ts';

/** Names a task. */
export interface TaskKey {
  readonly tenantId: string;
  readonly id: string;
}

/** Names an attempt. */
export interface AttemptKey extends TaskKey {
  /** From 1. */
  readonly attempt: number;
}

/** An attempt that a worker has been given, with all that the worker is told. */
export interface GivenAttempt extends AttemptKey {
  readonly workerId: string;
  readonly executionId: string;
  readonly taskType: string;
  readonly input: JsonObject;
  /** Job, task, environment and, for each parent of a workflow, its result; what agents of playbooks are told besides. */
  readonly context: JsonObject;
  /** True when it is not repeated where somebody called before and nobody knows what came of it. */
  readonly failsUncertain: boolean;
  readonly assignedAtMs: number;
  /** When it was offered last; absent for one that was not. */
  readonly offeredAtMs?: number;
  /** False for one that was assigned by hand before its worker asked; absent where it cannot be. */
  readonly isNew?: boolean;
  /** Until when it is the worker's, or its caller's. */
  readonly leaseUntilMs: number;
  /** When the attempt counts as timed out. */
  readonly timeoutAtMs: number;
}

/** A worker that is called: of any protocol but `pull`. */
export interface CalledWorker {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly protocol: 'http' | 'connect' | 'grpc';
  readonly endpoint: string;
  readonly capabilities: readonly string[];
  readonly placesMax: number;
  /** Tasks that it has now. */
  readonly running: number;
  readonly succeeded: number;
  readonly failed: number;
}

/** An attempt whose worker has to be called by who took it. */
export interface CalledAttempt extends GivenAttempt {
  /** When its caller took it; of the same clock as `timeoutAtMs`. */
  readonly takenAtMs: number;
  readonly worker: Pick<CalledWorker, 'id' | 'name' | 'endpoint'> & {
    /** `pull` only where a person has assigned it. */
    readonly protocol: CalledWorker['protocol'] | 'pull';
  };
}

/** A task that could be given to a worker now. */
export interface OfferedCandidate extends TaskKey {
  readonly taskType: string;
  readonly requiredCapabilities: readonly string[];
  /** The only worker that may have it; absent for any that fits. */
  readonly keptWorkerId?: string;
}

/** Why a task was not given to the worker that was named. */
export type NotAssigned =
  | { readonly type: 'no_task' }
  | { readonly type: 'no_worker' }
  /** It is not pending; `status` says what it is, and how a status that was answered and is yet to be decided is shown. */
  | { readonly type: 'not_pending'; readonly status: string }
  /** Its run is paused. */
  | { readonly type: 'held' }
  /** The worker is neither idle nor busy. */
  | { readonly type: 'inactive'; readonly status: 'removed' | 'deactivated' | 'offline' | 'error' }
  | { readonly type: 'no_place' };

/** What an assignment came to. */
export type Assigned = { readonly type: 'assigned'; readonly given: CalledAttempt } | NotAssigned;

/** What a person's wish for a task came to. `execution` is its run. */
export type Steered =
  | { readonly type: 'done'; readonly execution: ExecutionKey }
  | { readonly type: 'no_task' }
  | { readonly type: 'refused'; readonly status: string }
  /** It belongs to a workflow, with which alone it can be ended. */
  | { readonly type: 'of_workflow' }
  /** Its run is paused. */
  | { readonly type: 'held' }
  /** Too many commands wait for its run. */
  | { readonly type: 'full' };

/** What a worker's question for tasks came to. */
export type Claimed =
  | { readonly type: 'given'; readonly given: readonly GivenAttempt[] }
  | { readonly type: Exclude<Greeted, 'active'> };

/** How a worker stands that asks: `removed` and `deactivated` ones are given nothing. */
export type Greeted = 'active' | 'no_worker' | 'removed' | 'deactivated';

/** A worker that asks for tasks. */
export interface TaskClaim {
  readonly tenantId: string;
  readonly workerId: string;
  /** Tasks at most. */
  readonly max: number;
  /** By what it can be returned; absent where it never is. */
  readonly claimId?: string | undefined;
}

/** Names a claim whose worker has gone before it was answered. */
export interface LeftClaim {
  readonly tenantId: string;
  readonly workerId: string;
  readonly claimId: string;
}

/** What came of an attempt: exactly one of the two. */
export type AttemptResult =
  | { readonly answer: AgentAnswer; readonly fault?: never }
  | { readonly fault: TaskFault; readonly answer?: never };

/** An answer as it is recorded. */
export interface AttemptEnd extends AttemptKey {
  readonly result: AttemptResult;
  /** What the result comes to by the output schema of the agent whose task it is, undefined for other tasks [the result]. */
  readonly judge?: (result: AttemptResult, outputSchema: JsonObject | undefined) => AttemptResult;
  /** SHA-256 of attempt and answer, 32 bytes: the same again is answered alike. */
  readonly hash: Buffer;
  /** From 0 to below 1, for the wait before a retry. */
  readonly random: number;
  /** False when it is the platform that says what became of the attempt, and not its worker [true]. */
  readonly isSign?: boolean;
}

/** What an answer came to. */
export type EndedAttempt =
  /** `repeated`: it had been recorded before. `result` is what was recorded. */
  | {
      readonly type: 'recorded' | 'repeated';
      readonly execution: ExecutionKey;
      readonly result: AttemptResult;
    }
  | { readonly type: 'no_task' }
  /** The attempt is not the worker's any more: it was lost, replaced, cancelled, or never begun. */
  | { readonly type: 'lost' }
  /** Something else was answered before. */
  | { readonly type: 'answered' };

/** Ends attempts, for a request or for a replica that called a worker. */
export interface AttemptEnds {
  /** Records what came of an attempt: frees the worker's place, adds to its figures and writes the run's command, all or nothing. */
  end(ended: AttemptEnd): Promise<EndedAttempt>;
}

/** Serves the requests of one tenant. */
export interface DispatchStore extends AttemptEnds {
  /**
   * Gives a pending task to a worker, which keeps it through its retries, with an audit entry. Of several at once one wins. A worker that is
   * called is given it with a lease that is over already, so that the next replica that looks calls it.
   */
  assign(key: TaskKey, workerId: string, entry: WriteRecord): Promise<Assigned>;
  /** Lets a pending task be given to whichever worker fits; an entry is left where it was not so before. */
  execute(key: TaskKey, entry: WriteRecord): Promise<Steered>;
  /** Ends a lone task, and writes the command that ends its run; its worker loses it at once. */
  cancel(key: TaskKey, entry: WriteRecord): Promise<Steered>;
  /** A sign of life: how the worker stands, without giving it anything. */
  greet(tenantId: string, workerId: string): Promise<Greeted>;
  /**
   * Gives tasks to a worker: first those that were assigned to it by hand, then those that fit, in the order of priority, of which a minute of
   * waiting counts one up to the highest.
   */
  claim(claim: TaskClaim): Promise<Claimed>;
  /**
   * Takes back what a claim gave and nobody will hear of: others are given it at once under the next number, which uses up no retry; what was
   * assigned by hand waits for the worker's next claim. Answers how many others can be given now.
   */
  giveBack(
    claim: Pick<TaskClaim, 'tenantId' | 'workerId'>,
    attempts: readonly Pick<AttemptKey, 'id' | 'attempt'>[],
  ): Promise<number>;
  /** The same for all that a claim has given, by whoever could not pass it on. */
  returnClaim(claim: LeftClaim): Promise<number | 'no_worker'>;
}

/** Which attempts a replica calls workers for. */
export interface Caller {
  /** Of the replica. */
  readonly callerId: string;
  /** How long it is trusted without a renewal. */
  readonly leaseMs: number;
}

/** A worker that was silent, or a task whose lease or time is over. */
export interface LapsedAttempt extends TaskKey {
  /** Absent for a task that waits for a worker. */
  readonly workerId?: string;
}

/** The run of an attempt or a wait that was given up. */
export interface GivenUp extends ExecutionKey {
  readonly cause: 'worker_lost' | 'attempt_timeout' | 'deadline' | 'cancelled';
}

/** Which tasks are looked for. */
export interface CandidateOptions {
  /** Tasks that none of these can do are left out: they must not keep others from being seen. */
  readonly workerIds: readonly string[];
  readonly limit: number;
}

/** Serves the engine: tasks of all tenants. */
export interface DispatchQueue extends AttemptEnds {
  /** Tenants with tasks that could be given and idle or busy workers that are called. */
  tenantsToCall(limit: number): Promise<string[]>;
  /** Those of the tenants in which a worker that asks might find a task. */
  tenantsWithTasks(tenantIds: readonly string[]): Promise<string[]>;
  /** Tasks that could be given to one of these workers now, those first that are to be given first. */
  candidates(tenantId: string, options: CandidateOptions): Promise<OfferedCandidate[]>;
  /** Idle and busy workers that are called and have a free place. */
  calledWorkers(tenantId: string, limit: number): Promise<CalledWorker[]>;
  /** Gives a task to a chosen worker that is called; the caller calls it under its lease. */
  assign(key: TaskKey, to: Caller & { readonly workerId: string }): Promise<Assigned>;
  /** Takes attempts of workers that are called whose caller is gone, or that were assigned by hand: they are called again under the same number. */
  claimLapsedCalls(caller: Caller, limit: number): Promise<CalledAttempt[]>;
  /** Renews the leases of a caller's attempts; answers those that it still has. */
  renew(caller: Caller, attempts: readonly AttemptKey[]): Promise<AttemptKey[]>;
  /** Attempts of workers that ask whose lease is over, attempts whose time is up, and waiting tasks all of whose time is up. */
  lapsed(limit: number): Promise<LapsedAttempt[]>;
  /** Gives up those that have lapsed, if they still have; answers whose runs have a command now. What others hold at the moment is passed over. */
  giveUp(lapsed: LapsedAttempt, random: number): Promise<GivenUp[]>;
  /** Gives up all attempts of a worker with `worker_lost`; answers whose runs have a command now. */
  loseWorker(
    worker: { readonly tenantId: string; readonly workerId: string },
    random: number,
  ): Promise<ExecutionKey[]>;
  /** Writes the commands again of tasks that were answered a while ago and of which nothing has come; answers whose runs have one now. */
  remind(limit: number, random: number): Promise<ExecutionKey[]>;
  /** Signs of life of workers that wait for tasks. */
  signsOfLife(workers: readonly { readonly tenantId: string; readonly workerId: string }[]): Promise<void>;
}
