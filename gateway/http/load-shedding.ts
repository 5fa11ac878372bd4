// Refuses new requests with 503 while this process cannot keep up, so that those under way get their answers and nobody waits for nothing. What
// machines ask of the process itself is always answered, and streams that are open go on.
import type { FastifyInstance } from 'fastify';
import { Counter } from 'prom-client';
import type { Metrics } from '../../foundation/telemetry/metrics.ts';
import { MetricName } from '../../foundation/telemetry/names.ts';
import { HttpProblem } from './http-problem.ts';
import { type LoopDelay, watchLoopDelay } from './loop-delay.ts';
import './route-config.ts';

/** When requests are refused. 0 switches a limit off. */
export interface SheddingLimits {
  /** How long the event loop may keep others waiting, time after time, in milliseconds. */
  readonly loopDelayMs: number;
  /** Requests under way at once, without event streams and those that wait. */
  readonly requestsMax: number;
}

/** What is said of a request that is refused. */
export const sheddingSentence = 'The platform has more to do than it can; try again soon';

/** Requests that wait for something to happen, at once; beyond, new ones are refused. */
export const waitingMax = 20_000;

const retryAfterS = 1;

/** Adds the hooks; call it after those that every answer needs. */
export function addLoadShedding(app: FastifyInstance, limits: SheddingLimits, metrics: Metrics): void {
  const shed = new Counter({
    name: MetricName.httpShed,
    help: 'Requests refused because the process could not keep up: event_loop, or requests when too many were under way',
    labelNames: ['cause'],
    registers: [metrics],
  });
  for (const cause of ['event_loop', 'requests']) shed.inc({ cause }, 0);
  const refuse = (cause: 'event_loop' | 'requests'): HttpProblem => {
    shed.inc({ cause });
    const headers = { 'retry-after': String(retryAfterS) };
    return new HttpProblem(503, sheddingSentence, { headers });
  };
  if (limits.loopDelayMs > 0) addLoopDelay(app, limits.loopDelayMs, () => refuse('event_loop'));
  if (limits.requestsMax > 0) addPlaces(app, limits.requestsMax, () => refuse('requests'));
}

function addLoopDelay(app: FastifyInstance, delayMs: number, refusal: () => HttpProblem): void {
  let delay: LoopDelay | undefined;
  app.addHook('onListen', async () => {
    delay = watchLoopDelay(delayMs);
  });
  app.addHook('onClose', async () => delay?.stop());
  app.addHook('onRequest', async ({ routeOptions }) => {
    if (delay?.isLate() && !routeOptions.config.probe) throw refusal();
  });
}

function addPlaces(app: FastifyInstance, placesMax: number, refusal: () => HttpProblem): void {
  const taken = { working: 0, waiting: 0 };
  app.addHook('onRequest', async ({ routeOptions: { config } }, reply) => {
    if (config.probe || config.endless) return;
    const kind = config.waits ? 'waiting' : 'working';
    if (taken[kind] >= (config.waits ? waitingMax : placesMax)) throw refusal();
    taken[kind] += 1;
    reply.raw.once('close', () => {
      taken[kind] -= 1;
    });
  });
}
