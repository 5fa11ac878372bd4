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
  /** Where a reused output comes from; only on `cached` entries. */
  readonly cache?: CacheOrigin;
}

/** Where a reused output comes from. */
export interface CacheOrigin {
  readonly source: 'run' | 'cross_run' | 'rerun';
  /** Execution that computed it; absent for this one. */
  readonly fromExecutionId?: string;
  /** Node that it was handed to; only within a run. */
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

/** An output that was not computed anew. */
interface Reuse {
  readonly atMs: number;
  readonly answer: AgentAnswer;
  readonly reasoning: string;
  readonly cache: CacheOrigin;
}

function reuseEntry(task: PlannedTask, { atMs, answer, reasoning, cache }: Reuse): LogEntry {
  const { output, confidence, runtime } = answer;
  const moment = { atMs, attempt: 0, durationMs: 0 };
  return { ...entryOf(task, moment), status: 'cached', reasoning, output, confidence, runtime, cache };
}

/** The entry of an output that a further dependent is given. */
export function handOverEntry(
  task: PlannedTask,
  atMs: number,
  { answer, handedTo }: { readonly answer: AgentAnswer; readonly handedTo: string },
): LogEntry {
  const reasoning = `The output came from the cache of this run, which handed it to ${handedTo}`;
  return reuseEntry(task, { atMs, answer, reasoning, cache: { source: 'run', handedTo } });
}

/** The entry of an output that another run computed and a cache kept. */
export function cachedEntry(
  task: PlannedTask,
  atMs: number,
  { answer, cachedFrom }: { readonly answer: AgentAnswer; readonly cachedFrom: string },
): LogEntry {
  const reasoning = 'The output came from the cache: an earlier run computed it from the same input';
  const cache = { source: 'cross_run', fromExecutionId: cachedFrom } as const;
  return reuseEntry(task, { atMs, answer, reasoning, cache });
}

/** The entry of an output that a re-run takes over from the run that it repeats. */
export function reusedEntry(
  task: PlannedTask,
  atMs: number,
  { answer, fromExecutionId }: { readonly answer: AgentAnswer; readonly fromExecutionId: string },
): LogEntry {
  const reasoning = 'The output came from the cache: it was reused from an earlier run of this job';
  const cache = { source: 'rerun', fromExecutionId } as const;
  return reuseEntry(task, { atMs, answer, reasoning, cache });
}

/** The entry of a task that failed for good. */
export function errorEntry(task: PlannedTask, moment: LogMoment, fault: TaskFault): LogEntry {
  return { ...entryOf(task, moment), status: 'error', reasoning: '', output: null, fault };
}

/** The entry of a task that was ended from outside; `because` is absent when a person cancelled the run. */
export function cancelledEntry(
  task: PlannedTask,
  { because = 'cancelled', ...moment }: LogMoment & { readonly because?: string },
): LogEntry {
  return errorEntry(task, moment, { code: 'cancelled', message: because });
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

/** Folds the log into counts; agents count once each. How many there are in the plan says `agentsIn`. */
export function cacheStats(log: readonly LogEntry[], agentsInPlan: number): CacheStats {
  const agentsWith = (test: (entry: LogEntry) => boolean) =>
    new Set(log.filter(test).map(({ agentId }) => agentId)).size;
  return {
    cachedAgents: agentsWith(({ status }) => status === 'cached'),
    executedAgents: agentsWith(({ status, attempt }) => status !== 'cached' && attempt > 0),
    totalAgents: agentsInPlan,
  };
}
