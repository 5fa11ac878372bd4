// /api/v2/tasks: tasks, as people create, read, assign, execute and cancel them. What workers do with them is in worker-tasks.ts.
import type { FastifyInstance } from 'fastify';
import { Fault, invalidArgument, notFound } from '../../foundation/fault/fault.ts';
import type { JsonObject } from '../../foundation/json/json.ts';
import {
  TaskOrder,
  type WorkTask,
  WorkTaskStatus,
} from '../../proto/gen/domainflow/orchestrator/v1/task_pb.js';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { locationOf } from './created-location.ts';
import { sentDocument } from './definition-request.ts';
import { enumValue } from './enum-words.ts';
import { meshCall } from './mesh-call.ts';
import { timeJson } from './time-json.ts';
import { databaseSource, type WorkListQuery, wantedRows, workId, workSchema } from './work-operation.ts';
import { workTaskJson } from './work-task-json.ts';
import { workTaskReads, workTaskWrites } from './work-task-operations.ts';
import { workerJson } from './worker-json.ts';
import { workflowRow } from './workflow-json.ts';

interface TaskFilter extends WorkListQuery {
  readonly status?: string;
  readonly workflow_id?: string;
  readonly agent_id?: string;
  readonly sort_by: string;
  readonly sort_order: string;
}

interface TaskParts {
  readonly include_agent?: string;
  readonly include_workflow?: string;
}

const readConfig = { role: 'viewer', permission: 'task:read' } as const;
const createConfig = { role: 'editor', permission: 'task:create' } as const;
const assignConfig = { role: 'editor', permission: 'task:assign' } as const;

type Tasks = MeshClients['tasks'];

/** Registers the routes of tasks. */
export function workTaskRoutes(app: FastifyInstance, { tasks }: MeshClients): void {
  readRoutes(app, tasks);
  createRoute(app, tasks);
  steerRoutes(app, tasks);
}

function readRoutes(app: FastifyInstance, tasks: Tasks): void {
  app.get<{ Querystring: TaskFilter }>(
    '/tasks',
    { config: readConfig, schema: workSchema(workTaskReads.list) },
    async (request) => {
      const { status, workflow_id, agent_id, sort_by, sort_order } = request.query;
      const part = wantedRows(request.query);
      const wanted = {
        ...{ status: enumValue(WorkTaskStatus, status), ...part },
        ...{ workflowId: workflow_id?.toLowerCase() ?? '', workerId: agent_id?.toLowerCase() ?? '' },
        ...{ sortBy: enumValue(TaskOrder, sort_by), ascending: sort_order === 'asc' },
      };
      const found = await tasks.listTasks(wanted, meshCall(request));
      return {
        tasks: found.tasks.map(workTaskJson),
        ...{ total_count: Number(found.totalCount), ...part, sort_by, sort_order },
        database_source: databaseSource,
        filtered_by: {
          ...{ status: status ?? null, workflow_id: workflow_id ?? null, agent_id: agent_id ?? null },
        },
      };
    },
  );

  app.get<{ Querystring: TaskParts }>(
    '/tasks/:task_id',
    { config: readConfig, schema: workSchema(workTaskReads.get) },
    async (request) => {
      const includeWorker = request.query.include_agent === 'true';
      const includeWorkflow = request.query.include_workflow === 'true';
      const wanted = { taskId: workId(request, 'task_id'), includeWorker, includeWorkflow };
      const { task, worker, workflow } = await tasks.getTask(wanted, meshCall(request));
      return {
        ...workTaskJson(present(task)),
        ...(includeWorker && { assigned_agent: worker ? workerJson(worker) : null }),
        ...(includeWorkflow && { workflow: workflow ? workflowRow(workflow) : null }),
        database_source: databaseSource,
      };
    },
  );
}

function createRoute(app: FastifyInstance, tasks: Tasks): void {
  app.post<{ Querystring: { auto_dispatch?: string } }>(
    '/tasks',
    { config: createConfig, schema: workSchema(workTaskWrites.create) },
    async (request, reply) => {
      const document = sentDocument(request);
      const autoDispatch = isWanted(document, 'auto_dispatch', request.query.auto_dispatch);
      const { task } = await tasks.createTask({ task: document, autoDispatch }, meshCall(request));
      if (!task) throw new Fault('internal', 'A new task was not answered');
      reply.code(201).header('location', locationOf(request, task.id));
      return {
        ...{ task_id: task.id, status: 'created', created_at: timeJson(task.createdAt) },
        message: autoDispatch ? 'The task is created and waits for a worker' : 'The task is created',
        ...{ priority: task.priority, job_id: task.jobId || null, database_stored: true },
      };
    },
  );
}

function steerRoutes(app: FastifyInstance, tasks: Tasks): void {
  app.post(
    '/tasks/:task_id/assign/:agent_id',
    { config: assignConfig, schema: workSchema(workTaskWrites.assign) },
    async (request) => {
      const wanted = { taskId: workId(request, 'task_id'), workerId: workId(request, 'agent_id') };
      const { assignedAt } = await tasks.assignTask(wanted, meshCall(request));
      return {
        ...{ task_id: wanted.taskId, agent_id: wanted.workerId, status: 'assigned' },
        message: 'The task is assigned to the worker',
        ...{ assigned_at: timeJson(assignedAt), database_updated: true },
      };
    },
  );

  app.post(
    '/tasks/:task_id/execute',
    { config: createConfig, schema: workSchema(workTaskWrites.execute) },
    async (request, reply) => {
      const taskId = workId(request, 'task_id');
      const { task } = await tasks.executeTask({ taskId }, meshCall(request));
      reply.code(202);
      return {
        ...{ task_id: taskId, status: 'dispatched', message: 'The task waits for a worker' },
        job_id: present(task).jobId || null,
      };
    },
  );

  app.delete(
    '/tasks/:task_id',
    { config: createConfig, schema: workSchema(workTaskWrites.cancel) },
    async (request) => {
      const taskId = workId(request, 'task_id');
      await tasks.cancelTask({ taskId }, meshCall(request));
      return { task_id: taskId, status: 'cancelled', message: 'The task was cancelled' };
    },
  );
}

/** What is wanted in the query or in the body; Fault `invalid_argument` for a member that is neither true nor false. */
export function isWanted(document: JsonObject, name: string, asked: string | undefined): boolean {
  const told = document[name] ?? false;
  if (typeof told !== 'boolean') throw invalidArgument([{ field: name, reason: 'must be true or false' }]);
  return told || asked === 'true';
}

function present(task: WorkTask | undefined): WorkTask {
  if (!task) throw notFound('task');
  return task;
}
