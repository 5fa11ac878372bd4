// What can happen to an execution, as its journal holds it. The journal is the truth: state, log, answers and the live stream are made from
// it. Each event is one event of the stream, under the same number.
import type { JsonObject } from '../../../foundation/json/json.ts';
import type { AgentAnswer, TaskFault } from './agent-answer.ts';
import type { ToolCallEnd } from './tool-call.ts';

/** One fact about an execution. Its place in the journal, from 1 and without gaps, and its time are kept beside it. */
export type JournalEvent =
  | { readonly type: 'started' }
  | {
      readonly type: 'task_reused';
      readonly nodeId: string;
      readonly answer: AgentAnswer;
      /** Execution that computed it. */
      readonly fromExecutionId: string;
    }
  | {
      readonly type: 'task_started';
      readonly nodeId: string;
      readonly attempt: number;
      /** Calls of tools that are set aside for the attempt; absent for tasks that call none. */
      readonly toolCalls?: number;
      /** When the worker was given it, in milliseconds since the Unix epoch; absent for attempts that this service makes. */
      readonly startedMs?: number;
      /** Worker that made it; absent for attempts that this service makes. */
      readonly workerId?: string;
      /** Attempts so far that were taken back from their workers; absent for none. */
      readonly returned?: number;
    }
  /** Workers may take it from now on; the attempt has at least this number. */
  | { readonly type: 'task_offered'; readonly nodeId: string; readonly attempt: number }
  /** No worker is given it any more; one that has it by then may end it, and what no worker has is ended by whoever gives it out. */
  | { readonly type: 'task_withdrawn'; readonly nodeId: string; readonly because: string }
  /** The attempt was made before and nobody knows what came of it: it is made again and may be paid again. */
  | { readonly type: 'attempt_uncertain'; readonly nodeId: string; readonly attempt: number }
  | {
      readonly type: 'tool_called';
      readonly nodeId: string;
      readonly attempt: number;
      readonly toolName: string;
      /** Within the attempt, from 1; absent where nobody counts. */
      readonly number?: number;
    }
  /** A call of a tool has ended, or was refused, which then is all that is recorded of it. */
  | ({ readonly type: 'tool_ended'; readonly nodeId: string; readonly attempt: number } & ToolCallEnd)
  | {
      readonly type: 'task_succeeded';
      readonly nodeId: string;
      /** 0 when it came from the cache. */
      readonly attempt: number;
      readonly answer: AgentAnswer;
      readonly durationMs: number;
      /** Execution that computed it, when it came from the cache. */
      readonly cachedFrom?: string;
    }
  | {
      readonly type: 'task_failed';
      readonly nodeId: string;
      /** 0 when it never started. */
      readonly attempt: number;
      readonly fault: TaskFault;
      readonly durationMs: number;
    }
  | {
      readonly type: 'task_cancelled';
      readonly nodeId: string;
      /** 0 when it never started. */
      readonly attempt: number;
      readonly durationMs: number;
      /** What ended it, in a sentence; absent when a person cancelled the run. */
      readonly because?: string;
    }
  | {
      readonly type: 'retry_scheduled';
      readonly nodeId: string;
      readonly attempt: number;
      readonly fault: TaskFault;
      readonly durationMs: number;
      /** When the next attempt may begin, in milliseconds since the Unix epoch. */
      readonly dueMs: number;
      /** False when the attempt was refused before it began, so that it is not used up. */
      readonly counts: boolean;
    }
  | { readonly type: 'task_skipped'; readonly nodeId: string; readonly because: string }
  | {
      readonly type: 'approval_requested';
      readonly nodeId: string;
      /** When it decides itself, in milliseconds since the Unix epoch. */
      readonly expiresMs: number;
    }
  | {
      readonly type: 'approval_decided';
      readonly nodeId: string;
      readonly approved: boolean;
      /** Id of the user; null when time decided. */
      readonly by: string | null;
      readonly comment: string;
    }
  | { readonly type: 'paused'; readonly by: string }
  | { readonly type: 'resumed'; readonly by: string }
  /** It could have gone on for so long, and waited for a place among its tenant's running executions. */
  | { readonly type: 'placed'; readonly waitedMs: number }
  | { readonly type: 'cancel_requested'; readonly by: string; readonly because: string }
  /** Every task has ended; the outcome is applied from now on. */
  | { readonly type: 'finishing'; readonly outcome: Outcome }
  /** What applying will change, with every id. */
  | { readonly type: 'effects_planned'; readonly prepared: JsonObject }
  | {
      readonly type: 'ended';
      readonly status: 'completed' | 'failed' | 'cancelled';
      /** What came of it in a few words; empty when there are none. */
      readonly summary: string;
    };

/** How a run turned out, before it is applied. */
export interface Outcome {
  readonly succeeded: boolean;
  /** Whether what succeeded is applied although a task failed. */
  readonly partial: boolean;
  /** Code of the fault that decided; empty on success. */
  readonly reason: string;
  /** Sentence for people; empty on success. */
  readonly error: string;
}

/** An event in its place. */
export interface JournalEntry {
  readonly seq: number;
  /** Milliseconds since the Unix epoch. */
  readonly atMs: number;
  readonly event: JournalEvent;
}
