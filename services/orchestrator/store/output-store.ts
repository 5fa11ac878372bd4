// How outputs that executions share are asked for. They are stored by the journal, together with the event that records them.
import type { AgentAnswer } from '../core/agent-answer.ts';

/** Names an output of a tenant. */
export interface OutputKey {
  readonly tenantId: string;
  /** 64 hex digits. */
  readonly key: string;
}

/** An output that somebody has computed or is computing. */
export interface KeptOutput extends OutputKey {
  readonly executionId: string;
  /** Absent while it is being computed: then it is promised. */
  readonly answer?: AgentAnswer;
}

/** Who computes an output. */
export interface OutputPromise extends OutputKey {
  readonly executionId: string;
}

/** Outputs that serve other executions, of all tenants. All times are the database's. */
export interface OutputStore {
  /** What has not expired; keys that lead to nothing are left out. */
  find(keys: readonly OutputKey[]): Promise<KeptOutput[]>;
  /** Promises those that nobody has computed or promised; answers which. Promises hold for so many milliseconds. */
  promise(promises: readonly OutputPromise[], leaseMs: number): Promise<OutputKey[]>;
  /** Lets promises that still hold, and have not been fulfilled, hold from now on. */
  renewPromises(promises: readonly OutputPromise[], leaseMs: number): Promise<void>;
  /** Takes back a promise that was not fulfilled. */
  breakPromise(promise: OutputPromise): Promise<void>;
  /** Removes up to `limit` outputs and promises that have expired; answers how many. */
  removeExpired(limit: number): Promise<number>;
}
