// What hooks do for every route of a kind, as the description of the API tells it: no route says it of itself.
import type { RouteOptions } from 'fastify';
import { isWorkPath } from '../core/api-version.ts';
import { fieldsLengthMax, fieldsMax } from '../core/field-paths.ts';
import {
  answerSchemaOf,
  bodyRefusals,
  type JsonSchema,
  type RequestHeader,
  refusal,
  repeatRefusals,
} from '../core/operation.ts';
import { sheddingSentence } from './load-shedding.ts';

/** Answers of an operation by status. */
export type Answers = Readonly<Record<string, JsonSchema>>;

/** What is added to what a route says of itself. */
export interface HookDescription {
  readonly headers: readonly RequestHeader[];
  /** Of the query, by name. */
  readonly parameters: Readonly<Record<string, JsonSchema>>;
  /** Answers and refusals; those of the route itself come first. */
  readonly answers: Answers;
  /** Schemas of headers of what the route answers below 300. */
  readonly answerHeaders: Readonly<Record<string, JsonSchema>>;
}

const none: HookDescription = { headers: [], parameters: {}, answers: {}, answerHeaders: {} };

const fieldsSchema: JsonSchema = {
  ...{ type: 'string', maxLength: fieldsLengthMax },
  title: `Answers these fields alone, as \`a,b.c\`, at most ${fieldsMax} paths: of a list those of a row. A path goes into every element of an array`,
};

const replayedHeader = {
  ...{ type: 'string', enum: ['true'] },
  description: 'Present when an earlier request of the same Idempotency-Key was answered so',
};

const tagHeader = { type: 'string', description: 'Names what is answered, for `If-None-Match`' };

const rateHeaders: Readonly<Record<string, JsonSchema>> = {
  'RateLimit-Policy': {
    type: 'string',
    description: 'The rates of the caller: `q` requests in `w` seconds, each',
  },
  RateLimit: {
    type: 'string',
    description: 'What is left of each rate: `r` requests, all of them again in `t` seconds',
  },
};

/** What hooks do for a route with this schema. */
export function hookDescription(route: RouteOptions, schema: JsonSchema): HookDescription {
  const { config } = route;
  const told = ofKind(route, schema);
  if (config?.probe) return told;
  return {
    ...told,
    answers: { ...refusalsOf({ 503: sheddingSentence }), ...told.answers },
    answerHeaders: { ...(config?.role ? rateHeaders : {}), ...told.answerHeaders },
  };
}

function ofKind({ method, url, config }: RouteOptions, schema: JsonSchema): HookDescription {
  const isOpen = config?.role === undefined;
  if (method !== 'GET') return isOpen ? ofBodies : ofChanges(method === 'POST');
  if (config?.probe || !answerSchemaOf(schema)) return none;
  const tagged = {
    headers: ['If-None-Match'] as const,
    answers: { 304: { description: 'It still is as you have it', type: 'null' } },
    answerHeaders: { ETag: tagHeader },
  };
  if (isOpen) return { ...none, ...tagged };
  const invalidStatus = isWorkPath(url) ? 422 : 400;
  const refused = refusalsOf({ [invalidStatus]: 'fields: a.b is not a field of the answer' });
  return { ...tagged, parameters: { fields: fieldsSchema }, answers: { ...tagged.answers, ...refused } };
}

const ofBodies: HookDescription = { ...none, answers: refusalsOf(bodyRefusals) };

function ofChanges(isRepeatable: boolean): HookDescription {
  if (!isRepeatable) return ofBodies;
  return {
    ...none,
    headers: ['Idempotency-Key'],
    answers: refusalsOf({ ...bodyRefusals, ...repeatRefusals }),
    answerHeaders: { 'Idempotency-Replayed': replayedHeader },
  };
}

function refusalsOf(sentences: Readonly<Record<number, string>>): Answers {
  const answers = Object.entries(sentences);
  return Object.fromEntries(answers.map(([status, detail]) => [status, refusal(Number(status), detail)]));
}
