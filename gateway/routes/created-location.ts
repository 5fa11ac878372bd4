// Where a created object is.
import type { FastifyRequest } from 'fastify';
import type { JsonSchema } from '../core/operation.ts';
import { pathOf } from '../http/request-telemetry.ts';

/** The path of an object that was just created in the collection that the request is about. */
export function locationOf(request: FastifyRequest, id: string): string {
  return `${pathOf(request)}/${encodeURIComponent(id)}`;
}

/** The header of an answer that carries such a path. */
export const locationHeader: Readonly<Record<string, JsonSchema>> = {
  Location: { type: 'string', description: 'Path of the new object' },
};
