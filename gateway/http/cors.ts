// Cross-origin requests from the listed sites, and from no others (Fetch standard). Credentials travel in the Authorization header, never
// in cookies.
import type { FastifyInstance } from 'fastify';
import { addVary } from './vary.ts';

const allowedHeaders =
  'Content-Type, Authorization, X-Tenant-ID, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID';
const exposedHeaders = [
  ...[
    'traceresponse',
    'Retry-After',
    'Allow',
    'ETag',
    'Location',
    'Idempotency-Replayed',
    'Content-Disposition',
  ],
  ...['RateLimit', 'RateLimit-Policy'],
].join(', ');
const allowedMethods = 'GET, HEAD, POST, PUT, DELETE';
const preflightSecondsMax = 600;

/** Answers preflights of the origins and lets them read answers. With no origins nothing is added. */
export function addCors(app: FastifyInstance, origins: readonly string[]): void {
  if (origins.length === 0) return;
  app.addHook('onRequest', async (request, reply) => {
    addVary(reply, 'Origin');
    const { origin } = request.headers;
    if (origin === undefined || !origins.includes(origin)) return undefined;
    reply.header('access-control-allow-origin', origin);
    reply.header('access-control-expose-headers', exposedHeaders);
    if (request.method !== 'OPTIONS' || !request.headers['access-control-request-method']) return undefined;
    reply.header('access-control-allow-methods', allowedMethods);
    reply.header('access-control-allow-headers', allowedHeaders);
    reply.header('access-control-max-age', String(preflightSecondsMax));
    return reply.code(204).send();
  });
}
