// The types of the client say what the description of the API says.
import { expect, it } from '@jest/globals';
import { apiTypes } from './api-types.ts';
import type { OpenApiDocument, Schema } from './open-api.ts';

const named = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
const jsonOf = (schema: Schema) => ({ content: { 'application/json': { schema } } });

function documentOf(schemas: Readonly<Record<string, Schema>>, answer: Schema): OpenApiDocument {
  const id = { name: 'id', in: 'path', required: true, schema: { type: 'string' } } as const;
  const limit = { name: 'limit', in: 'query', schema: { type: 'integer' } } as const;
  const responses = { 200: jsonOf(answer), 404: { $ref: '#/components/responses/Gone' }, 204: {} };
  const requestBody = {
    required: true,
    ...jsonOf({ type: 'object', properties: { a: { type: 'string' } } }),
  };
  const get = { operationId: 'getThing', summary: 'A thing', parameters: [id, limit], responses };
  const post = { operationId: 'makeThing', requestBody, responses: { 201: jsonOf(named('Thing')) } };
  return { paths: { '/things/{id}': { get, post } }, components: { schemas } };
}

const thing: Schema = {
  ...{ type: 'object', required: ['title', 'data'], additionalProperties: false },
  properties: {
    title: { type: ['string', 'null'], description: 'What it is called' },
    data: { type: 'object' },
    value: { description: 'Any JSON value' },
    pair: { type: 'array', prefixItems: [{ type: 'number' }, { type: 'number' }] },
    next: named('Thing'),
  },
};

const generated = (answer: Schema) => apiTypes(documentOf({ Thing: thing }, answer));
const squeezed = (text: string) => text.replaceAll(/\s+/g, ' ');

it('names schemas, and the parts of operations that have none', async () => {
  const text = squeezed(await generated({ type: 'array', items: named('Thing') }));
  expect(text).toContain('export interface Thing {');
  expect(text).toContain('title: string | null;');
  expect(text).toContain('data: { [k: string]: unknown; };');
  expect(text).toContain('value?: unknown;');
  expect(text).toContain('pair?: number[];');
  expect(text).toContain('next?: Thing;');
  expect(text).toContain('export type GetThingAnswer200 = Thing[];');
  expect(text).toContain('export interface GetThingPath { id: string; }');
  expect(text).toContain('export interface GetThingQuery { limit?: number; }');
  expect(text).toContain('export interface MakeThingBody { a?: string; }');
  expect(text).not.toContain('JSON-Schema');
});

it('lists operations by name and by path', async () => {
  const text = squeezed(await generated(named('Thing')));
  expect(text).toContain(
    "/** A thing. */ getThing: { parameters: { path: GetThingPath; query?: GetThingQuery; header?: never; }; requestBody?: never; responses: { 200: { content: { 'application/json': Thing; }; }; 204: { content?: never; }; default: { content: { 'application/problem+json': Problem } }; }; };",
  );
  expect(text).toContain("requestBody: { content: { 'application/json': MakeThingBody; }; };");
  expect(text).toContain("'/things/{id}': { get: Operations['getThing']; post: Operations['makeThing']; };");
});

it('refuses a name that two things would have', async () => {
  const document = documentOf({ Thing: thing, GetThingPath: thing }, named('Thing'));
  await expect(apiTypes(document)).rejects.toThrow('Two schemas are named GetThingPath');
});
