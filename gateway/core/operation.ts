// What a route says of itself to people: its summary, what it takes, every answer and every refusal, with examples. The API description is
// made of this, and tests hold the answers of the routes against it; at run time only what comes in is checked by it.
import { problemBody } from './problem.ts';

/** A JSON Schema. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The groups of operations, in the order of the description. */
export const operationTags = {
  Reports: 'Free text and images in, structured records out.',
  Queries: 'Questions and commands in plain words, answered with references and a map.',
  Sessions: 'Conversations that questions belong to.',
  Data: 'All reports of a domain at once: on a map, counted, over time.',
  Patches: 'Every change of a report, to be looked at, decided and taken back.',
  Executions: 'What ran, what runs, and how to steer it.',
  Approvals: 'Decisions that runs wait for.',
  Agents: 'What reads, answers and changes: a prompt or a skill with its output keys.',
  Domains: 'Agents wired into playbooks.',
  Tools: 'What agents may call, and which agent may call it.',
  Workers: 'Remote processes that take tasks (API v2).',
  Tasks: 'Work that is given to workers, by priority and by what they can do (API v2).',
  Workflows: 'Graphs of tasks, run once, often or by a schedule (API v2).',
  People: 'Who works here, in which teams, and with which keys.',
  Tenant: 'Settings, usage and the audit log of the tenant.',
  Health: 'Whether the platform and its parts are well.',
} as const;

/** A group of operations. */
export type OperationTag = keyof typeof operationTags;

/** A body of an answer. */
export interface AnswerContent {
  /** Absent for an answer without a body. */
  readonly schema?: JsonSchema;
  /** A whole body. */
  readonly example?: unknown;
  /** Absent means JSON. */
  readonly mediaType?: string;
}

/** An answer that is no error. */
export interface OperationAnswer extends AnswerContent {
  /** A sentence. */
  readonly description: string;
  /** Other media types that it may have instead. */
  readonly others?: readonly AnswerContent[];
  /** Schemas of headers beyond those of every answer. */
  readonly headers?: Readonly<Record<string, JsonSchema>>;
}

/** What a route says of itself. */
export interface Operation {
  /** Unique, in camel case: what clients call it. */
  readonly id: string;
  readonly tag: OperationTag;
  /** A line without a full stop. */
  readonly summary: string;
  /** Sentences, in Markdown. */
  readonly description?: string;
  /** Schemas of the parts of the path, by name. */
  readonly params?: Readonly<Record<string, JsonSchema>>;
  readonly querystring?: JsonSchema;
  readonly body?: JsonSchema;
  /** What the body is where a service judges it, so that all its problems are told at once, or the route reads it: told instead of `body`. */
  readonly toldBody?: JsonSchema;
  /** Whole bodies. */
  readonly bodyExamples?: readonly unknown[];
  /** Absent means JSON. */
  readonly bodyMediaTypes?: readonly string[];
  /** Headers of requests that the route heeds, besides `Idempotency-Key`, which every POST with a credential does. */
  readonly headers?: readonly RequestHeader[];
  /** By status. */
  readonly answers: Readonly<Record<number, OperationAnswer>>;
  /** Refusals beyond those that every route has, by status: the sentence of an example. */
  readonly refusals?: Readonly<Record<number, string>>;
  /** True for a route that needs no credential. */
  readonly isOpen?: boolean;
  /** Status of values that break rules; absent means 400. */
  readonly invalidStatus?: 422;
}

/** A header that some routes heed. */
export type RequestHeader = 'Idempotency-Key' | 'If-Match' | 'If-None-Match' | 'Last-Event-ID';

/** Schemas of the headers. */
export const requestHeaders: Readonly<Record<RequestHeader, JsonSchema>> = {
  'Idempotency-Key': {
    ...{ type: 'string', minLength: 1, maxLength: 128, pattern: '^[ -~]*$' },
    description:
      'Your own name for this request, for 24 hours: sent twice, it is done once and answered alike; answers above 256 KB are made again',
  },
  'If-Match': {
    type: 'string',
    description: 'The ETag of what you have read: changed only if it still is so',
  },
  'If-None-Match': { type: 'string', description: 'The ETag of what you have: answered only if it changed' },
  'Last-Event-ID': { type: 'string', description: 'Id of the last event that you have: goes on after it' },
};

/** The schema of a route as Fastify takes it; see {@link refusalAnswers} for the refusals that it lists. */
export function routeSchema(operation: Operation): JsonSchema {
  const { id, tag, summary, description, params, querystring, body, headers = [], answers } = operation;
  const { toldBody = body, bodyExamples } = operation;
  const taken = Object.entries(answers).map(([status, answer]) => [status, answerSchema(answer)]);
  return {
    ...{ operationId: id, tags: [tag], summary },
    ...(description === undefined ? {} : { description }),
    ...(params && { params: { type: 'object', properties: params } }),
    ...(querystring && { querystring }),
    ...(body && { body }),
    ...(toldBody && { 'x-body': { ...alone(toldBody), ...(bodyExamples && { examples: bodyExamples }) } }),
    ...(operation.bodyMediaTypes && { consumes: operation.bodyMediaTypes }),
    'x-heeds': headers,
    response: { ...refusalAnswers(operation), ...Object.fromEntries(taken) },
  };
}

// A reference stands alone in a description: what is beside it would be left out.
function alone(schema: JsonSchema): JsonSchema {
  return '$ref' in schema ? { allOf: [schema] } : schema;
}

function answerSchema(answer: OperationAnswer): JsonSchema {
  const { description, headers, schema, others = [] } = answer;
  const told = { description, ...(headers && { headers }) };
  if (!schema) return { ...told, type: 'null' };
  return { ...told, content: Object.fromEntries([answer, ...others].map(contentOf)) };
}

function contentOf({ schema, example, mediaType = 'application/json' }: AnswerContent) {
  return [mediaType, { schema, ...(example === undefined ? {} : { example }) }] as const;
}

const unexpected = 'An unexpected error occurred';
const notJson = 'The body is not valid JSON';

/** Refusals of a request that may have a body, also where the route takes none: the sentence of an example. */
export const bodyRefusals: Readonly<Record<number, string>> = {
  400: notJson,
  413: 'The body is too large',
  415: 'The body must be application/json',
};

/** Refusals of a request that may be repeated under its `Idempotency-Key`: the sentence of an example. */
export const repeatRefusals: Readonly<Record<number, string>> = {
  409: 'A request with this Idempotency-Key is being answered',
  422: 'The Idempotency-Key was used for another request',
};

/** Refusals that every route below the API base may answer. */
const commonRefusals: Readonly<Record<number, string>> = {
  401: 'The credential is missing',
  403: 'This needs the role editor',
  429: 'This API key may make 100 requests a minute',
  500: unexpected,
  503: 'A part of the platform cannot be reached; try again soon',
  504: 'The request took too long',
};

function refusalAnswers(operation: Operation): Readonly<Record<string, JsonSchema>> {
  const {
    body,
    toldBody = body,
    querystring,
    params,
    headers = [],
    refusals,
    isOpen,
    invalidStatus = 400,
  } = operation;
  const sentences: Record<number, string> = isOpen ? { 500: unexpected } : { ...commonRefusals };
  if (params) sentences[400] = 'The path is not validly percent-encoded';
  if (querystring || headers.length > 0) sentences[invalidStatus] = 'limit: must be a whole number';
  if (toldBody && sentences[400] === undefined) sentences[400] = notJson;
  if (toldBody && invalidStatus === 422) sentences[422] = 'name: is required';
  if (params) sentences[404] = 'No such object';
  if (headers.includes('If-Match')) sentences[412] = 'The document is not, or no longer, as If-Match says';
  const answers = Object.entries({ ...sentences, ...refusals }).map(([status, detail]) => [
    status,
    refusal(Number(status), detail),
  ]);
  return Object.fromEntries(answers);
}

const retryAfter = {
  'Retry-After': { type: 'integer', minimum: 0, description: 'Seconds after which it may be tried again' },
};

/** Headers that refusals of a status have. */
const refusalHeaders: Readonly<Record<number, Readonly<Record<string, JsonSchema>>>> = {
  401: { 'WWW-Authenticate': { type: 'string', description: 'How to authenticate (RFC 6750)' } },
  409: {
    'Retry-After': {
      ...retryAfter['Retry-After'],
      description: 'Seconds after which it may be tried again; absent where that alone helps nothing',
    },
  },
  429: retryAfter,
  503: retryAfter,
};

/** The schema of what a route answers with 200, when that is JSON and nothing else. */
export function answerSchemaOf({ response }: JsonSchema): JsonSchema | undefined {
  const { content = {} } = (response as { readonly 200?: OfContent } | undefined)?.[200] ?? {};
  const [only, ...others] = Object.keys(content);
  return only === 'application/json' && others.length === 0 ? content[only]?.schema : undefined;
}

interface OfContent {
  readonly content?: Readonly<Record<string, { readonly schema: JsonSchema }>>;
}

/** The answer of a status that refuses, with this sentence in its example. */
export function refusal(status: number, detail: string): JsonSchema {
  const violations = violationsIn(status, detail);
  const example = problemBody({
    ...{ status, detail, instance: '/api/…', traceId: '4bf92f3577b34da6a3ce929d0e0e4736' },
    ...{ timestamp: '2026-03-01T10:00:00.000Z', violations },
    // Fields are told with this status on API v2 alone.
    requestId: status === 422 && violations.length > 0 ? '00f067aa0ba902b7' : undefined,
  });
  const content = { 'application/problem+json': { schema: { $ref: 'Problem#' }, example } };
  const headers = refusalHeaders[status];
  return { description: detail, ...(headers && { headers }), content };
}

// What is wrong with what was sent is told by its field; other refusals are sentences that may have a colon too.
function violationsIn(status: number, detail: string) {
  const [, field, reason] = /^([^\s:]+): (.+)$/.exec(detail) ?? [];
  if (!field || !reason || ![400, 413, 422].includes(status)) return [];
  if (status !== 422) return [{ field, reason }];
  return [{ field, reason, message: `${field} ${reason}`, invalid_value: null, constraint: reason }];
}
