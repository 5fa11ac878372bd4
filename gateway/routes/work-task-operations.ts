// What the routes of tasks of API v2 say of themselves.
import {
  answerObject,
  count,
  flag,
  listOf,
  named,
  oneOf,
  text,
  textOrNull,
  time,
} from '../core/answer-schema.ts';
import type { JsonSchema, Operation } from '../core/operation.ts';
import { objectSchema } from '../http/schema-parts.ts';
import { documentSchema } from './definition-request.ts';
import { databaseSource, uuidSchema, workIdSchema, workListSchema, yesOrNoSchema } from './work-operation.ts';
import {
  attemptResultSchema,
  claimedTaskExample,
  taskAnswer,
  workTaskExample,
  workTaskOrders,
  workTaskRequestExample,
  workTaskRequestSchema,
  workTaskStatuses,
} from './work-task-schema.ts';
import { exampleIds, exampleTime, workerExample } from './worker-schema.ts';

const tag = 'Tasks' as const;
const params = { task_id: workIdSchema('task') };
const uuid: JsonSchema = { type: 'string', format: 'uuid' };
const source = oneOf([databaseSource]);
const order = { sort_by: oneOf(workTaskOrders), sort_order: oneOf(['asc', 'desc']) };

/** Most seconds that a claim waits. */
export const claimWaitMaxS = 30;
/** Most tasks of a claim. */
export const claimTasksMax = 100;

/** Operations that read. */
export const workTaskReads = {
  list: {
    ...{ id: 'listTasks', tag, summary: 'Tasks of the tenant, those of the highest priority first' },
    description: 'Lone tasks and those of workflows; tasks of playbooks are under `/api/v1/executions`.',
    querystring: workListSchema({
      status: { type: 'string', enum: workTaskStatuses },
      workflow_id: uuidSchema,
      agent_id: uuidSchema,
      sort_by: { type: 'string', enum: workTaskOrders, default: 'priority' },
      sort_order: { type: 'string', enum: ['asc', 'desc'], default: 'desc' },
    }),
    answers: {
      200: {
        description: 'A part of the list',
        schema: answerObject({
          tasks: listOf(named('WorkTask')),
          ...{ total_count: count, limit: count, offset: count, ...order, database_source: source },
          filtered_by: answerObject({ status: textOrNull, workflow_id: textOrNull, agent_id: textOrNull }),
        }),
        example: {
          tasks: [workTaskExample],
          ...{ total_count: 1, limit: 100, offset: 0, sort_by: 'priority', sort_order: 'desc' },
          database_source: databaseSource,
          filtered_by: { status: 'pending', workflow_id: null, agent_id: null },
        },
      },
    },
  },
  get: {
    ...{ id: 'getTask', tag, summary: 'A task', params },
    querystring: objectSchema({
      include_agent: { ...yesOrNoSchema, title: 'Whether its worker is told' },
      include_workflow: { ...yesOrNoSchema, title: 'Whether its workflow is told' },
    }),
    answers: {
      200: {
        description: 'The task',
        schema: named('ReadWorkTask'),
        example: {
          ...{ ...workTaskExample, assigned_agent_id: exampleIds.worker, assigned_agent: workerExample },
          ...{ workflow: null, database_source: databaseSource },
        },
      },
    },
  },
} satisfies Record<string, Operation>;

/** Operations of people. */
export const workTaskWrites = {
  create: {
    ...{ id: 'createTask', tag, summary: 'Create a task' },
    description:
      'It waits to be executed or assigned, unless `auto_dispatch` gives it to whichever worker fits. Members that are unknown are ignored.',
    querystring: objectSchema({ auto_dispatch: { ...yesOrNoSchema, title: 'As in the body' } }),
    ...{ body: documentSchema, toldBody: workTaskRequestSchema },
    bodyExamples: [{ ...workTaskRequestExample, auto_dispatch: true }],
    answers: {
      201: {
        description: 'The task is there',
        ...taskAnswer(
          {
            ...{ status: oneOf(['created']), message: text, created_at: time, priority: count },
            ...{ job_id: textOrNull, database_stored: flag },
          },
          {
            ...{ status: 'created', message: 'The task is created', created_at: exampleTime, priority: 3 },
            ...{ job_id: exampleIds.job, database_stored: true },
          },
        ),
      },
    },
    refusals: { 400: 'tags[0]: looks like a script' },
  },
  assign: {
    ...{ id: 'assignTask', tag, summary: 'Give a task to a worker' },
    description: 'The task keeps this worker through its retries.',
    params: { ...params, agent_id: workIdSchema('worker') },
    answers: {
      200: {
        description: 'It is assigned',
        ...taskAnswer(
          {
            ...{ agent_id: uuid, status: oneOf(['assigned']), message: text, assigned_at: time },
            database_updated: flag,
          },
          {
            ...{ agent_id: exampleIds.worker, status: 'assigned', message: 'The task is assigned' },
            ...{ assigned_at: exampleTime, database_updated: true },
          },
        ),
      },
    },
    refusals: { 409: 'The worker has no free place' },
  },
  execute: {
    ...{ id: 'executeTask', tag, summary: 'Let a task be given to whichever worker fits', params },
    answers: {
      202: {
        description: 'It will be given to a worker',
        ...taskAnswer(
          { status: oneOf(['dispatched']), message: text, job_id: textOrNull },
          { status: 'dispatched', message: 'The task waits for a worker', job_id: exampleIds.job },
        ),
      },
    },
    refusals: { 409: 'The task is not pending' },
  },
  cancel: {
    ...{ id: 'cancelTask', tag, summary: 'Cancel a task', params },
    answers: {
      200: {
        description: 'It is cancelled, or will be at once',
        ...taskAnswer(
          { status: oneOf(['cancelled']), message: text },
          { status: 'cancelled', message: 'The task was cancelled' },
        ),
      },
    },
    refusals: { 409: 'The task has ended' },
  },
} satisfies Record<string, Operation>;

/** Operations of workers. */
export const workerTaskOperations = {
  claim: {
    ...{ id: 'claimTasks', tag, summary: 'Take tasks, and wait for one if there is none' },
    description: `Those of the highest priority that the worker can do, never more than it has places. The answer comes with the first task, or
without any after \`wait_s\`, or earlier where the platform would rather be asked again. It is a sign of life.`,
    params: { agent_id: workIdSchema('worker') },
    body: objectSchema({
      max: { type: 'integer', minimum: 1, maximum: claimTasksMax, default: 1, title: 'Tasks at most' },
      wait_s: {
        ...{ type: 'integer', minimum: 0, maximum: claimWaitMaxS, default: 0 },
        title: 'Seconds to wait for the first one',
      },
    }),
    bodyExamples: [{ max: 4 }, { max: 1, wait_s: 20 }],
    answers: {
      200: {
        description: 'What the worker is given; nothing when there was nothing',
        schema: answerObject({ tasks: listOf(named('ClaimedTask')) }),
        example: { tasks: [claimedTaskExample] },
      },
    },
    refusals: { 409: 'The worker is deactivated', 422: 'wait_s: must be at most 30' },
  },
  result: {
    ...{ id: 'endAttempt', tag, summary: 'Say what came of an attempt' },
    description: `A result or a failure, not both; what is neither is refused, and the attempt goes on. The same again is answered alike.

What an agent of a playbook puts out must fit \`context.output_schema\` of its task. An output that does not, or has more than 64 KB, is recorded as
the failure of the attempt, which \`error_code\` and \`error_message\` name.`,
    params: { ...params, attempt: { ...text, description: 'Number of the attempt, from 1' } },
    ...{ body: documentSchema, toldBody: attemptResultSchema },
    bodyExamples: [{ output: { potholes: 2 }, confidence: 0.9 }],
    answers: {
      200: {
        description: 'It is taken',
        ...taskAnswer(
          {
            status: oneOf(workTaskStatuses),
            error_code: { ...textOrNull, description: 'As what the attempt failed; null for a result' },
            error_message: { ...textOrNull, description: 'Why; null for a result' },
          },
          { status: 'running', error_code: null, error_message: null },
        ),
      },
    },
    refusals: { 409: 'The attempt is not yours any more', 422: 'output: must be an object' },
  },
} satisfies Record<string, Operation>;
