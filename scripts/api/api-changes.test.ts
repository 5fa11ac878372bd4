// What counts as a change that breaks clients: one small API, changed in one place at a time.
import { describe, expect, it } from '@jest/globals';
import { apiChanges } from './api-changes.ts';
import { schemaChanges } from './schema-changes.ts';
import type { Schema } from './schema-variants.ts';

const point = {
  type: 'object',
  required: ['coordinates'],
  properties: { coordinates: { type: 'array', prefixItems: [{ type: 'number' }, { type: 'number' }] } },
};

const team = {
  type: 'object',
  required: ['id', 'name'],
  properties: {
    id: { type: 'string' },
    name: { type: ['string', 'null'] },
    kind: { type: 'string', enum: ['day', 'night'] },
    size: { type: 'number' },
    place: { anyOf: [{ $ref: '#/components/schemas/Point' }, { type: 'null' }] },
    parent: { $ref: '#/components/schemas/Team' },
    extra: { type: 'object', additionalProperties: { type: 'string' } },
  },
};

const newTeam = {
  type: 'object',
  required: ['name'],
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 200, pattern: '^.' },
    kind: { type: 'string', enum: ['day', 'night'] },
    size: { type: ['integer', 'null'], minimum: 0 },
    members: { type: 'array', maxItems: 10, items: { type: 'string' } },
    place: { allOf: [{ $ref: '#/components/schemas/Point' }] },
  },
};

function smallApi() {
  return structuredClone({
    paths: {
      '/teams': {
        get: {
          operationId: 'listTeams',
          'x-role': 'viewer',
          'x-permission': 'teams:read',
          parameters: [
            { in: 'query', name: 'limit', schema: { type: 'integer', maximum: 100 } },
            { in: 'query', name: 'page', schema: { type: 'integer' } },
          ],
          responses: {
            200: {
              headers: { ETag: { schema: { type: 'string' } } },
              content: {
                'application/json': {
                  schema: { type: 'array', items: { $ref: '#/components/schemas/Team' } },
                },
                'application/x-ndjson': {
                  schema: { type: 'string', 'x-item-schema': { $ref: '#/components/schemas/Team' } },
                },
              },
            },
            404: { $ref: '#/components/responses/NotFound' },
          },
        },
        post: {
          operationId: 'createTeam',
          'x-role': 'editor',
          'x-permission': 'teams:create',
          requestBody: {
            content: {
              'application/json': { schema: { $ref: '#/components/schemas/NewTeam' } },
              'text/csv': { schema: { type: 'string' } },
            },
          },
          responses: { 201: { description: 'Made' }, 202: { description: 'Taken' } },
        },
      },
      '/health': { get: { operationId: 'getHealth', responses: { 200: {} } } },
    },
    components: {
      schemas: { Point: point, Team: team, NewTeam: newTeam },
      responses: { NotFound: { content: { 'application/problem+json': { schema: { type: 'object' } } } } },
    },
  });
}

type SmallApi = ReturnType<typeof smallApi>;

// biome-ignore lint/suspicious/noExplicitAny: a change may put anything anywhere.
type Change = (api: any) => void;

function changesBy(change: Change): readonly string[] {
  const after: SmallApi = smallApi();
  change(after);
  const changes = apiChanges({ before: smallApi() as Schema, after: after as Schema });
  return changes.map(({ where, what, isBreaking }) => `${isBreaking ? '' : '(borne) '}${where}: ${what}`);
}

const list = (api: SmallApi) => api.paths['/teams'].get;
const create = (api: SmallApi) => api.paths['/teams'].post;
const answered = (api: SmallApi) => api.components.schemas.Team;
const taken = (api: SmallApi) => api.components.schemas.NewTeam;

const body = 'POST /teams, body';
const answer = 'GET /teams, answer 200';

/** What is said of both forms of the list. */
const both = (path: string, what: string) => [
  `${answer}, []${path}: ${what}`,
  `${answer}, []${path}: ${what}`,
];

describe('an API breaks its clients when', () => {
  it.each<[string, Change, readonly string[]]>([
    ['a path goes', (api) => delete api.paths['/health'], ['GET /health: was removed']],
    ['a method goes', (api) => delete api.paths['/teams'].post, ['POST /teams: was removed']],
    [
      'an operation is called otherwise',
      (api) => Object.assign(list(api), { operationId: 'teams' }),
      ['GET /teams: has the operationId teams now, not listTeams'],
    ],
    [
      'a higher role is needed',
      (api) => Object.assign(list(api), { 'x-role': 'admin' }),
      ['GET /teams: needs the role admin now'],
    ],
    [
      'another permission is needed',
      (api) => Object.assign(list(api), { 'x-permission': 'keys:read' }),
      ['GET /teams: needs the permission keys:read now'],
    ],
    [
      'what was open needs a role',
      (api) => Object.assign(api.paths['/health'].get, { 'x-role': 'viewer', 'x-permission': 'health:read' }),
      ['GET /health: needs the role viewer now', 'GET /health: needs the permission health:read now'],
    ],
    [
      'a parameter goes',
      (api) => list(api).parameters.pop(),
      ['GET /teams, query parameter page: is not taken any more'],
    ],
    [
      'a parameter must be given',
      (api) => list(api).parameters.push({ in: 'query', name: 'of', required: true, schema: {} } as never),
      ['GET /teams, query parameter of: is required now'],
    ],
    [
      'a parameter is narrower',
      (api) => Object.assign(list(api).parameters[0]?.schema ?? {}, { maximum: 50 }),
      ['GET /teams, query parameter limit: has the maximum 50 now, not 100'],
    ],
    [
      'a body must be there',
      (api) => Object.assign(create(api).requestBody, { required: true }),
      [`${body}: is required now`],
    ],
    [
      'a body is not taken in a form',
      (api) => Reflect.deleteProperty(create(api).requestBody.content, 'text/csv'),
      [`${body}: is not taken as text/csv any more`],
    ],
    ['a member must be sent', (api) => taken(api).required.push('kind'), [`${body}, kind: is required now`]],
    [
      'a member is not taken',
      (api) => Reflect.deleteProperty(taken(api).properties, 'size'),
      [`${body}, size: is not taken any more`],
    ],
    [
      'no other members are taken',
      (api) => Object.assign(taken(api), { additionalProperties: false }),
      [`${body}: takes no other members any more`],
    ],
    [
      'a value is not taken',
      (api) => taken(api).properties.kind.enum.pop(),
      [`${body}, kind: does not take "night" any more`],
    ],
    [
      'only listed values are taken',
      (api) => Object.assign(taken(api).properties.name, { enum: ['a', 'b'] }),
      [`${body}, name: takes only "a", "b" now`],
    ],
    [
      'null is not taken',
      (api) => Object.assign(taken(api).properties.size, { type: 'integer' }),
      [`${body}, size: does not take the type null any more`],
    ],
    [
      'limits are narrower',
      (api) => {
        Object.assign(taken(api).properties.name, { minLength: 2, maxLength: 9, pattern: '^a' });
        Object.assign(taken(api).properties.members, { minItems: 1, uniqueItems: true });
      },
      [
        `${body}, name: has the minLength 2 now, not 1`,
        `${body}, name: has the maxLength 9 now, not 200`,
        `${body}, name: has the pattern ^a now, not ^.`,
        `${body}, members: has the minItems 1 now, not none`,
        `${body}, members: has the uniqueItems true now, not none`,
      ],
    ],
    [
      'an answer is not given',
      (api) => Reflect.deleteProperty(create(api).responses, '202'),
      ['POST /teams, answer 202: is not given any more'],
    ],
    [
      'an answer has not a form',
      (api) => Reflect.deleteProperty(list(api).responses[200].content, 'application/x-ndjson'),
      [`${answer}: is not answered as application/x-ndjson any more`],
    ],
    [
      'an answer lacks a header',
      (api) => Reflect.deleteProperty(list(api).responses[200].headers, 'ETag'),
      [`${answer}, header ETag: is not answered any more`],
    ],
    [
      'a member is not answered',
      (api) => Reflect.deleteProperty(answered(api).properties, 'size'),
      both('.size', 'is not answered any more'),
    ],
    ['a member may be absent', (api) => answered(api).required.pop(), both('.name', 'may be absent now')],
    [
      'a member may be null',
      (api) => Object.assign(answered(api).properties.id, { type: ['string', 'null'] }),
      both('.id', 'can be of the type null now'),
    ],
    [
      'a member is of another type',
      (api) => Object.assign(answered(api).properties.extra.additionalProperties, { type: 'number' }),
      both('.extra.*', 'can be of the type number now'),
    ],
  ])('%s', (_what, change, sentences) => {
    expect(changesBy(change)).toEqual(sentences);
  });

  it('a named schema changes, wherever that is used', () => {
    const sentences = changesBy((api) => Object.assign(api.components.schemas.Point, { required: [] }));
    expect(sentences).toEqual(both('.place.coordinates', 'may be absent now'));
    const other = changesBy((api) => {
      api.components.schemas.Point.properties.coordinates.prefixItems[1] = { type: 'integer', minimum: 0 };
    });
    expect(other).toEqual([`${body}, place.coordinates[1]: does not take the type number any more`]);
  });
});

describe('one form of several', () => {
  const oneOfTwo = (second: Schema) => ({ anyOf: [{ type: 'null' }, { type: 'integer' }, second] });
  const object = (properties: Schema) => ({ type: 'object', required: Object.keys(properties), properties });

  it('is compared with the form that it is most like', () => {
    const documents = { before: {}, after: {} };
    const place = { subject: 'body', path: '', direction: 'taken', documents } as const;
    const before = oneOfTwo(object({ a: { type: 'string' }, b: { type: 'string' } }));
    const after = oneOfTwo(object({ a: { type: 'null' }, b: { type: 'number' } }));
    expect(schemaChanges({ before, after }, place).map(({ where, what }) => `${where}: ${what}`)).toEqual([
      'body, a: does not take the type string any more',
      'body, b: does not take the type string any more',
    ]);
  });
});

describe('an API does not break its clients when', () => {
  it.each<[string, Change]>([
    ['nothing changes', () => {}],
    ['a path is new', (api) => Object.assign(api.paths, { '/users': api.paths['/teams'] })],
    ['a lower role is enough', (api) => Object.assign(create(api), { 'x-role': 'viewer' })],
    [
      'a parameter is new',
      (api) => list(api).parameters.push({ in: 'query', name: 'of', schema: {} } as never),
    ],
    ['a member may be sent', (api) => Object.assign(taken(api).properties, { note: { type: 'string' } })],
    ['a member need not be sent', (api) => taken(api).required.pop()],
    [
      'more is taken',
      (api) => {
        Object.assign(taken(api).properties.name, {
          type: ['string', 'null'],
          maxLength: 300,
          pattern: undefined,
        });
        taken(api).properties.kind.enum.push('weekend');
      },
    ],
    ['a member is answered', (api) => Object.assign(answered(api).properties, { note: { type: 'string' } })],
    [
      'less is answered',
      (api) => {
        Object.assign(answered(api).properties, { name: { type: 'string' }, size: { type: 'integer' } });
        Object.assign(answered(api).properties.place, { anyOf: [{ type: 'null' }] });
        answered(api).properties.kind.enum.pop();
      },
    ],
    ['a refusal goes', (api) => Reflect.deleteProperty(list(api).responses, '404')],
    ['words change', (api) => Object.assign(list(api), { summary: 'Teams' })],
    [
      'a schema gets a name',
      (api) => {
        api.components.schemas.Kind = answered(api).properties.kind;
        Object.assign(answered(api).properties, { kind: { $ref: '#/components/schemas/Kind' } });
      },
    ],
  ])('%s', (_what, change) => {
    expect(changesBy(change)).toEqual([]);
  });

  it('a word is new in what is answered, but tells so', () => {
    const sentences = changesBy((api) => answered(api).properties.kind.enum.push('weekend'));
    expect(sentences).toEqual(both('.kind', 'can be "weekend" now').map((sentence) => `(borne) ${sentence}`));
    const open = changesBy((api) => Reflect.deleteProperty(answered(api).properties.kind, 'enum'));
    expect(open).toEqual(both('.kind', 'can be any value now').map((sentence) => `(borne) ${sentence}`));
  });
});
