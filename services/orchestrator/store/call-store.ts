// The port of calls of workers beside dispatch: under whose identity they are made, and what becomes of calls that were refused or are handed
// over. All times are the database's.
import type { ExecutionRecord } from '../core/execution-record.ts';
import type { AttemptKey } from './dispatch-store.ts';
import type { ExecutionKey } from './execution-key.ts';

/** The run that a call is made for. */
export type CallRun = Pick<
  ExecutionRecord,
  'tenantId' | 'id' | 'kind' | 'domainId' | 'subjectId' | 'principal' | 'trace'
>;

/** An attempt whose worker is not to be called for a while, as its circuit breaker says. */
export interface RefusedCall extends AttemptKey {
  readonly workerId: string;
  /** Of the replica that called. */
  readonly callerId: string;
  readonly retryAfterMs: number;
}

/** Serves whoever calls workers: tasks of all tenants. */
export interface CallStore {
  /** The run of a task; undefined when it is not kept any more. */
  run(key: ExecutionKey): Promise<CallRun | undefined>;
  /**
   * Puts the worker in error until its breaker is worth a trial, and its task back among those that wait, without using up a retry. False, and
   * the task stays as it is, when the caller has it no longer.
   */
  refuse(call: RefusedCall): Promise<boolean>;
  /** Those of a caller's attempts that run and that another caller has now. */
  takenOver(callerId: string, attempts: readonly AttemptKey[]): Promise<AttemptKey[]>;
  /** Gives up the leases of all attempts of a caller: others go on with them at once. */
  handBack(callerId: string): Promise<void>;
}
