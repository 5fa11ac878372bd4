// Where a created object is.
import type { FastifyRequest } from 'fastify';
import { pathOf } from '../http/request-telemetry.ts';

/** The path of an object that was just created in the collection that the request is about. */
export function locationOf(request: FastifyRequest, id: string): string {
  return `${pathOf(request)}/${encodeURIComponent(id)}`;
}
