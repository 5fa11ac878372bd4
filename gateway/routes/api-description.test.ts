// The description of the API as a whole: it has every live route and nothing else, says of each what a user needs, and its examples hold.
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import type { RouteOptions } from 'fastify';
import { generateSigningKey } from '../../foundation/identity/signing-key.ts';
import type { JsonSchema } from '../core/operation.ts';
import { createSchemaCheck } from '../http/check-answer.for-test.ts';
import { describedApi } from './described-api.ts';

/** Largest description, in bytes. */
const bytesMax = 512 * 1024;

/** Rules of the linter that are switched off, with the reason. */
const rulesOff = {
  // Probes and the description itself are open and take nothing, so they refuse nobody.
  'operation-4xx-response': 'off',
  // `/agents/bulk/{operation}` and `/agents/{agent_id}/heartbeat`: no id is `bulk`.
  'no-ambiguous-paths': 'off',
  // The rule does not see what lines of NDJSON refer to; a test below does.
  'no-unused-components': 'off',
} as const;

type Members<Value> = Readonly<Record<string, Value>>;

interface Media {
  readonly schema: JsonSchema;
  readonly example?: unknown;
  readonly examples?: Members<{ readonly value: unknown }>;
}

interface Answer {
  readonly $ref?: string;
  readonly content?: Members<Media>;
}

interface Described {
  readonly operationId?: string;
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly security?: readonly unknown[];
  readonly 'x-role'?: string;
  readonly 'x-permission'?: string;
  readonly parameters?: readonly { readonly required: boolean; readonly schema: JsonSchema }[];
  readonly requestBody?: { readonly content: Members<Media> };
  readonly responses: Members<Answer>;
}

interface ApiDocument {
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Members<Members<Described>>;
  readonly components: { readonly schemas: Members<JsonSchema>; readonly responses: Members<Answer> };
}

let document: ApiDocument;
let routes: RouteOptions[];
let operations: readonly (readonly [line: string, steps: readonly string[], operation: Described])[];

beforeAll(async () => {
  routes = [];
  document = (await describedApi({
    devKey: await generateSigningKey(),
    prepare: (app) => void app.addHook('onRoute', (route) => void routes.push(route)),
  })) as unknown as ApiDocument;
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, operation]) =>
        [`${method.toUpperCase()} ${path}`, ['paths', path, method], operation] as const,
    ),
  );
});

const linesWhere = (holds: (operation: Described) => boolean) =>
  operations.filter(([, , operation]) => holds(operation)).map(([line]) => line);

describe('the description of the API', () => {
  it('has exactly the live routes', () => {
    // What was removed and what has another method refuses before it looks at the request, and has nothing else to do.
    const live = routes.filter(
      ({ method, url, handler, onRequest }) =>
        ![onRequest].flat().includes(handler as never) &&
        !url.startsWith('/docs') &&
        method !== 'HEAD' &&
        method !== 'OPTIONS',
    );
    const lines = live.map(({ method, url }) => `${method} ${url.replaceAll(/:(\w+)/g, '{$1}')}`);
    expect(operations.map(([line]) => line).toSorted()).toEqual(lines.toSorted());
  });

  it('names each operation once, in camel case, under a tag, with a line and an answer', () => {
    const ids = operations.map(([, , { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(operations.length);
    const tags = document.tags.map(({ name }) => name);
    const lacking = linesWhere(
      ({ operationId = '', tags: [tag = ''] = [], summary = '', responses }) =>
        !/^[a-z]+([A-Z][a-z]*)*$/.test(operationId) ||
        !tags.includes(tag) ||
        !/[^.]$/.test(summary) ||
        !Object.keys(responses).some((status) => status.startsWith('2')),
    );
    expect(lacking).toEqual([]);
  });

  it('says which role and permission a call takes, or that it is open', () => {
    const unclear = linesWhere(({ security, 'x-role': role, 'x-permission': permission }) =>
      security ? security.length > 0 || role !== undefined : !role || !permission,
    );
    expect(unclear).toEqual([]);
  });

  it('shows a whole example of every body that is sent or answered', () => {
    const bodies = (operation: Described) =>
      [operation.requestBody, ...Object.values(operation.responses)].flatMap((body) =>
        Object.values(body?.content ?? {}),
      );
    const lacking = linesWhere((operation) =>
      bodies(operation).some(({ example, examples }) => example === undefined && !examples),
    );
    expect(lacking).toEqual([]);
  });

  it('has no example of a parameter that may be absent: the pages would send it', () => {
    const sent = linesWhere(({ parameters = [] }) =>
      parameters.some(
        ({ required, schema, ...told }) => !required && /"examples?":/.test(JSON.stringify([told, schema])),
      ),
    );
    expect(sent).toEqual([]);
  });

  it('has examples that are as their schemas say', () => {
    const problemsAt = createSchemaCheck(document as unknown as JsonSchema);
    const problemsIn = (steps: readonly string[], content: Members<Media> = {}) =>
      Object.entries(content)
        .filter(([type]) => type.endsWith('json'))
        .flatMap(([type, { example, examples = {} }]) => {
          const values = [...(example === undefined ? [] : [example]), ...valuesOf(examples)];
          return values.flatMap((value) => problemsAt([...steps, 'content', type, 'schema'], value));
        });
    const wrong = operations.flatMap(([line, steps, { requestBody, responses }]) =>
      [
        ...problemsIn([...steps, 'requestBody'], requestBody?.content),
        ...Object.entries(responses).flatMap(([status, { content }]) =>
          problemsIn([...steps, 'responses', status], content),
        ),
      ].map((problem) => `${line}: ${problem}`),
    );
    const refusals = Object.entries(document.components.responses);
    expect(refusals.length).toBeGreaterThan(5);
    expect(
      refusals.flatMap(([name, { content }]) => problemsIn(['components', 'responses', name], content)),
    ).toEqual([]);
    expect(wrong).toEqual([]);
  });

  it('refers to what it has, and has nothing that it does not refer to', () => {
    const used = new Set(
      [...JSON.stringify(document).matchAll(/"#\/components\/([^"]+)"/g)].map(([, place]) => place),
    );
    const { schemas, responses } = document.components;
    const held = [
      ...Object.keys(schemas).map((name) => `schemas/${name}`),
      ...Object.keys(responses).map((name) => `responses/${name}`),
    ];
    expect([...used].toSorted()).toEqual(held.toSorted());
  });

  it('keeps the recommended rules of a linter', async () => {
    const config = await createConfig({ extends: ['recommended'], rules: rulesOff });
    const source = JSON.stringify(document);
    const problems = await lintFromString({ source, absoluteRef: '/openapi.json', config });
    expect(
      problems.map(({ ruleId, message, location: [place] }) => `${ruleId} ${place?.pointer}: ${message}`),
    ).toEqual([]);
  });

  it('is the same without the development issuer, but for it', async () => {
    const { paths } = (await describedApi()) as unknown as ApiDocument;
    const own = Object.keys(document.paths).filter((path) => !path.startsWith('/dev/'));
    expect(Object.keys(paths)).toEqual(own);
    expect(Object.keys(document.paths).length).toBeGreaterThan(own.length);
  });

  it('is small enough to be read at once', () => {
    expect(JSON.stringify(document).length).toBeLessThan(bytesMax);
  });
});

function valuesOf(examples: NonNullable<Media['examples']>): readonly unknown[] {
  return Object.values(examples).map(({ value }) => value);
}
