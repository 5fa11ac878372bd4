// Entries of the execution log (SPEC S6.7), as the fold of the journal makes them.
import type { JsonObject } from '../../../foundation/json/json.ts';
import type { AgentAnswer, TaskFault } from './agent-answer.ts';
import type { PlannedTask } from './run-plan.ts';

/** One ended step, or the hand-over of an output to a further dependent. */
export interface LogEntry {
  readonly agentId: string;
  readonly agentName: string;
  readonly agentVersion: number;
  readonly taskId: string;
  readonly status: 'success' | 'cached' | 'error' | 'skipped';
  /** Milliseconds since the Unix epoch. */
  readonly atMs: number;
  readonly reasoning: string;
  /** Null for failed and skipped steps. */
  readonly output: JsonObject | null;
  readonly executionTimeMs: number;
  readonly attempt: number;
  readonly fault?: TaskFault;
  readonly confidence?: number;
  readonly runtime?: string;
  /** Node that a reused output was handed to. */
  readonly handedTo?: string;
}

/** When an entry was made and by which try. */
export interface LogMoment {
  readonly atMs: number;
  readonly attempt: number;
  readonly durationMs: number;
}

function entryOf(task: PlannedTask, { atMs, attempt, durationMs }: LogMoment) {
  const { agentId, agentName, agentVersion, taskId } = task;
  return { agentId, agentName, agentVersion, taskId, atMs, attempt, executionTimeMs: durationMs };
}

/** The entry of a computed output. */
export function successEntry(task: PlannedTask, moment: LogMoment, answer: AgentAnswer): LogEntry {
  const { reasoning, output, confidence, runtime } = answer;
  return { ...entryOf(task, moment), status: 'success', reasoning, output, confidence, runtime };
}

/** The entry of an output that a further dependent is given. */
export function handOverEntry(
  task: PlannedTask,
  moment: LogMoment,
  answer: AgentAnswer,
  handedTo: string,
): LogEntry {
  const { output, confidence, runtime } = answer;
  const reasoning = `The output computed earlier in this run was handed to ${handedTo}`;
  return { ...entryOf(task, moment), status: 'cached', reasoning, output, confidence, runtime, handedTo };
}

/** The entry of a task that failed for good. */
export function errorEntry(task: PlannedTask, moment: LogMoment, fault: TaskFault): LogEntry {
  return { ...entryOf(task, moment), status: 'error', reasoning: '', output: null, fault };
}

/** The entry of a task that was never run. */
export function skippedEntry(task: PlannedTask, atMs: number, because: string): LogEntry {
  const moment = { atMs, attempt: 0, durationMs: 0 };
  return { ...entryOf(task, moment), status: 'skipped', reasoning: because, output: null };
}

/** Counts of computed and reused outputs (SPEC E5.5). */
export interface CacheStats {
  readonly cachedAgents: number;
  readonly executedAgents: number;
  readonly totalAgents: number;
}

/** Folds the log into counts; agents count once each. */
export function cacheStats(log: readonly LogEntry[], agentsInPlan: number): CacheStats {
  const agentsWith = (test: (entry: LogEntry) => boolean) =>
    new Set(log.filter(test).map(({ agentId }) => agentId)).size;
  return {
    cachedAgents: agentsWith(({ status }) => status === 'cached'),
    executedAgents: agentsWith(({ status, attempt }) => status !== 'cached' && attempt > 0),
    totalAgents: agentsInPlan,
  };
}
