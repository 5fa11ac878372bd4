// What operations of API v2 have in common: how they are described, ids in their paths, and parts of lists.
import type { FastifyRequest } from 'fastify';
import { invalidArgument, malformed } from '../../foundation/fault/fault.ts';
import { isUuid } from '../../foundation/ids/ids.ts';
import { text } from '../core/answer-schema.ts';
import { type JsonSchema, type Operation, routeSchema } from '../core/operation.ts';
import { violationsMax } from '../core/schema-violations.ts';
import { objectSchema, type Schema } from '../http/schema-parts.ts';

/** What lists are read from, as the API says it. */
export const databaseSource = 'postgresql';

const notUuid = 'must be a UUID';
const uuidDigits = '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-8][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}';

/** A UUID in a query. */
export const uuidSchema: Schema = { type: 'string', pattern: `^${uuidDigits}$`, description: 'a UUID' };

/** Yes or no in a query. */
export const yesOrNoSchema: Schema = { type: 'string', enum: ['true', 'false'] };

/** The schema of a route of API v2: values that break rules answer 422, an id of another form 400. */
export function workSchema(operation: Operation): JsonSchema {
  const { params, refusals } = operation;
  const [first] = Object.keys(params ?? {});
  const ofId: Record<number, string> = first === undefined ? {} : { 400: `${first}: ${notUuid}` };
  return routeSchema({ ...operation, invalidStatus: 422, refusals: { ...ofId, ...refusals } });
}

/** The schema of an id in a path. */
export function workIdSchema(noun: string): JsonSchema {
  return { ...text, description: `UUID of the ${noun}` };
}

/** The id in the path under this name, in lower case; Fault `malformed` for what is no UUID. */
export function workId(request: FastifyRequest, name: string): string {
  const id = (request.params as Readonly<Record<string, string | undefined>>)[name] ?? '';
  if (!isUuid(id)) throw malformed([{ field: name, reason: notUuid }]);
  return id.toLowerCase();
}

/** Most ids of one request. */
const idsMax = 1_000;

/**
 * The ids of a body that is a list of them, or has one as `agent_ids`, in their order and in lower case. Fault `invalid_argument` for what is no
 * list of 1 to 1000, `malformed` names each that is no UUID.
 */
export function workIds(body: unknown): readonly string[] {
  const ids: unknown = Array.isArray(body) ? body : (Object(body) as { agent_ids?: unknown }).agent_ids;
  if (!Array.isArray(ids) || ids.length === 0 || ids.length > idsMax) {
    throw invalidArgument([{ field: 'agent_ids', reason: `must be a list of 1 to ${idsMax} ids` }]);
  }
  const wrong = ids.flatMap((id, at) =>
    isUuid(String(id)) ? [] : [{ field: `agent_ids[${at}]`, reason: notUuid }],
  );
  if (wrong.length > 0) throw malformed(wrong.slice(0, violationsMax));
  return ids.map((id) => String(id).toLowerCase());
}

/** Query parameters of a list as they came, known to be within their bounds. */
export interface WorkListQuery {
  readonly limit?: string;
  readonly offset?: string;
}

/** The schema of the query of a list with these filters. */
export function workListSchema(filters: Readonly<Record<string, Schema>>): Schema {
  return objectSchema({
    ...filters,
    limit: {
      ...{ type: 'string', pattern: '^(?:[1-9][0-9]{0,2}|1000)$' },
      ...{ description: 'a whole number from 1 to 1000', title: 'Rows, 1 to 1000; 100 unless given' },
    },
    offset: {
      ...{ type: 'string', pattern: '^[0-9]{1,9}$' },
      ...{ description: 'a whole number from 0', title: 'Rows to pass over; 0 unless given' },
    },
  });
}

/** The part of the list that is asked for. */
export function wantedRows({ limit = '100', offset = '0' }: WorkListQuery) {
  return { limit: Number(limit), offset: Number(offset) };
}
