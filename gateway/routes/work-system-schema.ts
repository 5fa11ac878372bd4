// What the routes say of themselves that tell how API v2 and what is behind it are.
import { answerObject, count, flag, listOf, oneOf, text, time, timeOrNull } from '../core/answer-schema.ts';
import type { JsonSchema, Operation } from '../core/operation.ts';
import { databaseSource } from './work-operation.ts';
import { exampleTime } from './worker-schema.ts';

/** Version of the API that these routes belong to. */
export const workApiVersion = '2.0.0';

/** What API v2 can do. */
export const workFeatures = [
  ...['worker_registration', 'task_dispatch', 'task_claims', 'workflows', 'schedules', 'bulk_operations'],
  ...['idempotent_requests', 'audit_log', 'circuit_breakers', 'event_export'],
] as const;

const tag = 'Health' as const;
const counts = (words: string): JsonSchema => ({
  ...{ type: 'object', additionalProperties: count, description: `By ${words}; those with none are absent` },
});
const counted = answerObject({ total: count, by_status: counts('status') });

/** The operations. */
export const workSystemOperations = {
  status: {
    ...{ id: 'getWorkStatus', tag, summary: 'Counts of workers, tasks, workflows and what waits' },
    answers: {
      200: {
        description: 'Counts of the tenant',
        schema: answerObject({
          ...{ status: oneOf(['operational']), agents: counted, tasks: counted, workflows: counted },
          queue: answerObject({
            queued_tasks: { ...count, description: 'Tasks that could be given to a worker now' },
            oldest_wait_s: { type: 'number', description: 'For how long the oldest of them has waited' },
          }),
          timestamp: time,
        }),
        example: {
          ...{ status: 'operational', agents: { total: 2, by_status: { idle: 1, busy: 1 } } },
          tasks: { total: 5, by_status: { pending: 2, running: 1, completed: 2 } },
          workflows: { total: 1, by_status: { running: 1 } },
          ...{ queue: { queued_tasks: 2, oldest_wait_s: 3.5 }, timestamp: exampleTime },
        },
      },
    },
  },
  info: {
    ...{ id: 'getWorkInfo', tag, summary: 'What API v2 is and can do' },
    answers: {
      200: {
        description: 'Version and features',
        schema: answerObject({ service: text, version: text, features: listOf(text) }),
        example: { service: 'domainflow', version: workApiVersion, features: [...workFeatures] },
      },
    },
  },
  kafka: {
    ...{ id: 'getEventExportHealth', tag, summary: 'How the export of events is' },
    description: 'It answers 200 whatever the state is. The export is one for all tenants.',
    answers: {
      200: {
        description: '`disabled` where no export is set up',
        schema: answerObject({
          ...{ status: oneOf(['disabled', 'healthy', 'unhealthy']), message: text },
          published_at: { ...timeOrNull, description: 'When something was published last' },
          behind_s: {
            type: 'number',
            minimum: 0,
            description: 'How old the oldest event is that is not published',
          },
          published_count: { ...count, description: 'Events that were published in all' },
          refused_count: { ...count, description: 'Events that were refused for good in all' },
          timestamp: time,
        }),
        example: {
          ...{ status: 'disabled', message: 'No export of events is set up', published_at: null },
          ...{ behind_s: 0, published_count: 0, refused_count: 0, timestamp: exampleTime },
        },
      },
    },
  },
  database: {
    ...{ id: 'getDatabaseHealth', tag, summary: 'How the database of workers and tasks is' },
    description: 'It answers 200 whatever the state is.',
    answers: {
      200: {
        description: 'Counts of the tenant and the connections of the replica that answered',
        schema: {
          anyOf: [
            answerObject({
              ...{ status: oneOf(['healthy']), agent_count: count, task_count: count, message: text },
              connection_pool: answerObject({
                pool_size: { ...count, description: 'Connections that are kept' },
                checked_in: { ...count, description: 'Open ones that nobody uses' },
                checked_out: { ...count, description: 'Those in use' },
                overflow: { ...count, description: 'Open ones beyond `pool_size`' },
                invalid: { ...count, description: 'Those closed because they were found broken' },
              }),
              active_connections: { ...count, description: 'Of all clients, as the server counts them' },
              dependency_injection: { ...flag, description: 'True: services are given their database' },
            }),
            answerObject({ status: oneOf(['unhealthy']), error: text, message: text }),
          ],
        },
        example: {
          ...{ status: 'healthy', agent_count: 2, task_count: 5, message: 'The database answers' },
          connection_pool: { pool_size: 10, checked_in: 9, checked_out: 1, overflow: 0, invalid: 0 },
          ...{ active_connections: 24, dependency_injection: true },
        },
      },
    },
  },
  statistics: {
    ...{ id: 'getWorkStatistics', tag, summary: 'Workers and tasks by status and type' },
    answers: {
      200: {
        description: 'Counts of the tenant; removed workers are left out',
        schema: answerObject({
          agent_statistics: answerObject({
            ...{ total_agents: count, by_status: counts('status'), by_type: counts('type') },
          }),
          task_statistics: answerObject({ total_tasks: count, by_status: counts('status') }),
          ...{ data_source: oneOf([databaseSource]), timestamp: time },
        }),
        example: {
          agent_statistics: { total_agents: 2, by_status: { idle: 2 }, by_type: { detector: 2 } },
          task_statistics: { total_tasks: 5, by_status: { pending: 2, completed: 3 } },
          ...{ data_source: databaseSource, timestamp: exampleTime },
        },
      },
    },
  },
} satisfies Record<string, Operation>;
