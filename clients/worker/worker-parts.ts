// What the parts of one running worker share, and what they tell each other.
import type { HeldAttempts } from './held-attempts.ts';
import type { Pauses } from './persist.ts';
import type { ClaimedTask, TaskAnswer, WorkerCalls } from './worker-calls.ts';

/** What a handler is told besides the task. */
export interface HandlerContext {
  /** Aborted when the attempt is not this worker's any more, or the worker gives up: whatever is answered then is not sent. */
  readonly signal: AbortSignal;
}

/** Does a task. What it throws is told as the task's failure: a TaskFailure as it is, anything else as a `tool_error` without its text. */
export type Handle = (task: ClaimedTask, context: HandlerContext) => TaskAnswer | Promise<TaskAnswer>;

/** What happens in a worker, for its log. */
export interface WorkerEvent {
  readonly event:
    | 'registered'
    | 'task_begun'
    | 'task_answered'
    | 'task_failed'
    | 'task_lost'
    | 'answer_refused'
    | 'call_failed'
    | 'stopping'
    | 'stopped';
  readonly taskId?: string;
  readonly attempt?: number;
  /** What was thrown. */
  readonly error?: unknown;
}

/** What the parts of one running worker share. */
export interface WorkerParts {
  readonly agentId: string;
  readonly calls: WorkerCalls;
  readonly held: HeldAttempts;
  readonly handle: Handle;
  readonly pauses: Pauses;
  readonly leaseMs: number;
  readonly tell: (event: WorkerEvent) => void;
}
