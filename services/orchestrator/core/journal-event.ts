// What can happen to an execution, as its journal holds it. The journal is the truth: state, log and answers are folded from it.
import type { AgentAnswer, TaskFault } from './agent-answer.ts';

/** One fact about an execution. Its place in the journal, from 1 and without gaps, and its time are kept beside it. */
export type JournalEvent =
  | { readonly type: 'started' }
  | { readonly type: 'task_started'; readonly nodeId: string; readonly attempt: number }
  | {
      readonly type: 'task_succeeded';
      readonly nodeId: string;
      readonly attempt: number;
      readonly answer: AgentAnswer;
      readonly durationMs: number;
    }
  | {
      readonly type: 'task_failed';
      readonly nodeId: string;
      readonly attempt: number;
      readonly fault: TaskFault;
      readonly durationMs: number;
    }
  | {
      readonly type: 'retry_scheduled';
      readonly nodeId: string;
      readonly attempt: number;
      readonly fault: TaskFault;
      readonly durationMs: number;
      /** When the next attempt may begin, in milliseconds since the Unix epoch. */
      readonly dueMs: number;
    }
  | { readonly type: 'task_skipped'; readonly nodeId: string; readonly because: string }
  | { readonly type: 'finishing'; readonly outcome: Outcome }
  | { readonly type: 'ended'; readonly status: 'completed' | 'failed' };

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
