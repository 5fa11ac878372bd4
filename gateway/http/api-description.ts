// The description of the API, OpenAPI 3.1, made from what the routes say of themselves. Routes of an earlier API and refusals of wrong
// methods are no operations and are left out.
import swagger from '@fastify/swagger';
import type { FastifyInstance, FastifySchema, RouteOptions } from 'fastify';
import { type JsonSchema, operationTags, type RequestHeader, requestHeaders } from '../core/operation.ts';
import { withOptionalBodies } from '../core/optional-bodies.ts';
import { shareRefusals } from '../core/shared-refusals.ts';
import { toldQuery, toldSchema } from '../core/told-schema.ts';
import { type Answers, hookDescription } from './hook-description.ts';

/** What a description says of the whole. */
export interface DescribedApi {
  readonly version: string;
  /** Named schemas that operations refer to. */
  readonly schemas: readonly JsonSchema[];
}

/** Describes all routes that are registered from now on and say what they are; call it before the first one. */
export async function addApiDescription(
  app: FastifyInstance,
  { version, schemas }: DescribedApi,
): Promise<void> {
  for (const schema of schemas) app.addSchema(schema);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'DomainFlow',
        version,
        summary: 'Free text into structured records, and answers that can be proved',
        description: overview,
        license: { name: 'Apache 2.0', identifier: 'Apache-2.0' },
      } as object as { title: string; version: string },
      servers: [{ url: '/', description: 'This gateway' }],
      tags: Object.entries(operationTags).map(([name, description]) => ({ name, description })),
      components: {
        securitySchemes: {
          token: {
            ...{ type: 'http', scheme: 'bearer' },
            description: `A token of the identity provider, or an API key, as \`Authorization: Bearer …\`. Where it is asked for here, enter it alone,
without \`Bearer\`. On a local mesh \`POST /dev/token\` gives one.`,
          },
        },
      },
      security: [{ token: [] }],
    },
    refResolver: { buildLocalReference: ({ $id }, _base, _fragment, at) => String($id ?? `Part${at}`) },
    transform: ({ schema, url, route }) => ({ schema: describedSchema(schema, route), url }),
    transformObject: (document) => {
      if (!('openapiObject' in document)) throw new Error('The description is OpenAPI');
      const told = withOptionalBodies(document.openapiObject as JsonSchema);
      return shareRefusals(told) as typeof document.openapiObject;
    },
  });
}

const overview = `First steps:

1. Get a token: from the identity provider, or on a local mesh by \`POST /dev/token\`, where the role \`editor\` is enough for what follows. Send it
with every request as \`Authorization: Bearer …\`; on the page, the button **Authorize** takes it.
2. Choose a domain: \`GET /api/v1/domains\`. Every tenant has \`civic_complaints\`.
3. Submit a report: \`POST /api/v1/reports\`. Read it by its \`incident_id\` until \`status\` is no longer \`processing\`.
4. Ask: \`POST /api/v1/sessions\`, then \`POST /api/v1/queries\` with its \`session_id\`. Read the answer by its \`query_id\` likewise.

Ids in examples are made up: put those that you were answered in their place.

Bodies are JSON without an envelope. Every error is \`application/problem+json\` with a sentence in \`detail\`, all violations at
once in \`details\`, and a \`trace_id\`. Objects of other tenants answer exactly as objects that do not exist.

\`x-role\` is the least role that may call an operation, \`x-permission\` what an API key must have been given for it.

Members of a body that are not described here are ignored. Later versions may answer members that are not described here, so a client should
ignore what it does not know.

Users have a rate a second and a day, API keys one a minute; every answer to a credential says in \`RateLimit-Policy\` which, and in
\`RateLimit\` what is left. A request beyond one is answered 429 with \`Retry-After\`, and \`violated_policies\` names the rate.`;

function describedSchema(schema: FastifySchema | undefined, route: RouteOptions): FastifySchema {
  const told = schema as (JsonSchema & FastifySchema) | undefined;
  if (!told?.operationId) return { ...told, hide: true } as FastifySchema;
  const { 'x-heeds': heeds, 'x-body': body, querystring, ...rest } = told;
  const { role, permission } = route.config ?? {};
  const added = hookDescription(route, told);
  const headers = new Set([...added.headers, ...((heeds ?? []) as RequestHeader[])]);
  const query = (querystring ?? { type: 'object' }) as JsonSchema;
  const parameters = { ...((query.properties ?? {}) as JsonSchema), ...added.parameters };
  const takesQuery = Object.keys(parameters).length > 0;
  return {
    ...rest,
    ...(takesQuery ? { querystring: toldQuery({ ...query, properties: parameters }) } : {}),
    ...(body ? { body: toldSchema(body as JsonSchema) } : {}),
    ...(role ? { 'x-role': role, 'x-permission': permission } : { security: [] }),
    ...headersOf([...headers]),
    response: { ...added.answers, ...withHeaders((rest.response ?? {}) as Answers, added.answerHeaders) },
  } as FastifySchema;
}

// Refusals are told alike by many operations, so what only some say of theirs stays out of them.
function withHeaders(answers: Answers, more: Readonly<Record<string, JsonSchema>>): Answers {
  const told = Object.entries(answers).map(([status, answer]) => {
    const headers = { ...more, ...(answer.headers as object | undefined) };
    const isTold = status < '300' && Object.keys(headers).length > 0;
    return [status, isTold ? { ...answer, headers } : answer];
  });
  return Object.fromEntries(told);
}

function headersOf(names: readonly RequestHeader[]): object {
  if (names.length === 0) return {};
  const properties = Object.fromEntries(names.map((name) => [name, requestHeaders[name]]));
  return { headers: { type: 'object', properties } };
}
