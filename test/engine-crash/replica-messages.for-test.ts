// What a test and the process of a replica say to each other. Agents and documents are the test's, so that they outlive every replica.
import type { JsonObject } from '../../foundation/json/json.ts';
import type { AttemptEnd, AttemptNote } from '../../services/orchestrator/clients/invoke-agent.ts';
import type { AgentAnswer } from '../../services/orchestrator/core/agent-answer.ts';
import type { ExecutionRecord } from '../../services/orchestrator/core/execution-record.ts';
import type { Outcome } from '../../services/orchestrator/core/journal-event.ts';
import type { EngineLimits } from '../../services/orchestrator/engine/engine.ts';
import type { CacheLook } from '../../services/orchestrator/engine/output-cache.ts';
import type { ExecutionKey } from '../../services/orchestrator/store/store.ts';
import type { TestUrls } from '../../services/orchestrator/store/stores.for-test.ts';
import type { Usage } from './replica-usage.for-test.ts';

/** What a replica is started with. Its rhythm is the usual one. */
export interface ReplicaOptions {
  readonly urls: TestUrls;
  /** A new process of the same name goes on where the last one was killed. */
  readonly name: string;
  readonly limits: EngineLimits;
  /** Folder in which compiled code is kept, so that the next process starts sooner; absent keeps none. */
  readonly compiledDir?: string;
}

/** Where a process dies, or stands still: at the `nth` moment [1] of the kind `site`, before it or after it. */
export interface CrashPoint {
  readonly site: string;
  readonly when: 'before' | 'after';
  readonly nth?: number;
  /** [SIGKILL] */
  readonly signal?: 'SIGKILL' | 'SIGSTOP';
}

/** What a replica wants of agents and documents. */
export type Ask =
  | {
      readonly verb: 'invoke';
      readonly executionId: string;
      readonly nodeId: string;
      readonly attempt: number;
      readonly repeated: boolean;
      readonly input: JsonObject;
      /** When it was asked, in milliseconds since the Unix epoch: what a process stands still with arrives late. */
      readonly askedMs: number;
    }
  | { readonly verb: 'look_up'; readonly executionId: string; readonly nodeId: string }
  | { readonly verb: 'place' | 'prepare'; readonly executionId: string }
  | { readonly verb: 'apply'; readonly executionId: string; readonly end: AppliedEnd };

/** An outcome as it is written, with all that it is made of. */
export interface AppliedEnd {
  readonly outcome: Outcome;
  /** By node. */
  readonly outputs: Readonly<Record<string, AgentAnswer['output']>>;
  readonly prepared: JsonObject | null;
  readonly atMs: number;
}

/** What an ask is answered with. */
export type Answer = AttemptEnd | CacheLook | JsonObject | null;

/** From the test. */
export type ToReplica =
  /** Begins to run; the process dies at the point if there is one. */
  | { readonly type: 'begin'; readonly point?: CrashPoint | undefined }
  | { readonly type: 'point'; readonly point?: CrashPoint | undefined }
  | { readonly type: 'start'; readonly call: number; readonly record: ExecutionRecord }
  | { readonly type: 'deliver'; readonly key: ExecutionKey }
  /** Asks what it has used. */
  | { readonly type: 'usage' }
  | { readonly type: 'answer'; readonly call: number; readonly answer: Answer }
  | { readonly type: 'note'; readonly call: number; readonly note: AttemptNote };

/** From the replica. */
export type FromReplica =
  | { readonly type: 'begun' }
  /** An owner was registered: the first, or one after the claim was lost. */
  | { readonly type: 'registered'; readonly ownerId: string }
  /** A sign of life was given. */
  | { readonly type: 'beaten' }
  | { readonly type: 'ask'; readonly call: number; readonly ask: Ask }
  /** The run does not want the attempt any more. */
  | { readonly type: 'cancel'; readonly call: number }
  /** Answer to a start; `fault` is its reason, with a time to come back where there is one. */
  | { readonly type: 'started'; readonly call: number; readonly fault?: StartFault }
  | AppendTold
  | ({ readonly type: 'usage' } & Usage)
  /** An append was refused since the owner had been ended. */
  | { readonly type: 'fenced'; readonly executionIds: readonly string[] }
  /** Executions of an owner that is gone were claimed. */
  | { readonly type: 'claimed'; readonly executionIds: readonly string[] };

/** What an append wrote. Attempts are named `<execution id> <node> <number>`. */
export interface AppendTold {
  readonly type: 'appended';
  readonly sites: readonly string[];
  /** Attempts that begin by it. */
  readonly begun: readonly string[];
  /** Attempts whose end it records. */
  readonly ended: readonly string[];
  /** Executions that end by it. */
  readonly over: readonly string[];
}

/** Why a start failed. */
export interface StartFault {
  readonly reason: string;
  readonly retryAfterMs?: number | undefined;
}
