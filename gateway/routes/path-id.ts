// Ids in paths. One of a form that no id has names nothing, so it answers as an id that never existed.
import type { FastifyRequest } from 'fastify';
import { notFound } from '../../foundation/fault/fault.ts';
import { isPlainText } from '../../foundation/json/plain-text.ts';

/** The longest are names of tools of MCP servers, which hold the name of the server too. */
const idLengthMax = 200;

/** The path parameter `name`; Fault `not_found` with this noun when it cannot be an id. */
export function pathId(request: FastifyRequest, name: string, noun: string): string {
  const id = (request.params as Readonly<Record<string, string | undefined>>)[name];
  if (!id || id.length > idLengthMax || !isPlainText(id)) throw notFound(noun);
  return id;
}
