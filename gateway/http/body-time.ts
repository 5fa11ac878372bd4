// How long the body of a request may take to arrive. Who sends one byte now and then would otherwise hold on to a place.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { HttpProblem } from './http-problem.ts';
import './route-config.ts';

/** Answers 408 when a body has not arrived within this time, in milliseconds; routes that read theirs bit by bit are left out. */
export function addBodyTime(app: FastifyInstance, bodyTimeMs: number): void {
  app.addHook('preParsing', async (request, reply, payload) => {
    if (request.routeOptions.config.readsBodySlowly || !hasBody(request)) return payload;
    const timer = setTimeout(() => {
      // What still comes belongs to no request.
      reply.header('connection', 'close').send(new HttpProblem(408, 'The request did not arrive in time'));
    }, bodyTimeMs);
    for (const event of ['end', 'close', 'error']) payload.once(event, () => clearTimeout(timer));
    reply.raw.once('close', () => clearTimeout(timer));
    return payload;
  });
}

// A request that says neither how long its body is nor how it is sent has none (RFC 9112 section 6.3).
function hasBody({ headers }: FastifyRequest): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
}
