// The execution log in the form that query jobs keep and show (SPEC S6.7).
import type { JsonObject } from '../../../foundation/json/json.ts';
import type { ExecutionState } from '../core/execution-state.ts';
import { type CacheOrigin, cacheStats, type LogEntry } from '../core/log-entry.ts';
import { jobIdOf } from '../core/public-id.ts';
import { agentsIn } from '../core/run-plan.ts';

function entryJson(entry: LogEntry, jobId: string): JsonObject {
  const { fault, confidence, runtime, cache } = entry;
  return {
    agent_id: entry.agentId,
    agent_name: entry.agentName,
    agent_version: entry.agentVersion,
    task_id: entry.taskId,
    status: entry.status,
    timestamp: new Date(entry.atMs).toISOString(),
    reasoning: entry.reasoning,
    output: entry.output,
    execution_time_ms: entry.executionTimeMs,
    attempt: entry.attempt,
    ...(fault ? { error_code: fault.code, error_message: fault.message } : {}),
    ...(confidence === undefined ? {} : { confidence }),
    ...(runtime === undefined ? {} : { runtime }),
    ...(cache ? { cache: cacheJson(cache, jobId) } : {}),
  };
}

function cacheJson({ source, fromExecutionId, handedTo }: CacheOrigin, jobId: string): JsonObject {
  const from = fromExecutionId === undefined ? jobId : jobIdOf(fromExecutionId);
  return { source, from_job_id: from, ...(handedTo === undefined ? {} : { handed_to: handedTo }) };
}

/** The entries of a run's log, in order of time. */
export function logWire(log: readonly LogEntry[], execution: { readonly id: string }): JsonObject[] {
  const jobId = jobIdOf(execution.id);
  return log.map((entry) => entryJson(entry, jobId));
}

/** Counts of computed and reused outputs of a run. */
export function cacheStatsWire(state: ExecutionState) {
  return { ...cacheStats(state.log, agentsIn(state.plan)) };
}
