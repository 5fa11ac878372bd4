// /api/v2/status, /info, /health/database, /health/kafka and /statistics/agents: how API v2 and what is behind it are.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Clock } from '../../foundation/clock.ts';
import { asFault } from '../../foundation/fault/fault.ts';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { meshCall } from './mesh-call.ts';
import { timeJson } from './time-json.ts';
import { databaseSource, workSchema } from './work-operation.ts';
import { workSystemOperations as operations, workApiVersion, workFeatures } from './work-system-schema.ts';
import { shownCounts } from './work-task-json.ts';

/** What the routes need. */
export interface WorkSystemDeps {
  readonly clients: Pick<MeshClients, 'workers'>;
  readonly clock: Clock;
}

const readConfig = { role: 'viewer', permission: 'system:read' } as const;
const healthConfig = { role: 'viewer', permission: 'system:health' } as const;

/** Registers the routes. */
export function workSystemRoutes(
  app: FastifyInstance,
  { clients: { workers }, clock }: WorkSystemDeps,
): void {
  const timestamp = () => new Date(clock()).toISOString();

  app.get('/status', { config: readConfig, schema: workSchema(operations.status) }, async (request) => {
    const found = await workers.getWorkStatistics({}, meshCall(request));
    const { queuedTasks, oldestWaitS } = found;
    return {
      status: 'operational',
      agents: { total: Number(found.totalWorkers), by_status: numbers(found.workersByStatus) },
      tasks: { total: Number(found.totalTasks), by_status: shownCounts(found.tasksByStatus) },
      workflows: { total: Number(found.totalWorkflows), by_status: numbers(found.workflowsByStatus) },
      queue: { queued_tasks: Number(queuedTasks), oldest_wait_s: oldestWaitS },
      timestamp: timestamp(),
    };
  });

  app.get(
    '/statistics/agents',
    { config: readConfig, schema: workSchema(operations.statistics) },
    async (request) => {
      const found = await workers.getWorkStatistics({}, meshCall(request));
      const byStatus = numbers(found.workersByStatus);
      return {
        agent_statistics: {
          ...{ total_agents: Number(found.totalWorkers), by_status: byStatus },
          by_type: numbers(found.workersByType),
        },
        task_statistics: {
          ...{ total_tasks: Number(found.totalTasks), by_status: shownCounts(found.tasksByStatus) },
        },
        ...{ data_source: databaseSource, timestamp: timestamp() },
      };
    },
  );

  app.get('/info', { config: readConfig, schema: workSchema(operations.info) }, async () => ({
    ...{ service: 'domainflow', version: workApiVersion, features: workFeatures },
  }));

  exportRoute(app, { workers, timestamp });
  app.get('/health/database', { config: healthConfig, schema: workSchema(operations.database) }, (request) =>
    databaseHealth(request, workers),
  );
}

function exportRoute(
  app: FastifyInstance,
  { workers, timestamp }: { readonly workers: MeshClients['workers']; readonly timestamp: () => string },
): void {
  app.get(
    '/health/kafka',
    { config: healthConfig, schema: workSchema(operations.kafka) },
    async (request) => {
      const found = await workers.getEventExport({}, meshCall(request));
      return {
        ...{ status: found.status, message: found.message, published_at: timeJson(found.publishedAt) },
        ...{ behind_s: found.behindS, published_count: Number(found.publishedCount) },
        ...{ refused_count: Number(found.refusedCount), timestamp: timestamp() },
      };
    },
  );
}

const missing = new Set<string>(['unavailable', 'deadline_exceeded']);

async function databaseHealth(request: FastifyRequest, workers: MeshClients['workers']): Promise<object> {
  const unhealthy = (message: string) => ({ status: 'unhealthy', error: 'database_unavailable', message });
  try {
    const found = await workers.getDatabaseHealth({}, meshCall(request));
    const { poolSize, checkedIn, checkedOut, overflow, invalid } = found;
    if (!found.healthy) return unhealthy(found.message);
    return {
      ...{ status: 'healthy', agent_count: Number(found.workerCount), task_count: Number(found.taskCount) },
      message: found.message,
      connection_pool: {
        ...{ pool_size: poolSize, checked_in: checkedIn, checked_out: checkedOut, overflow, invalid },
      },
      ...{ active_connections: found.activeConnections, dependency_injection: true },
    };
  } catch (error) {
    if (!missing.has(asFault(error).reason)) throw error;
    return unhealthy('The service that keeps the database cannot be reached');
  }
}

function numbers(counts: Readonly<Record<string, bigint>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(counts).map(([word, count]) => [word, Number(count)]));
}
