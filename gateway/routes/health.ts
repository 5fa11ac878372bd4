// The routes that machines ask: is the process alive, may it be sent requests, how are the parts, and the measurements.
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../foundation/clock.ts';
import type { Health } from '../../foundation/process/health.ts';
import type { Metrics } from '../../foundation/telemetry/metrics.ts';
import { version } from '../../foundation/version.ts';
import type { NeighbourStates } from '../clients/neighbour-health.ts';
import { routeSchema } from '../core/operation.ts';
import { healthOperations as operations } from './health-schema.ts';
import '../http/route-config.ts';

/** What the routes need. */
export interface HealthDeps {
  /** Of the gateway itself. */
  readonly health: Health;
  readonly neighbours: () => Promise<NeighbourStates>;
  readonly metrics: Metrics;
  readonly clock: Clock;
}

/** Registers the routes; they are open to everyone who can reach them and tell nothing of any tenant. */
export function healthRoutes(app: FastifyInstance, { health, neighbours, metrics, clock }: HealthDeps): void {
  const config = { probe: true };

  app.get('/health/live', { config, schema: routeSchema(operations.live) }, async () => ({
    status: 'alive',
  }));

  app.get('/health/ready', { config, schema: routeSchema(operations.ready) }, async (_request, reply) => {
    if (health.overall() === 'serving') return { status: 'ready' };
    reply.code(503);
    const waiting = health.components().filter(({ state }) => state !== 'serving');
    return {
      status: health.draining() ? 'draining' : 'starting',
      waiting_for: waiting.map(({ component }) => component),
    };
  });

  app.get('/health', { config, schema: routeSchema(operations.health) }, async (_request, reply) => {
    const states = await neighbours();
    const status = statusOf(states);
    reply.code(status === 'unhealthy' ? 503 : 200);
    const components = Object.entries(states).map(([name, state]) => [
      name,
      { status: state === 'serving' ? 'healthy' : 'unhealthy' },
    ]);
    const timestamp = new Date(clock()).toISOString();
    return { status, timestamp, version, components: Object.fromEntries(components) };
  });

  app.get('/metrics', { config, schema: routeSchema(operations.metrics) }, async (_request, reply) => {
    reply.type(metrics.contentType);
    return metrics.metrics();
  });
}

/**
 * Without the registry nobody new can be told apart, and when no neighbour serves nothing works; otherwise a part of the API is away. A
 * registry that has lost its database is such a part: documents are still read.
 */
export function statusOf(states: NeighbourStates): 'healthy' | 'degraded' | 'unhealthy' {
  const all = Object.values(states);
  if (states.registry === 'unreachable' || !all.includes('serving')) return 'unhealthy';
  return all.every((state) => state === 'serving') ? 'healthy' : 'degraded';
}
