// Schemas and examples of tasks of API v2.
import { WorkTaskStatus } from '../../proto/gen/domainflow/orchestrator/v1/task_pb.js';
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
  text,
  textOrNull,
  time,
  timeOrNull,
} from '../core/answer-schema.ts';
import type { JsonSchema } from '../core/operation.ts';
import { objectSchema, textSchema } from '../http/schema-parts.ts';
import { enumWords } from './enum-words.ts';
import { exampleIds, exampleTime } from './worker-schema.ts';

/** What tasks are about. */
export const workTaskTypes = [
  ...['analysis', 'detection', 'classification', 'tracking', 'alert', 'report', 'custom'],
] as const;

/** Where a task stands, in the words of lists and filters. */
export const workTaskStatuses = ['pending', 'running', 'completed', 'failed', 'cancelled'] as const;

/** By what lists are sorted. */
export const workTaskOrders = ['created_at', 'priority', 'status', 'name', 'type'] as const;

const uuid: JsonSchema = { type: 'string', format: 'uuid' };
const uuidOrNull: JsonSchema = { type: ['string', 'null'], format: 'uuid' };
const priority: JsonSchema = {
  ...{ type: 'integer', minimum: 1, maximum: 5 },
  description: '1 LOW, 2 NORMAL, 3 HIGH, 4 CRITICAL, 5 EMERGENCY',
};

const workTaskProperties = {
  id: uuid,
  type: oneOf(workTaskTypes),
  name: text,
  description: text,
  input_data: freeObject,
  result: { ...orNull(freeObject), description: 'What the worker answered; null until it has completed' },
  error_code: { ...textOrNull, description: 'Of the last fault' },
  error_message: textOrNull,
  status: oneOf(workTaskStatuses),
  state: {
    ...oneOf(enumWords(WorkTaskStatus)),
    description:
      'More exactly than `status`: `waiting` for others of its workflow, `retrying` between two attempts, `skipped` because another failed',
  },
  priority,
  required_capabilities: listOf(text),
  assigned_agent_id: { ...uuidOrNull, description: 'Worker that has it or had it last' },
  workflow_id: uuidOrNull,
  parent_task_id: { ...uuidOrNull, description: 'The first of `dependencies`' },
  dependencies: { ...listOf(uuid), description: 'Tasks whose results it is given' },
  key: { ...textOrNull, description: 'Its key within its workflow' },
  depends_on: { ...listOf(text), description: 'Keys of those tasks' },
  tags: listOf(text),
  metadata: { ...freeObject, description: 'Its tags and its place in a workflow once more' },
  created_at: time,
  started_at: { ...timeOrNull, description: 'When its first attempt began' },
  completed_at: { ...timeOrNull, description: 'When it ended, however it did' },
  timeout_at: { ...timeOrNull, description: 'When its time is up' },
  timeout: { type: 'number', description: 'Seconds for all attempts' },
  retry_count: count,
  max_retries: count,
  attempt: { ...count, description: 'Number of the last attempt; 0 before the first' },
  auto_dispatch: { ...flag, description: 'Whether it is given to whichever worker fits' },
  job_id: { ...textOrNull, description: 'Its execution, as in API v1; null before its workflow is executed' },
};

/** A task. */
export const workTaskSchema = namedObject(['WorkTask', 'Work that a worker is given'], workTaskProperties);

/** A task with its worker and its workflow where they were asked for. */
export const readWorkTaskSchema = namedObject(
  ['ReadWorkTask', 'A task, with its worker and its workflow where they were asked for'],
  {
    ...workTaskProperties,
    assigned_agent: { ...orNull(named('Worker')), description: 'Null where it has none' },
    workflow: { ...orNull(named('WorkflowRow')), description: 'Null where it has none' },
    database_source: oneOf(['postgresql']),
  },
  ['assigned_agent', 'workflow'],
);

/** An attempt that a worker is given. */
export const claimedTaskSchema = namedObject(['ClaimedTask', 'An attempt that is given to a worker'], {
  task_id: uuid,
  attempt: { type: 'integer', minimum: 1, description: 'Its number, which the result names' },
  lease_until: { ...time, description: "Until when it is the worker's; heartbeats extend it" },
  timeout_at: { ...timeOrNull, description: 'When the attempt is given up' },
  task_type: text,
  input_data: freeObject,
  context: {
    ...freeObject,
    description:
      'Job, task and, under `<key>_output`, the results of tasks before it; for an agent of a playbook what it is, with its `output_schema`; `traceparent` and `tracestate` of the trace that its run belongs to',
  },
});

/** Members of a task as it is described, alone or in a workflow. */
export const workTaskRequestProperties: Readonly<Record<string, JsonSchema>> = {
  type: oneOf(workTaskTypes),
  name: textSchema(3, 255),
  description: textSchema(1, 5_000),
  input_data: {
    type: 'object',
    description: 'At most 10,000 characters as JSON and 10 levels, without U+0000',
    default: {},
  },
  priority: { ...priority, default: 2 },
  required_capabilities: { type: 'array', maxItems: 50, items: textSchema(2, 100), default: [] },
  timeout: {
    ...{ type: 'number', exclusiveMinimum: 0, maximum: 86_400 },
    description: 'Seconds for all attempts; absent for 300 an attempt and 600 in all',
  },
  max_retries: { type: 'integer', minimum: 0, maximum: 10, default: 3 },
  tags: { type: 'array', maxItems: 20, items: textSchema(2, 50), default: [] },
};

/** A task as it is described. */
export const workTaskRequestSchema: JsonSchema = objectSchema(
  {
    ...workTaskRequestProperties,
    workflow_id: { ...uuid, description: 'Workflow that it is told with; it is no part of its graph' },
    auto_dispatch: {
      ...flag,
      default: false,
      description: 'Given to a worker without being asked again; also as a query parameter',
    },
  },
  ['type', 'name', 'description'],
);

/** What a worker may say went wrong; after those of the first row the task is tried again. */
export const attemptFaultCodes = [
  ...[
    'model_error',
    'model_timeout',
    'tool_error',
    'worker_lost',
    'dependency_unavailable',
    'attempt_timeout',
  ],
  ...['output_invalid', 'output_too_large', 'permission_denied', 'model_unavailable', 'budget_exceeded'],
  ...['agent_disabled', 'agent_missing', 'deadline', 'approval_rejected', 'approval_timeout'],
  ...['too_many_targets', 'limit_reached', 'cancelled'],
] as const;

/** What came of an attempt. */
export const attemptResultSchema: JsonSchema = {
  type: 'object',
  description:
    'An envelope with `output`, or any other object as the output itself, or `error_code` and `error_message`. Null counts as absent beside the other of `output` and `error_code`. No text holds U+0000',
  properties: {
    output: { type: 'object', description: 'The result' },
    confidence: { type: 'number', minimum: 0, maximum: 1 },
    reasoning: { type: 'string' },
    references: { type: 'array', items: text, maxItems: 1_000 },
    error_code: {
      ...oneOf(attemptFaultCodes),
      description:
        'What went wrong; absent for a result. Tried again after model_error, model_timeout, tool_error, worker_lost, dependency_unavailable and attempt_timeout',
    },
    error_message: text,
  },
};

/** A task as it is described. */
export const workTaskRequestExample = {
  ...{ type: 'detection', name: 'Find potholes', description: 'Find the potholes in a picture' },
  ...{ input_data: { image: 'https://images.example.org/street.jpg' }, priority: 3 },
  ...{ required_capabilities: ['potholes'], timeout: 120, max_retries: 2, tags: ['street'] },
};

/** A task that waits for a worker. */
export const workTaskExample = {
  id: exampleIds.task,
  ...workTaskRequestExample,
  ...{ result: null, error_code: null, error_message: null, status: 'pending', state: 'pending' },
  ...{ assigned_agent_id: null, workflow_id: null, parent_task_id: null, dependencies: [] },
  ...{ key: null, depends_on: [], metadata: { tags: ['street'], key: null, depends_on: [] } },
  ...{ created_at: exampleTime, started_at: null, completed_at: null, timeout_at: null },
  ...{ retry_count: 0, attempt: 0, auto_dispatch: true, job_id: exampleIds.job },
};

/** An attempt. */
export const claimedTaskExample = {
  ...{ task_id: exampleIds.task, attempt: 1, task_type: 'detection' },
  ...{ lease_until: '2026-03-01T10:02:00.000Z', timeout_at: '2026-03-01T10:02:00.000Z' },
  ...{ input_data: workTaskRequestExample.input_data, context: { job_id: exampleIds.job } },
};

/** What many answers about a task say. */
export function taskAnswer(properties: Readonly<Record<string, JsonSchema>>, example: object) {
  return {
    schema: answerObject({ task_id: uuid, ...properties }),
    example: { task_id: exampleIds.task, ...example },
  };
}
