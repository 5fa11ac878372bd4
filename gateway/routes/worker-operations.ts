// What the routes of workers say of themselves.
import {
  answerObject,
  count,
  flag,
  listOf,
  named,
  oneOf,
  orNull,
  text,
  textOrNull,
  time,
} from '../core/answer-schema.ts';
import type { JsonSchema, Operation } from '../core/operation.ts';
import { textSchema } from '../http/schema-parts.ts';
import { documentSchema } from './definition-request.ts';
import { databaseSource, workIdSchema, workListSchema, yesOrNoSchema } from './work-operation.ts';
import { workTaskExample } from './work-task-schema.ts';
import {
  exampleIds,
  exampleTime,
  heartbeatSchema,
  workerOperations as operationWords,
  workerChangeSchema,
  workerExample,
  workerRequestExample,
  workerRequestSchema,
  workerTypeAliases,
  workerTypes,
} from './worker-schema.ts';

const uuid: JsonSchema = { type: 'string', format: 'uuid' };
const params = { agent_id: workIdSchema('worker') };
const source = { ...oneOf([databaseSource]), description: 'Where it was read' };
const filters = { type: textOrNull, status: oneOf(['active', 'inactive', 'all']), capability: textOrNull };
const tag = 'Workers' as const;
const registered = {
  schema: answerObject({
    ...{ agent_id: uuid, status: oneOf(['registered']), message: text, created_at: time },
    database_stored: flag,
  }),
  example: {
    ...{ agent_id: exampleIds.worker, status: 'registered', message: 'The worker is registered' },
    ...{ created_at: exampleTime, database_stored: true },
  },
};

const listed = {
  description: 'A part of the list, newest first',
  schema: answerObject({
    agents: listOf(named('Worker')),
    ...{ total_count: count, limit: count, offset: count, database_source: source },
    filtered_by: answerObject(filters),
  }),
  example: {
    agents: [workerExample],
    ...{ total_count: 1, limit: 100, offset: 0, database_source: databaseSource },
    filtered_by: { type: 'detector', status: 'active', capability: null },
  },
};

const bulk = {
  schema: answerObject({
    ...{ operation: oneOf(operationWords), total_agents: count, updated_count: count, error_count: count },
    errors: listOf(answerObject({ agent_id: text, message: text })),
    status: { ...oneOf(['completed', 'partial']), description: '`partial` where there are errors' },
    ...{ database_transaction: oneOf(['committed']), timestamp: time },
  }),
  example: {
    ...{ operation: 'activate', total_agents: 2, updated_count: 1, error_count: 1 },
    errors: [{ agent_id: exampleIds.task, message: 'No such worker' }],
    ...{ status: 'partial', database_transaction: 'committed', timestamp: exampleTime },
  },
};

/** Operations that read. */
export const workerReads = {
  list: {
    ...{ id: 'listWorkers', tag, summary: 'Workers of the tenant, newest first' },
    description: 'Active workers are idle or busy; the others are offline, in error or removed.',
    querystring: workListSchema({
      type: { type: 'string', enum: [...workerTypes, ...Object.keys(workerTypeAliases)] },
      status: { type: 'string', enum: ['active', 'inactive', 'all'], default: 'all' },
      capability: textSchema(2, 100, { title: 'A capability that they must have' }),
    }),
    answers: { 200: listed },
  },
  get: {
    ...{ id: 'getWorker', tag, summary: 'A worker', params },
    querystring: {
      ...{ type: 'object', additionalProperties: false },
      properties: { include_tasks: { ...yesOrNoSchema, title: 'Whether its tasks are told: the last 100' } },
    },
    answers: {
      200: {
        description: 'The worker; `tasks` and `task_count` only where they were asked for',
        schema: named('ReadWorker'),
        example: {
          ...workerExample,
          ...{ tasks: [{ ...workTaskExample, assigned_agent_id: exampleIds.worker }], task_count: 1 },
          database_source: databaseSource,
        },
      },
    },
  },
} satisfies Record<string, Operation>;

/** Operations that write. */
export const workerWrites = {
  register: {
    ...{ id: 'registerWorker', tag, summary: 'Register a worker' },
    description:
      'One of the same name and endpoint is brought up to date and keeps its id. Members that are unknown are ignored.',
    ...{ body: documentSchema, toldBody: workerRequestSchema, bodyExamples: [workerRequestExample] },
    answers: {
      201: { description: 'It is registered', ...registered },
      200: { description: 'It was registered before, and is up to date', ...registered },
    },
    refusals: { 400: 'name: looks like a script' },
  },
  heartbeat: {
    ...{ id: 'heartbeatWorker', tag, summary: 'Give a sign of life', params },
    description:
      'It extends the leases of the tasks that are named, of all where none are named. A worker that was offline or in error is idle again, unless it was deactivated.',
    ...{ body: documentSchema, toldBody: heartbeatSchema },
    bodyExamples: [{ metrics: { load: 0.4 }, running_task_ids: [exampleIds.task] }],
    answers: {
      200: {
        description: 'It was heard',
        schema: answerObject({
          agent_id: uuid,
          status: orNull(oneOf(['idle', 'busy', 'offline', 'error'])),
          last_seen: time,
          next_heartbeat_s: { ...count, description: 'Seconds until the next one is due' },
          lost_task_ids: {
            ...listOf(uuid),
            description: 'Of those named, those that are not its own any more',
          },
        }),
        example: {
          ...{ agent_id: exampleIds.worker, status: 'busy', last_seen: exampleTime, next_heartbeat_s: 60 },
          lost_task_ids: [],
        },
      },
    },
    refusals: { 409: 'The worker was removed: register it again' },
  },
  update: {
    ...{ id: 'updateWorker', tag, summary: 'Change a worker', params },
    description: 'What is absent stays as it is.',
    ...{ body: documentSchema, toldBody: workerChangeSchema },
    bodyExamples: [{ max_concurrent_tasks: 8 }],
    answers: {
      200: {
        description: 'The worker',
        schema: named('Worker'),
        example: { ...workerExample, max_concurrent_tasks: 8 },
      },
    },
    refusals: { 409: 'Another worker has this name and endpoint' },
  },
  remove: {
    ...{ id: 'removeWorker', tag, summary: 'Remove a worker', params },
    description: 'It stays in lists as inactive; its tasks are given to others.',
    answers: {
      200: {
        description: 'It is removed',
        schema: answerObject({ agent_id: uuid, message: text, returned_tasks: count }),
        example: { agent_id: exampleIds.worker, message: 'The worker was removed', returned_tasks: 0 },
      },
    },
  },
  bulk: {
    ...{ id: 'bulkUpdateWorkers', tag, summary: 'Do one thing to many workers, in one transaction' },
    description: `\`activate\`: they are idle. \`deactivate\`: they are offline until they are activated. \`reset_status\`: they are idle and have no task. Tasks that
are taken away are given to others. Ids that are unknown are errors and do not stop the rest.`,
    params: { operation: { ...oneOf(operationWords), description: 'What is done' } },
    // Either form is judged by the route.
    body: {},
    toldBody: {
      anyOf: [
        {
          ...{ type: 'object', required: ['agent_ids'] },
          properties: { agent_ids: { type: 'array', minItems: 1, maxItems: 1_000, items: uuid } },
        },
        { type: 'array', minItems: 1, maxItems: 1_000, items: uuid, description: 'Ids of workers' },
      ],
    },
    bodyExamples: [{ agent_ids: [exampleIds.worker, exampleIds.task] }, [exampleIds.worker]],
    answers: { 200: { description: 'What was done', ...bulk } },
    refusals: { 400: 'operation: must be one of activate, deactivate, reset_status' },
  },
} satisfies Record<string, Operation>;
