// `fields` on every GET that answers one JSON object or list: only these members are sent. What the description does not know is refused.
import type { FastifyInstance, FastifyRequest, FastifySchema } from 'fastify';
import { type FieldTree, fieldTree, readFields, selectFields } from '../core/field-paths.ts';
import { type NamedSchemas, rowsMember, unknownFields } from '../core/known-fields.ts';
import { answerSchemaOf, type JsonSchema } from '../core/operation.ts';
import { HttpProblem } from './http-problem.ts';

const fieldsDecorator = 'fields';

interface Selection {
  readonly tree: FieldTree;
  /** Of a list; undefined for one object. */
  readonly rows: string | undefined;
}

/** Lets the routes that are registered on `app` from now on take the parameter, if they answer JSON to a GET. */
export function addSelectedFields(app: FastifyInstance, names: NamedSchemas): void {
  app.decorateRequest(fieldsDecorator, null);
  // Before validation, which drops what a route does not know itself.
  app.addHook('preValidation', async (request) => {
    const { fields } = request.query as { readonly fields?: unknown };
    const schema = fields === undefined ? undefined : selectableSchema(request);
    if (!schema) return;
    const selection = { tree: wantedFields(fields, schema, names), rows: rowsMember(schema, names) };
    request.setDecorator<Selection>(fieldsDecorator, selection);
  });
  app.addHook('preSerialization', async (request, reply, payload) => {
    const selection = request.getDecorator<Selection | null>(fieldsDecorator);
    if (!selection || reply.statusCode !== 200) return payload;
    return selectFields(payload, selection.tree, selection.rows);
  });
}

function selectableSchema({ method, routeOptions }: FastifyRequest): JsonSchema | undefined {
  if (method !== 'GET' && method !== 'HEAD') return undefined;
  return answerSchemaOf((routeOptions.schema ?? {}) as FastifySchema & JsonSchema);
}

function wantedFields(fields: unknown, schema: JsonSchema, names: NamedSchemas): FieldTree {
  const read = readFields(fields);
  const violations = 'paths' in read ? unknownFields(read.paths, schema, names) : read.violations;
  const [first] = violations;
  if (!('paths' in read) || first) {
    throw new HttpProblem(400, `fields: ${first?.reason}`, { violations });
  }
  return fieldTree(read.paths);
}
