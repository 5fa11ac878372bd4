// Schemas of executions as execution-json.ts writes them.
import {
  ExecutionKind,
  ExecutionStatus,
  LogStatus,
  TaskStatus,
} from '../../proto/gen/domainflow/orchestrator/v1/execution_pb.js';
import {
  answerObject,
  count,
  flag,
  freeObject,
  listOf,
  named,
  namedObject,
  oneOf,
  orNull,
  publicId,
  text,
  textOrNull,
  time,
  timeOrNull,
} from '../core/answer-schema.ts';
import type { JsonSchema } from '../core/operation.ts';
import { enumWords } from './enum-words.ts';

const numberOrNull: JsonSchema = { ...count, type: ['integer', 'null'] };
const isAgent = { agent_id: textOrNull, agent_name: textOrNull, agent_version: numberOrNull };
const anything: JsonSchema = { description: 'Any JSON value' };

const subjects = {
  incident_id: { ...publicId('inc'), description: 'The report that it fills' },
  query_id: { ...publicId('qry'), description: 'The query that it answers' },
  workflow_id: { ...text, description: 'The workflow that it runs' },
};

/** Where a run stands. */
export const executionStatusSchema = oneOf(enumWords(ExecutionStatus));

const rowProperties = {
  job_id: publicId('job'),
  kind: oneOf(enumWords(ExecutionKind)),
  status: executionStatusSchema,
  reason: { ...textOrNull, description: 'Why it failed or waits, as a word such as `agent_missing`' },
  partial: { ...flag, description: 'True when it failed and what succeeded was applied' },
  domain_id: textOrNull,
  domain_version: { ...numberOrNull, description: 'The version that it is pinned to' },
  ...subjects,
  rerun_of: { ...textOrNull, description: 'The run that it repeats' },
  created_by: { ...text, description: 'Id of the user who started it' },
  created_at: time,
  started_at: { ...timeOrNull, description: 'When its first task could start' },
  completed_at: timeOrNull,
  error: { ...textOrNull, description: 'Why it failed, as a sentence' },
};

/** A run in a list. */
export const executionRowSchema = namedObject(
  ['ExecutionRow', 'A run in a list'],
  rowProperties,
  Object.keys(subjects),
);

/** A run with its plan and log. */
export const executionSchema = namedObject(
  ['Execution', 'A run with its plan and log'],
  {
    ...rowProperties,
    session_id: { ...textOrNull, description: 'Session of a question' },
    plan: answerObject({
      nodes: listOf(named('Task')),
      edges: {
        ...listOf(answerObject({ from: text, to: text })),
        description: 'Between nodes, by `node_id`',
      },
    }),
    execution_log: listOf(named('LogEntry')),
    cache_stats: orNull(named('CacheStats')),
    conflicts: listOf(freeObject),
    tool_calls: listOf(named('ToolCall')),
    trace_id: { ...textOrNull, description: 'Null when the start was not traced' },
  },
  Object.keys(subjects),
);

/** A node of a plan. */
export const taskSchema = namedObject(
  ['Task', 'A node of a plan, and where it stands'],
  {
    task_id: text,
    node_id: { ...text, description: 'Id of the agent, or `approval-<name>`' },
    kind: { ...oneOf(['approval']), description: 'Present for approvals alone' },
    ...isAgent,
    implicit: { ...flag, description: 'True when a dependency pulled it in' },
    status: oneOf(enumWords(TaskStatus)),
    attempt: { ...count, description: 'Attempts begun' },
    waiting_for: { ...listOf(text), description: 'What it waits for, a sentence each' },
  },
  ['kind'],
);

const cacheOrigin = answerObject(
  {
    source: oneOf(['run', 'cross_run', 'rerun']),
    from_job_id: { ...textOrNull, description: 'The run that computed it' },
    handed_to: { ...text, description: 'The node that it was handed to' },
  },
  ['handed_to'],
);

/** A step in the log of a run. */
export const logEntrySchema = namedObject(
  ['LogEntry', 'A step that ended, or an output that was handed on'],
  {
    ...isAgent,
    task_id: text,
    status: oneOf(enumWords(LogStatus)),
    timestamp: time,
    reasoning: { ...text, description: "The agent's own words; of a skipped step, who failed" },
    output: { ...orNull(freeObject), description: 'Null for failed and skipped steps' },
    execution_time_ms: { ...count, description: '0 for outputs that were reused' },
    attempt: { ...count, description: '0 when it was never tried' },
    error_code: { ...text, description: 'Why it failed, as a word such as `attempt_timeout`' },
    error_message: text,
    raw_text: { ...text, description: 'What a model wrote last, where no output could be read from it' },
    confidence: { type: 'number', minimum: 0, maximum: 1 },
    runtime: { ...text, description: 'Model or runtime that computed it' },
    cache: { ...cacheOrigin, description: 'Where a reused output comes from' },
  },
  ['error_code', 'error_message', 'raw_text', 'confidence', 'runtime', 'cache'],
);

/** Counts of computed and reused outputs. */
export const cacheStatsSchema = namedObject(
  ['CacheStats', 'How many outputs were computed, and how many reused'],
  {
    cached_agents: count,
    executed_agents: count,
    total_agents: count,
  },
);

const cut = orNull(answerObject({ bytes: count, sha256: text }));
const cutDescription = 'Size and hash of the whole where only its beginning is kept, as text; else null';

/** A call of a tool. */
export const toolCallSchema = namedObject(['ToolCall', 'A call of a tool that an agent made'], {
  task_id: text,
  agent_id: textOrNull,
  attempt: count,
  number: { ...numberOrNull, description: 'Within the attempt, from 1; null when it was not counted' },
  tool_name: text,
  started_at: time,
  duration_ms: { ...numberOrNull, description: 'Null while nobody has told of its end' },
  error_code: { ...textOrNull, description: 'Why it failed or was refused' },
  arguments: anything,
  arguments_cut: { ...cut, description: cutDescription },
  result: anything,
  result_cut: { ...cut, description: cutDescription },
});

/** Parts of paths below a run. */
export const executionPath = {
  job_id: { ...text, description: '`job_id` of the run' },
  task_id: { ...text, description: '`task_id` of the approval in the plan, or its `node_id`' },
};

/** Named schemas of executions. */
export const executionSchemas: readonly JsonSchema[] = [
  ...[executionRowSchema, executionSchema, taskSchema, logEntrySchema, cacheStatsSchema, toolCallSchema],
];
