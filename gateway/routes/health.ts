// The routes that machines ask: is the process alive, may it be sent requests, how are the parts, and the measurements.
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../foundation/clock.ts';
import type { Health } from '../../foundation/process/health.ts';
import type { Metrics } from '../../foundation/telemetry/metrics.ts';
import { version } from '../../foundation/version.ts';
import type { NeighbourStates } from '../clients/neighbour-health.ts';
import { type BreakerState, breakerStatus, worstStatus } from '../core/breaker-status.ts';
import { routeSchema } from '../core/operation.ts';
import { healthOperations as operations } from './health-schema.ts';
import '../http/route-config.ts';

/** What the routes need. */
export interface HealthDeps {
  /** Of the gateway itself. */
  readonly health: Health;
  readonly neighbours: () => Promise<NeighbourStates>;
  /** The state of each circuit breaker of the platform, by name. */
  readonly breakerStates: () => ReadonlyMap<string, BreakerState>;
  readonly metrics: Metrics;
  readonly clock: Clock;
}

/** Registers the routes; they are open to everyone who can reach them and tell nothing of any tenant. */
export function healthRoutes(app: FastifyInstance, deps: HealthDeps): void {
  const { health, metrics } = deps;
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
    const { status, ...parts } = await platformHealth(deps);
    reply.code(status === 'unhealthy' ? 503 : 200);
    return { status, timestamp: new Date(deps.clock()).toISOString(), version, ...parts };
  });

  app.get('/metrics', { config, schema: routeSchema(operations.metrics) }, async (_request, reply) => {
    reply.type(metrics.contentType);
    return metrics.metrics();
  });
}

async function platformHealth({ neighbours, breakerStates }: HealthDeps) {
  const states = await neighbours();
  const breakers = breakerStates();
  const components = Object.entries(states).map(([name, state]) => [
    name,
    { status: state === 'serving' ? 'healthy' : 'unhealthy' },
  ]);
  const told = [...breakers].map(([name, state]) => [name, { status: breakerStatus(state), state }]);
  return {
    status: statusOf(states, breakers.values()),
    components: Object.fromEntries(components),
    circuit_breakers: Object.fromEntries(told),
  };
}

/**
 * Without the registry nobody new can be told apart, and when no neighbour serves nothing works; otherwise a part of the API is away. A
 * registry that has lost its database is such a part: documents are still read. So is what lies behind an open circuit breaker.
 */
export function statusOf(
  states: NeighbourStates,
  breakers: Iterable<BreakerState> = [],
): 'healthy' | 'degraded' | 'unhealthy' {
  const all = Object.values(states);
  if (states.registry === 'unreachable' || !all.includes('serving')) return 'unhealthy';
  const isWhole = all.every((state) => state === 'serving') && worstStatus(breakers) !== 'degraded';
  return isWhole ? 'healthy' : 'degraded';
}
