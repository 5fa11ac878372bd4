// Executions of the core as messages of the mesh.
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { JsonObject } from '../../../foundation/json/json.ts';
import { restoreTrace, traceIdOf } from '../../../foundation/telemetry/propagation.ts';
import {
  ExecutionKind,
  ExecutionStatus,
  LogStatus,
  TaskStatus,
} from '../../../proto/gen/domainflow/orchestrator/v1/execution_pb.js';
import type { StoredExecution } from '../core/execution-record.ts';
import { type ExecutionState, taskOf } from '../core/execution-state.ts';
import { cacheStats, type LogEntry } from '../core/log-entry.ts';
import { type GivenValue, mergeIngestion } from '../core/merge-ingestion.ts';
import { jobIdOf } from '../core/public-id.ts';
import type { PlannedTask } from '../core/run-plan.ts';
import { waitingFor } from '../core/waiting-for.ts';

const kinds = { ingest: ExecutionKind.INGEST, query: ExecutionKind.QUERY } as const;

const statuses = {
  pending: ExecutionStatus.PENDING,
  running: ExecutionStatus.RUNNING,
  finishing: ExecutionStatus.FINISHING,
  completed: ExecutionStatus.COMPLETED,
  failed: ExecutionStatus.FAILED,
} as const;

const taskStatuses = {
  waiting: TaskStatus.WAITING,
  running: TaskStatus.RUNNING,
  retry_wait: TaskStatus.RETRY_WAIT,
  succeeded: TaskStatus.SUCCEEDED,
  failed: TaskStatus.FAILED,
  skipped: TaskStatus.SKIPPED,
} as const;

const logStatuses = {
  success: LogStatus.SUCCESS,
  cached: LogStatus.CACHED,
  error: LogStatus.ERROR,
  skipped: LogStatus.SKIPPED,
} as const;

/** The word for a kind in a filter; undefined for every kind. */
export function kindOf(kind: ExecutionKind): string | undefined {
  return kind === ExecutionKind.UNSPECIFIED ? undefined : ExecutionKind[kind].toLowerCase();
}

/** The word for a status in a filter; undefined for every status. */
export function statusOf(status: ExecutionStatus): string | undefined {
  return status === ExecutionStatus.UNSPECIFIED ? undefined : ExecutionStatus[status].toLowerCase();
}

/** An execution without its tasks and log. */
export function executionListWire(execution: StoredExecution) {
  const { id, kind, status, subjectId, startedAtMs, completedAtMs, trace } = execution;
  const subjectCase = kind === 'ingest' ? ('incidentId' as const) : ('queryId' as const);
  return {
    id,
    jobId: jobIdOf(id),
    kind: kinds[kind],
    status: statuses[status],
    reason: execution.reason,
    partial: execution.partial,
    domainId: execution.domainId,
    domainVersion: execution.domainVersion,
    subject: { case: subjectCase, value: subjectId },
    sessionId: execution.sessionId ?? '',
    createdBy: execution.principal.userId,
    createdAt: timestampFromMs(execution.createdAtMs),
    ...(startedAtMs === undefined ? {} : { startedAt: timestampFromMs(startedAtMs) }),
    ...(completedAtMs === undefined ? {} : { completedAt: timestampFromMs(completedAtMs) }),
    error: execution.error,
    traceId: (trace && traceIdOf(restoreTrace(trace))) ?? '',
  };
}

/** The whole execution. Its row may be read a moment before or after its journal, so whatever moves is taken from the journal alone. */
export function executionWire(execution: StoredExecution, state: ExecutionState) {
  const { status, startedMs, endedMs, outcome } = state;
  const { tasks } = state.plan;
  return {
    ...executionListWire(execution),
    status: statuses[status],
    reason: outcome?.reason ?? '',
    error: outcome?.error ?? '',
    partial: outcome?.partial ?? false,
    startedAt: startedMs === undefined ? undefined : timestampFromMs(startedMs),
    completedAt: endedMs === undefined ? undefined : timestampFromMs(endedMs),
    tasks: tasks.map((task) => taskWire(state, task)),
    edges: tasks.flatMap(({ nodeId: to, parents }) => parents.map((from) => ({ from, to }))),
    executionLog: state.log.map((entry) => entryWire(entry, execution)),
    cacheStats: cacheStats(state.log, tasks.length),
    conflicts: conflictsWire(execution, state),
  };
}

// As the report records them: only when the run's outputs are written there.
function conflictsWire({ kind }: StoredExecution, state: ExecutionState): JsonObject[] {
  const written = state.outcome?.succeeded || state.outcome?.partial;
  if (kind !== 'ingest' || !written) return [];
  return mergeIngestion(state, 0).conflicts.map(({ key, kept, dropped }) => ({
    key,
    kept: valueWire(kept),
    dropped: dropped.map(valueWire),
  }));
}

function valueWire({ agentId, value }: GivenValue): JsonObject {
  return { agent_id: agentId, value };
}

function taskWire(state: ExecutionState, task: PlannedTask) {
  const { taskId, nodeId, agentId, agentName, agentVersion, implicit } = task;
  const { status, attempt } = taskOf(state, nodeId);
  const names = { taskId, nodeId, agentId, agentName, agentVersion, implicit };
  return { ...names, status: taskStatuses[status], attempt, waitingFor: waitingFor(state, task) };
}

function entryWire(entry: LogEntry, execution: StoredExecution) {
  const { output, fault, confidence, handedTo } = entry;
  return {
    agentId: entry.agentId,
    agentName: entry.agentName,
    agentVersion: entry.agentVersion,
    taskId: entry.taskId,
    status: logStatuses[entry.status],
    timestamp: timestampFromMs(entry.atMs),
    reasoning: entry.reasoning,
    ...(output ? { output } : {}),
    executionTimeMs: BigInt(entry.executionTimeMs),
    attempt: entry.attempt,
    errorCode: fault?.code ?? '',
    errorMessage: fault?.message ?? '',
    ...(confidence === undefined ? {} : { confidence }),
    runtime: entry.runtime ?? '',
    ...(handedTo === undefined
      ? {}
      : { cache: { source: 'run', fromJobId: jobIdOf(execution.id), handedTo } }),
  };
}
