// What the routes of workflows say of themselves.
import { answerObject, count, listOf, named, oneOf, text, textOrNull } from '../core/answer-schema.ts';
import type { JsonSchema, Operation } from '../core/operation.ts';
import { objectSchema, textSchema } from '../http/schema-parts.ts';
import { documentSchema } from './definition-request.ts';
import { databaseSource, workIdSchema, workListSchema, yesOrNoSchema } from './work-operation.ts';
import { exampleIds } from './worker-schema.ts';
import {
  workflowExample,
  workflowRequestExample,
  workflowRequestSchema,
  workflowRowExample,
  workflowStatuses,
} from './workflow-schema.ts';

const tag = 'Workflows' as const;
const params = { workflow_id: workIdSchema('workflow') };
const uuid: JsonSchema = { type: 'string', format: 'uuid' };

/** The operations. */
export const workflowOperations = {
  create: {
    ...{ id: 'createWorkflow', tag, summary: 'Create a workflow' },
    description:
      '`depends_on` makes its graph. It is executed by hand, at once with `start`, or by its `schedule`.',
    querystring: objectSchema({ start: { ...yesOrNoSchema, title: 'As in the body' } }),
    ...{ body: documentSchema, toldBody: workflowRequestSchema, bodyExamples: [workflowRequestExample] },
    answers: {
      201: {
        description: 'The workflow is there',
        schema: answerObject({
          ...{ workflow_id: uuid, status: oneOf(workflowStatuses), message: text, task_count: count },
          job_id: textOrNull,
        }),
        example: {
          ...{ workflow_id: exampleIds.workflow, status: 'created', message: 'The workflow is created' },
          ...{ task_count: 2, job_id: null },
        },
      },
    },
    refusals: { 400: 'name: looks like a script', 422: 'tasks: circular dependency: find -> judge -> find' },
  },
  list: {
    ...{ id: 'listWorkflows', tag, summary: 'Workflows of the tenant, newest first' },
    querystring: workListSchema({
      status: { type: 'string', enum: workflowStatuses },
      user_id: textSchema(1, 255, { title: 'For whom they are, as their creators said' }),
    }),
    answers: {
      200: {
        description: 'A part of the list',
        schema: answerObject({
          workflows: listOf(named('WorkflowRow')),
          ...{ total_count: count, limit: count, offset: count, database_source: oneOf([databaseSource]) },
          filtered_by: answerObject({ status: textOrNull, user_id: textOrNull }),
        }),
        example: {
          workflows: [workflowRowExample],
          ...{ total_count: 1, limit: 100, offset: 0, database_source: databaseSource },
          filtered_by: { status: null, user_id: 'survey-team' },
        },
      },
    },
  },
  get: {
    ...{ id: 'getWorkflow', tag, summary: 'A workflow with its tasks', params },
    description: 'The tasks are those of its newest execution, or those that the first will have.',
    answers: { 200: { description: 'The workflow', schema: named('Workflow'), example: workflowExample } },
  },
  execute: {
    ...{ id: 'executeWorkflow', tag, summary: 'Execute a workflow', params },
    answers: {
      202: {
        description: 'An execution has begun',
        schema: answerObject({
          ...{ workflow_id: uuid, job_id: text, status: oneOf(workflowStatuses), message: text },
        }),
        example: {
          ...{ workflow_id: exampleIds.workflow, job_id: exampleIds.job, status: 'running' },
          message: 'The workflow is being executed',
        },
      },
    },
    refusals: { 409: 'An execution of the workflow is under way' },
  },
  cancel: {
    ...{ id: 'cancelWorkflow', tag, summary: 'Cancel a workflow', params },
    description: 'The execution that is under way ends, and its schedule.',
    answers: {
      200: {
        description: 'It is cancelled, or will be at once',
        schema: answerObject({ workflow_id: uuid, status: oneOf(['cancelled']), message: text }),
        example: {
          ...{ workflow_id: exampleIds.workflow, status: 'cancelled', message: 'The workflow was cancelled' },
        },
      },
    },
    refusals: { 409: 'The workflow has neither an execution under way nor a schedule' },
  },
} satisfies Record<string, Operation>;
