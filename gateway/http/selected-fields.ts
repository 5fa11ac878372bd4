// `fields` on every GET that answers one JSON object or list: only these members are sent. What the description does not know is refused, together
// with whatever else is wrong with the request, which its route alone knows.
import type { FastifyInstance, FastifyRequest, FastifySchema } from 'fastify';
import { invalidArgument, type Violation } from '../../foundation/fault/fault.ts';
import { type FieldTree, fieldTree, readFields, selectFields } from '../core/field-paths.ts';
import { type NamedSchemas, rowsMember, unknownFields } from '../core/known-fields.ts';
import { answerSchemaOf, type JsonSchema } from '../core/operation.ts';
import { publicError } from './public-error.ts';

/** Name of the parameter, and of what a request keeps of it. */
const fieldsParameter = 'fields';

interface Selection {
  readonly tree: FieldTree;
  /** Of a list; undefined for one object. */
  readonly rows: string | undefined;
  /** What is wrong with the parameter; empty when nothing is. */
  readonly violations: readonly Violation[];
}

/** Lets the routes that are registered on `app` from now on take the parameter, if they answer JSON to a GET. */
export function addSelectedFields(app: FastifyInstance, names: NamedSchemas): void {
  app.decorateRequest(fieldsParameter, null);
  const selectionOf = (request: FastifyRequest) => request.getDecorator<Selection | null>(fieldsParameter);
  // Before validation, which drops what a route does not know itself.
  app.addHook('preValidation', async (request) => {
    const { fields } = request.query as { readonly fields?: unknown };
    const schema = fields === undefined ? undefined : selectableSchema(request);
    if (!schema) return;
    const selection = { ...wantedFields(fields, schema, names), rows: rowsMember(schema, names) };
    request.setDecorator<Selection>(fieldsParameter, selection);
  });
  app.addHook('preSerialization', async (request, reply, payload) => {
    const selection = selectionOf(request);
    if (!selection || reply.statusCode !== 200) return payload;
    if (selection.violations.length > 0) {
      reply.removeHeader('etag');
      throw invalidArgument(selection.violations);
    }
    return selectFields(payload, selection.tree, selection.rows);
  });
  // The handler of all errors, around this one, answers what is thrown here.
  app.setErrorHandler((error, request) => {
    throw withViolations(error, selectionOf(request)?.violations ?? []);
  });
}

// What is wrong with a request comes before whether its object is there. A failure of the platform stays what it is.
function withViolations(error: unknown, violations: readonly Violation[]): unknown {
  if (violations.length === 0) return error;
  const { status, violations: found } = publicError(error, true);
  if (status === 404) return invalidArgument(violations);
  if (status !== 400 || found.length === 0) return error;
  const others = found.filter(({ field }) => field !== fieldsParameter);
  return invalidArgument([...others, ...violations]);
}

function selectableSchema({ method, routeOptions }: FastifyRequest): JsonSchema | undefined {
  if (method !== 'GET' && method !== 'HEAD') return undefined;
  return answerSchemaOf((routeOptions.schema ?? {}) as FastifySchema & JsonSchema);
}

function wantedFields(
  fields: unknown,
  schema: JsonSchema,
  names: NamedSchemas,
): Pick<Selection, 'tree' | 'violations'> {
  const read = readFields(fields);
  if (!('paths' in read)) return { tree: new Map(), violations: read.violations };
  return { tree: fieldTree(read.paths), violations: unknownFields(read.paths, schema, names) };
}
