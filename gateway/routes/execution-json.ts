// Executions as the API shows them: the run, its plan and its log.
import {
  type Execution,
  ExecutionKind,
  ExecutionStatus,
  type LogEntry,
  LogStatus,
  type Task,
  TaskStatus,
} from '../../proto/gen/domainflow/orchestrator/v1/execution_pb.js';
import { enumWord } from './enum-words.ts';
import { cacheStatsJson } from './query-json.ts';
import { timeJson } from './time-json.ts';
import { toolCallJson } from './tool-call-json.ts';

/** The run without its plan and log, as lists show it. */
export function executionRow(run: Execution): object {
  return {
    job_id: run.jobId,
    kind: enumWord(ExecutionKind, run.kind),
    status: enumWord(ExecutionStatus, run.status),
    reason: run.reason || null,
    partial: run.partial,
    domain_id: run.domainId || null,
    domain_version: run.domainVersion || null,
    ...subjectJson(run.subject),
    rerun_of: run.rerunOf || null,
    created_by: run.createdBy,
    created_at: timeJson(run.createdAt),
    started_at: timeJson(run.startedAt),
    completed_at: timeJson(run.completedAt),
    error: run.error || null,
  };
}

/** The whole run. */
export function executionJson(run: Execution): object {
  return {
    ...executionRow(run),
    session_id: run.sessionId || null,
    plan: { nodes: run.tasks.map(taskJson), edges: run.edges.map(({ from, to }) => ({ from, to })) },
    execution_log: run.executionLog.map(logEntryJson),
    cache_stats: cacheStatsJson(run.cacheStats),
    conflicts: run.conflicts,
    tool_calls: run.toolCalls.map(toolCallJson),
    trace_id: run.traceId || null,
  };
}

function subjectJson(subject: Execution['subject']): object {
  switch (subject.case) {
    case 'incidentId':
      return { incident_id: subject.value };
    case 'queryId':
      return { query_id: subject.value };
    case 'workflowId':
      return { workflow_id: subject.value };
    default:
      return {};
  }
}

function taskJson(task: Task): object {
  return {
    task_id: task.taskId,
    node_id: task.nodeId,
    ...(isApproval(task) ? { kind: 'approval' } : {}),
    agent_id: task.agentId || null,
    agent_name: task.agentName || null,
    agent_version: task.agentVersion || null,
    implicit: task.implicit,
    status: enumWord(TaskStatus, task.status),
    attempt: task.attempt,
    waiting_for: task.waitingFor,
  };
}

// As in a playbook, where only these say of what kind they are.
function isApproval({ agentId, nodeId }: Task): boolean {
  return agentId === '' && nodeId.startsWith('approval-');
}

// The fields of S6.7 depend on how the step ended.
function logEntryJson(entry: LogEntry): object {
  const { errorCode, errorMessage, rawText, confidence, runtime } = entry;
  const failed = entry.status === LogStatus.ERROR;
  return {
    agent_id: entry.agentId || null,
    agent_name: entry.agentName || null,
    agent_version: entry.agentVersion || null,
    task_id: entry.taskId,
    status: enumWord(LogStatus, entry.status),
    timestamp: timeJson(entry.timestamp),
    reasoning: entry.reasoning,
    output: entry.output ?? null,
    execution_time_ms: Number(entry.executionTimeMs),
    attempt: entry.attempt,
    ...(failed ? { error_code: errorCode, error_message: errorMessage } : {}),
    ...(rawText ? { raw_text: rawText } : {}),
    ...(confidence === undefined ? {} : { confidence }),
    ...(runtime ? { runtime } : {}),
    ...(entry.cache ? { cache: cacheJson(entry.cache) } : {}),
  };
}

function cacheJson({ source, fromJobId, handedTo }: NonNullable<LogEntry['cache']>): object {
  return { source, from_job_id: fromJobId || null, ...(handedTo ? { handed_to: handedTo } : {}) };
}
