// /api/v2/agents: workers, which register, give signs of life, are read, changed and removed. What they are given is in worker-tasks.ts.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Fault, malformed, notFound } from '../../foundation/fault/fault.ts';
import {
  type Worker,
  WorkerActivity,
  WorkerOperation,
  WorkerStatus,
} from '../../proto/gen/domainflow/orchestrator/v1/worker_pb.js';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { locationOf } from './created-location.ts';
import { sentDocument } from './definition-request.ts';
import { enumValue, enumWord, enumWords } from './enum-words.ts';
import { meshCall } from './mesh-call.ts';
import { timeJson } from './time-json.ts';
import {
  databaseSource,
  type WorkListQuery,
  wantedRows,
  workId,
  workIds,
  workSchema,
} from './work-operation.ts';
import { workTaskJson } from './work-task-json.ts';
import { workerJson } from './worker-json.ts';
import { workerReads, workerWrites } from './worker-operations.ts';
import { workerTypeAliases } from './worker-schema.ts';

interface WorkerFilter extends WorkListQuery {
  readonly type?: string;
  readonly status: string;
  readonly capability?: string;
}

const readConfig = { role: 'viewer', permission: 'agent:read' } as const;
const writeConfig = { role: 'admin', permission: 'agent:register' } as const;
const bulkConfig = { role: 'admin', permission: 'agent:admin' } as const;

/** Registers the routes of workers. */
export function workerRoutes(app: FastifyInstance, { workers }: MeshClients): void {
  readRoutes(app, workers);
  registerRoute(app, workers);
  changeRoutes(app, workers);
  bulkRoute(app, workers);
}

type Workers = MeshClients['workers'];

function readRoutes(app: FastifyInstance, workers: Workers): void {
  app.get<{ Querystring: WorkerFilter }>(
    '/agents',
    { config: readConfig, schema: workSchema(workerReads.list) },
    async (request) => {
      const { type, status, capability } = request.query;
      const part = wantedRows(request.query);
      const activity = enumValue(WorkerActivity, status);
      const wanted = { type: typeOf(type), activity, capability: capability ?? '', ...part };
      const found = await workers.listWorkers(wanted, meshCall(request));
      return {
        agents: found.workers.map(workerJson),
        ...{ total_count: Number(found.totalCount), ...part, database_source: databaseSource },
        filtered_by: { type: type ?? null, status, capability: capability ?? null },
      };
    },
  );

  app.get<{ Querystring: { include_tasks?: string } }>(
    '/agents/:agent_id',
    { config: readConfig, schema: workSchema(workerReads.get) },
    async (request) => {
      const includeTasks = request.query.include_tasks === 'true';
      const wanted = { workerId: workId(request, 'agent_id'), includeTasks };
      const { worker, tasks, taskCount } = await workers.getWorker(wanted, meshCall(request));
      const withTasks = includeTasks && { tasks: tasks.map(workTaskJson), task_count: Number(taskCount) };
      return { ...workerJson(present(worker)), ...withTasks, database_source: databaseSource };
    },
  );
}

function registerRoute(app: FastifyInstance, workers: Workers): void {
  app.post(
    '/agents/register',
    { config: writeConfig, schema: workSchema(workerWrites.register) },
    async (request, reply) => {
      const { worker, created } = await workers.registerWorker(
        { worker: sentDocument(request) },
        meshCall(request),
      );
      if (!worker) throw new Fault('internal', 'A registered worker was not answered');
      const path = locationOf(request, worker.id).replace('/register/', '/');
      if (created) reply.code(201).header('location', path);
      return {
        ...{ agent_id: worker.id, status: 'registered' },
        message: created ? 'The worker is registered' : 'The worker was registered before; it is up to date',
        ...{ created_at: timeJson(worker.createdAt), database_stored: true },
      };
    },
  );
}

function changeRoutes(app: FastifyInstance, workers: Workers): void {
  app.post(
    '/agents/:agent_id/heartbeat',
    { config: writeConfig, schema: workSchema(workerWrites.heartbeat) },
    async (request) => {
      const wanted = { workerId: workId(request, 'agent_id'), heartbeat: sentDocument(request) };
      const heard = await workers.heartbeat(wanted, meshCall(request));
      return {
        ...{ agent_id: heard.workerId, status: enumWord(WorkerStatus, heard.status) },
        ...{ last_seen: timeJson(heard.lastSeen), next_heartbeat_s: heard.nextHeartbeatS },
        lost_task_ids: heard.lostTaskIds,
      };
    },
  );

  app.put(
    '/agents/:agent_id',
    { config: writeConfig, schema: workSchema(workerWrites.update) },
    async (request) => {
      const wanted = { workerId: workId(request, 'agent_id'), worker: sentDocument(request) };
      const { worker } = await workers.updateWorker(wanted, meshCall(request));
      return workerJson(present(worker));
    },
  );

  app.delete(
    '/agents/:agent_id',
    { config: writeConfig, schema: workSchema(workerWrites.remove) },
    async (request) => {
      const workerId = workId(request, 'agent_id');
      const { returnedTasks } = await workers.removeWorker({ workerId }, meshCall(request));
      return { agent_id: workerId, message: 'The worker was removed', returned_tasks: returnedTasks };
    },
  );
}

function bulkRoute(app: FastifyInstance, workers: Workers): void {
  app.post(
    '/agents/bulk/:operation',
    { config: bulkConfig, schema: workSchema(workerWrites.bulk) },
    async (request) => {
      const operation = bulkOperation(request);
      const ids = workIds(request.body);
      const wanted = { operation: enumValue(WorkerOperation, operation), workerIds: [...ids] };
      const { updatedCount, errors, committedAt } = await workers.bulkUpdateWorkers(
        wanted,
        meshCall(request),
      );
      return {
        ...{ operation, total_agents: ids.length, updated_count: updatedCount, error_count: errors.length },
        errors: errors.map(({ workerId, message }) => ({ agent_id: workerId, message })),
        status: errors.length === 0 ? 'completed' : 'partial',
        ...{ database_transaction: 'committed', timestamp: timeJson(committedAt) },
      };
    },
  );
}

function bulkOperation(request: FastifyRequest): string {
  const { operation = '' } = request.params as { readonly operation?: string };
  const words = enumWords(WorkerOperation);
  if (words.includes(operation)) return operation;
  throw malformed([{ field: 'operation', reason: `must be one of ${words.join(', ')}` }]);
}

function typeOf(word = ''): string {
  return workerTypeAliases[word] ?? word;
}

function present(worker: Worker | undefined): Worker {
  if (!worker) throw notFound('worker');
  return worker;
}
