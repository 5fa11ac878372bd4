// Schemas and examples of workflows.
import { WorkflowStatus } from '../../proto/gen/domainflow/orchestrator/v1/workflow_pb.js';
import {
  count,
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
import { workTaskExample, workTaskRequestExample, workTaskRequestProperties } from './work-task-schema.ts';
import { exampleIds, exampleTime } from './worker-schema.ts';

/** Where a workflow can stand. */
export const workflowStatuses = enumWords(WorkflowStatus);

const uuid: JsonSchema = { type: 'string', format: 'uuid' };

const properties = {
  id: uuid,
  name: text,
  description: text,
  user_id: { ...textOrNull, description: 'For whom it is, as its creator said' },
  status: { ...oneOf(workflowStatuses), description: 'That of its newest execution' },
  configuration: {
    ...freeObject,
    description: '`environment`, `schedule` and `dependencies` once more',
  },
  environment: { ...freeObject, description: 'What each of its tasks is told in its context' },
  metadata: freeObject,
  schedule: { ...textOrNull, description: 'Five fields of cron, in UTC' },
  dependencies: { ...listOf(uuid), description: 'Workflows that must have completed before it is executed' },
  priority: { ...count, description: 'The highest of its tasks' },
  estimated_duration: { type: 'number', description: 'Seconds: the timeouts along its longest path' },
  actual_duration: {
    type: ['number', 'null'],
    description: 'Seconds that its newest ended execution took; null before the first',
  },
  task_count: count,
  job_id: { ...textOrNull, description: 'Its newest execution; null before the first' },
  created_at: time,
  updated_at: time,
  started_at: timeOrNull,
  completed_at: timeOrNull,
  next_fire_at: { ...timeOrNull, description: 'When its schedule fires next' },
  schedule_problem: { ...textOrNull, description: "Why the schedule's last firing started nothing" },
};

/** A workflow without its tasks. */
export const workflowRowSchema = namedObject(['WorkflowRow', 'A workflow without its tasks'], properties);

/** A workflow. */
export const workflowSchema = namedObject(['Workflow', 'A graph of tasks'], {
  ...properties,
  tasks: listOf(named('WorkTask')),
});

const taskOfWorkflow: JsonSchema = objectSchema(
  {
    key: {
      ...{ type: 'string', pattern: '^[A-Za-z][A-Za-z0-9_-]{0,63}$' },
      description: 'Names it within the workflow',
    },
    depends_on: {
      type: 'array',
      items: textSchema(1, 64),
      default: [],
      description: 'Keys of tasks before it',
    },
    ...workTaskRequestProperties,
  },
  ['key', 'type', 'name', 'description'],
);

/** A workflow as it is described. */
export const workflowRequestSchema: JsonSchema = objectSchema(
  {
    name: textSchema(3, 255),
    description: textSchema(1, 5_000),
    user_id: textSchema(3, 255, { description: 'For whom it is' }),
    tasks: { type: 'array', minItems: 1, maxItems: 100, items: taskOfWorkflow },
    schedule: textSchema(9, 100, { description: 'Five fields of cron, in UTC', examples: ['0 6 * * 1-5'] }),
    dependencies: { type: 'array', maxItems: 10, items: uuid, default: [] },
    environment: {
      ...{ type: 'object', maxProperties: 50, additionalProperties: { type: 'string', maxLength: 1_000 } },
      description: 'Names of at most 100 characters, texts of at most 1,000',
    },
    metadata: { type: 'object', description: 'At most 5,000 characters as JSON, without U+0000' },
    start: { type: 'boolean', default: false, description: 'Execute it at once; also as a query parameter' },
  },
  ['name', 'description', 'tasks'],
);

/** A workflow as it is described. */
export const workflowRequestExample = {
  ...{
    name: 'Street survey',
    description: 'Finds potholes and says how bad they are',
    user_id: 'survey-team',
  },
  tasks: [
    { key: 'find', ...workTaskRequestExample },
    {
      ...{ key: 'judge', depends_on: ['find'], type: 'classification', name: 'Judge potholes' },
      ...{ description: 'Say how bad each pothole is', required_capabilities: ['severity'] },
    },
  ],
  environment: { city: 'Boston' },
};

/** A workflow in a list. */
export const workflowRowExample = {
  id: exampleIds.workflow,
  ...{ name: 'Street survey', description: workflowRequestExample.description, user_id: 'survey-team' },
  ...{
    status: 'running',
    configuration: { environment: { city: 'Boston' }, schedule: null, dependencies: [] },
  },
  ...{ environment: { city: 'Boston' }, metadata: {}, schedule: null, dependencies: [], priority: 3 },
  ...{ estimated_duration: 720, actual_duration: null, task_count: 2, job_id: exampleIds.job },
  ...{ created_at: exampleTime, updated_at: exampleTime, started_at: exampleTime, completed_at: null },
  ...{ next_fire_at: null, schedule_problem: null },
};

/** A workflow. */
export const workflowExample = {
  ...workflowRowExample,
  tasks: [{ ...workTaskExample, workflow_id: exampleIds.workflow, key: 'find' }],
};
