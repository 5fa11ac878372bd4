// Tasks that are offered to workers: what a plan says of one, and how what comes of an attempt reaches its run. Which worker has a task, and
// until when, stands in its row and not here.
import type { AgentAnswer, TaskFault } from '../agent-answer.ts';

/** What a plan says of a task that workers are given. */
export interface PlannedWork {
  /** What kind of work it is, such as `analysis`. */
  readonly type: string;
  /** What a worker must be able to do; empty for any worker. */
  readonly requiredCapabilities: readonly string[];
  /** 1 LOW to 5 EMERGENCY. */
  readonly priority: number;
  /** True when an attempt that may have been made, and of which nobody knows what came, is not repeated: the task fails. Absent otherwise. */
  readonly failsUncertain?: true;
}

/** The priority of work of playbooks, and of whatever names none. */
export const usualPriority = 2;

/** Exactly one of what an attempt can end with. */
export type WorkerResult =
  | { readonly answer: AgentAnswer; readonly fault?: never }
  | { readonly fault: TaskFault; readonly answer?: never };

/** An attempt of a worker has ended, or the time of the task is up. It is stored as a command until its run has decided it. */
export type WorkerEnded = {
  readonly type: 'worker_ended';
  readonly nodeId: string;
  /** Number of the attempt, from 1; what is not above the last one that the run knows changes nothing. */
  readonly attempt: number;
  /** Attempts so far that were taken back from their workers: they use up no retry. */
  readonly returned: number;
  /** When the worker was given it, in milliseconds since the Unix epoch. */
  readonly startedMs: number;
  readonly durationMs: number;
  /** Empty when no worker had it: then no attempt has begun. */
  readonly workerId: string;
  /** From 0 to below 1, for the wait before a retry. */
  readonly random: number;
} & WorkerResult;

/** The runtime of answers; it is recorded as `worker:<id>`. */
export const workerRuntime = 'worker';

/** What a worker answered, as it is recorded. What it did not say is empty, its confidence 1. */
export function workerAnswer(
  output: AgentAnswer['output'],
  told: Partial<Pick<AgentAnswer, 'reasoning' | 'confidence' | 'references' | 'runtime'>> = {},
): AgentAnswer {
  const { reasoning = '', confidence = 1, references = [], runtime = workerRuntime } = told;
  return { output, reasoning, confidence, references, spans: {}, runtime };
}
