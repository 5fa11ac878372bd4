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
import {
  type ExecutionState,
  type ExecutionStatus as StoredStatus,
  taskOf,
} from '../core/execution-state.ts';
import { type CacheOrigin, cacheStats, type LogEntry } from '../core/log-entry.ts';
import { managementConflicts } from '../core/management-effects.ts';
import { type Conflict, type GivenValue, mergeIngestion } from '../core/merge-ingestion.ts';
import { jobIdOf } from '../core/public-id.ts';
import { agentsIn, type PlannedTask } from '../core/run-plan.ts';
import { isSetAside } from '../core/set-aside.ts';
import type { ShownToolCall } from '../core/tool-call-list.ts';
import { executionToolCallsMax } from '../core/tool-calls-left.ts';
import { type Whereabouts, waitingFor } from '../core/waiting-for.ts';
import { toolCallWire } from './wire-tool-call.ts';

/** Kinds of runs as the mesh names them. */
export const kinds = {
  ingest: ExecutionKind.INGEST,
  query: ExecutionKind.QUERY,
  management: ExecutionKind.MANAGEMENT,
  workflow: ExecutionKind.WORKFLOW,
  task: ExecutionKind.TASK,
  shadow_ingest: ExecutionKind.SHADOW_INGEST,
  shadow_query: ExecutionKind.SHADOW_QUERY,
} as const;

const statuses = {
  pending: ExecutionStatus.PENDING,
  running: ExecutionStatus.RUNNING,
  paused: ExecutionStatus.PAUSED,
  cancelling: ExecutionStatus.CANCELLING,
  finishing: ExecutionStatus.FINISHING,
  completed: ExecutionStatus.COMPLETED,
  failed: ExecutionStatus.FAILED,
  cancelled: ExecutionStatus.CANCELLED,
} as const;

const taskStatuses = {
  waiting: TaskStatus.WAITING,
  ready: TaskStatus.READY,
  waiting_approval: TaskStatus.WAITING_APPROVAL,
  // It could start, and who is to do it is away: why it has not is told in `waiting_for`.
  waiting_worker: TaskStatus.READY,
  running: TaskStatus.RUNNING,
  retry_wait: TaskStatus.RETRY_WAIT,
  succeeded: TaskStatus.SUCCEEDED,
  failed: TaskStatus.FAILED,
  skipped: TaskStatus.SKIPPED,
  cancelled: TaskStatus.CANCELLED,
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

/** Where a run stands. */
export function statusWire(status: StoredStatus): ExecutionStatus {
  return statuses[status];
}

/** An execution without its tasks and log. */
export function executionListWire(execution: StoredExecution) {
  const { id, kind, status, startedAtMs, completedAtMs, trace, rerunOf } = execution;
  return {
    id,
    jobId: jobIdOf(id),
    kind: kinds[kind],
    status: statuses[status],
    reason: listedReasonOf(execution),
    partial: execution.partial,
    domainId: execution.domainId,
    domainVersion: execution.domainVersion,
    subject: subjectWire(execution),
    sessionId: execution.sessionId ?? '',
    rerunOf: rerunOf === undefined ? '' : jobIdOf(rerunOf),
    createdBy: execution.principal.userId,
    createdAt: timestampFromMs(execution.createdAtMs),
    ...(startedAtMs === undefined ? {} : { startedAt: timestampFromMs(startedAtMs) }),
    ...(completedAtMs === undefined ? {} : { completedAt: timestampFromMs(completedAtMs) }),
    error: execution.error,
    traceId: (trace && traceIdOf(restoreTrace(trace))) ?? '',
  };
}

function subjectWire({ kind, subjectId: value }: StoredExecution) {
  switch (kind) {
    case 'ingest':
      return { case: 'incidentId' as const, value };
    case 'query':
    case 'management':
      return { case: 'queryId' as const, value };
    case 'workflow':
      return { case: 'workflowId' as const, value };
    case 'task':
    case 'shadow_ingest':
    case 'shadow_query':
      return { case: undefined };
  }
}

/** Reason of a run that waits for a place among those of its tenant. */
const queued = 'queued';
/** Reason of a run that cannot be gone on with as it is recorded, and is tried again from time to time. */
const aside = 'set_aside';
/** Reason of a run that goes on once a person has decided. */
const undecided = 'waiting_approval';

function listedReasonOf(execution: StoredExecution): string {
  if (isSetAside(execution)) return aside;
  return execution.isQueued ? queued : execution.reason;
}

function reasonOf(execution: StoredExecution, { outcome, status, counts }: ExecutionState): string {
  const {
    waiting_approval: approvals,
    waiting_worker: offered,
    running,
    ready,
    retry_wait: retries,
  } = counts;
  const others = offered + running + ready + retries;
  if (outcome) return outcome.reason;
  if (isSetAside(execution)) return aside;
  if (execution.isQueued && running === 0) return queued;
  return status === 'running' && approvals > 0 && others === 0 ? undecided : '';
}

function placeOf(execution: StoredExecution): Whereabouts['place'] {
  if (isSetAside(execution)) return 'set_aside';
  if (execution.isQueued) return 'queued';
  return execution.isParked ? 'parked' : 'held';
}

/** What an execution is shown with. */
export interface ShownWith {
  /** In the order of their records; absent shows none. */
  readonly toolCalls?: readonly ShownToolCall[];
  /** Calls of tools that a run may make [`executionToolCallsMax`]. */
  readonly toolCallsMax?: number;
  /** By nodeId: the attempt of each task that a worker has now; absent for none. */
  readonly withWorker?: ReadonlyMap<string, number>;
}

/** The whole execution. Its row may be read a moment before or after its journal, so whatever moves is taken from the journal alone. */
export function executionWire(
  execution: StoredExecution,
  state: ExecutionState,
  { toolCalls = [], toolCallsMax = executionToolCallsMax, withWorker = new Map() }: ShownWith = {},
) {
  const { status, startedMs, endedMs, outcome } = state;
  const { tasks } = state.plan;
  const where = { place: placeOf(execution), toolCallsMax, withWorker };
  return {
    ...executionListWire(execution),
    status: statuses[status],
    reason: reasonOf(execution, state),
    error: outcome?.error ?? (isSetAside(execution) ? execution.error : ''),
    partial: outcome?.partial ?? false,
    startedAt: startedMs === undefined ? undefined : timestampFromMs(startedMs),
    completedAt: endedMs === undefined ? undefined : timestampFromMs(endedMs),
    tasks: tasks.map((task) => taskWire(state, task, where)),
    edges: tasks.flatMap(({ nodeId: to, parents }) => parents.map((from) => ({ from, to }))),
    executionLog: state.log.map((entry) => entryWire(entry, execution)),
    cacheStats: cacheStats(state.log, agentsIn(state.plan)),
    conflicts: conflictsWire(execution, state),
    toolCalls: toolCalls.map((call) => toolCallWire(state, call)),
  };
}

function conflictsWire(execution: StoredExecution, state: ExecutionState): JsonObject[] {
  return conflictsOf(execution, state).map(({ key, kept, dropped }) => ({
    key,
    kept: valueWire(kept),
    dropped: dropped.map(valueWire),
  }));
}

// As the documents record them: only when the run's outputs are written there.
function conflictsOf({ kind }: StoredExecution, state: ExecutionState): readonly Conflict[] {
  const written = state.outcome?.succeeded || state.outcome?.partial;
  if (kind === 'ingest' && written) return mergeIngestion(state, 0).conflicts;
  return kind === 'management' ? managementConflicts(state.prepared) : [];
}

function valueWire({ agentId, value }: GivenValue): JsonObject {
  return { agent_id: agentId, value };
}

function taskWire(state: ExecutionState, task: PlannedTask, where: Whereabouts) {
  const { taskId, nodeId, implicit, approval, agentVersion } = task;
  const { status, attempt } = shownTask(state, nodeId, where);
  const agent = approval ? nobody : { agentId: task.agentId, agentName: task.agentName, agentVersion };
  const names = { taskId, nodeId, ...agent, implicit };
  return { ...names, status: taskStatuses[status], attempt, waitingFor: waitingFor(state, task, where) };
}

// Who has a task is not in its journal before the attempt has ended.
function shownTask(state: ExecutionState, nodeId: string, { withWorker }: Whereabouts) {
  const task = taskOf(state, nodeId);
  const attempt = task.status === 'waiting_worker' ? withWorker?.get(nodeId) : undefined;
  return attempt === undefined ? task : { status: 'running' as const, attempt };
}

const nobody = { agentId: '', agentName: '', agentVersion: 0 };

function entryWire(entry: LogEntry, execution: StoredExecution) {
  const { output, fault, confidence, cache } = entry;
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
    rawText: fault?.rawText ?? '',
    ...(confidence === undefined ? {} : { confidence }),
    runtime: entry.runtime ?? '',
    ...(cache ? { cache: cacheWire(cache, execution) } : {}),
  };
}

function cacheWire({ source, fromExecutionId, handedTo }: CacheOrigin, { id }: StoredExecution) {
  return { source, fromJobId: jobIdOf(fromExecutionId ?? id), handedTo: handedTo ?? '' };
}
