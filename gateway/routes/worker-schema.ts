// Schemas and examples of workers.
import { WorkerStatus } from '../../proto/gen/domainflow/orchestrator/v1/worker_pb.js';
import {
  answerObject,
  count,
  flag,
  freeObject,
  listOf,
  named,
  namedObject,
  oneOf,
  text,
  textOrNull,
  time,
  timeOrNull,
} from '../core/answer-schema.ts';
import type { JsonSchema } from '../core/operation.ts';
import { objectSchema, textSchema } from '../http/schema-parts.ts';
import { enumWords } from './enum-words.ts';

/** What workers are for. */
export const workerTypes = [
  ...['detector', 'analyzer', 'classifier', 'tracker', 'notifier', 'coordinator', 'custom'],
] as const;

/** Other words for them. */
export const workerTypeAliases: Readonly<Record<string, string>> = {
  ...{ analysis_agent: 'analyzer', notification_agent: 'notifier' },
  ...{ prompt_agent: 'custom', rag_agent: 'custom', rule_agent: 'custom' },
};

/** How workers are reached. */
export const workerProtocols = ['http', 'connect', 'grpc', 'pull'] as const;

/** What can be done to many workers. */
export const workerOperations = ['activate', 'deactivate', 'reset_status'] as const;

const uuid: JsonSchema = { type: 'string', format: 'uuid' };
const uuidOrNull: JsonSchema = { type: ['string', 'null'], format: 'uuid' };

const performance = answerObject({
  tasks_succeeded: { ...count, description: 'Attempts that it answered' },
  tasks_failed: { ...count, description: 'Attempts that failed, lost ones among them' },
  success_rate: { type: 'number', minimum: 0, maximum: 1, description: '1 before the first attempt' },
  avg_response_time: { type: 'number', minimum: 0, description: 'Milliseconds; 0 before the first answer' },
  reported: { ...freeObject, description: 'What it told with its last heartbeat that had `metrics`' },
});

const workerProperties = {
  id: uuid,
  type: oneOf(workerTypes),
  name: text,
  protocol: oneOf(workerProtocols),
  endpoint: { ...textOrNull, description: 'Null for one that is never called' },
  capabilities: listOf(text),
  version: textOrNull,
  health_check_interval: { ...count, description: 'Seconds between its signs of life' },
  max_concurrent_tasks: count,
  status: oneOf(enumWords(WorkerStatus)),
  is_active: { ...flag, description: 'False once it was removed' },
  last_seen: timeOrNull,
  current_task_id: { ...uuidOrNull, description: 'The task that it was given last and has not ended' },
  running_tasks: { ...count, description: 'Tasks that it has now' },
  performance_metrics: performance,
  metadata: freeObject,
  created_at: time,
  updated_at: time,
};

/** A worker. */
export const workerSchema = namedObject(['Worker', 'A remote process that takes tasks'], workerProperties);

/** A worker with its tasks where they were asked for. */
export const readWorkerSchema = namedObject(
  ['ReadWorker', 'A worker, with its tasks where they were asked for'],
  {
    ...workerProperties,
    tasks: { ...listOf(named('WorkTask')), description: 'Those that it has or had last, at most 100' },
    task_count: { ...count, description: 'How many it has had in all' },
    database_source: oneOf(['postgresql']),
  },
  ['tasks', 'task_count'],
);

/** A worker as its owner describes it. */
export const workerRequestSchema: JsonSchema = objectSchema(
  {
    type: {
      ...oneOf([...workerTypes, ...Object.keys(workerTypeAliases)]),
      description:
        'analysis_agent is analyzer, notification_agent notifier; prompt_agent, rag_agent and rule_agent are custom',
    },
    name: textSchema(3, 255, { description: 'Letters, digits, space and _-.,()' }),
    protocol: {
      ...oneOf(workerProtocols),
      default: 'http',
      description:
        '`http` is called at `POST {endpoint}/process`, `connect` and `grpc` by the contract of agents, `pull` claims its tasks',
    },
    endpoint: textSchema(1, 2_000, { description: 'http(s) URL; needed but for `pull`' }),
    capabilities: { type: 'array', maxItems: 50, items: textSchema(2, 100), default: [] },
    version: textSchema(1, 100, { description: 'Semantic version', examples: ['1.4.0'] }),
    metadata: { type: 'object', description: 'At most 5,000 characters as JSON, without U+0000' },
    health_check_interval: { type: 'integer', minimum: 10, maximum: 3_600, default: 60 },
    max_concurrent_tasks: { type: 'integer', minimum: 1, maximum: 100, default: 5 },
  },
  ['type', 'name'],
);

/** What of a worker is to be changed. */
export const workerChangeSchema: JsonSchema = { ...workerRequestSchema, required: [], minProperties: 1 };

/** A sign of life. */
export const heartbeatSchema: JsonSchema = objectSchema({
  status: { ...oneOf(['idle', 'busy', 'offline']), description: '`offline` says goodbye' },
  metrics: { type: 'object', description: 'Figures of its own, without U+0000; kept until others are told' },
  running_task_ids: {
    ...{ type: 'array', maxItems: 100, items: uuid },
    description: 'Tasks whose leases are extended; absent for all that it has',
  },
});

/** A worker as it is described. */
export const workerRequestExample = {
  ...{ type: 'detector', name: 'Pothole finder', protocol: 'pull', version: '1.4.0' },
  ...{ capabilities: ['image', 'potholes'], max_concurrent_tasks: 4, metadata: { region: 'north' } },
};

/** Ids in examples. */
export const exampleIds = {
  worker: '019caa7d-3e5f-7b4f-8f7e-5a9d2c1b0a98',
  task: '019caa7d-4f60-7b4f-8f7e-5a9d2c1b0a99',
  workflow: '019caa7d-5a71-7b4f-8f7e-5a9d2c1b0a9a',
  job: 'job_019caa7d4f607b4f8f7e5a9d2c1b0a97',
};

/** Times in examples. */
export const exampleTime = '2026-03-01T10:00:00.000Z';

/** A worker. */
export const workerExample = {
  id: exampleIds.worker,
  ...workerRequestExample,
  endpoint: null,
  ...{ health_check_interval: 60, status: 'idle', is_active: true, last_seen: exampleTime },
  ...{ current_task_id: null, running_tasks: 0 },
  performance_metrics: {
    ...{ tasks_succeeded: 12, tasks_failed: 1, success_rate: 0.92, avg_response_time: 810.5, reported: {} },
  },
  ...{ created_at: exampleTime, updated_at: exampleTime },
};
