// What every GET does beside answering: tags what it answers and does not send it again, selects fields, compresses, and keeps browsers from
// misusing the answer.
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { notFound } from '../../foundation/fault/fault.ts';
import { problemOf, startGatewayForTest, type TestGateway } from '../app.for-test.ts';

const time = timestampFromDate(new Date('2026-03-01T10:00:00.000Z'));
const sessionOf = (at: number, title = 'Monday') => ({
  ...{ id: `u${at}`, sessionId: `sess_${at}`, domainId: 'civic', title, messageCount: 1 },
  ...{ lastActivity: time, createdAt: time, updatedAt: time },
});
const site = 'https://site.example';

let at: TestGateway;
let token: string;
let sessions = [sessionOf(1)];
beforeAll(async () => {
  at = await startGatewayForTest({ env: { CORS_ORIGINS: site, HSTS_MAX_AGE_S: '600' } });
  token = await at.token({ roles: ['admin'] });
  at.handlers.sessions = {
    listSessions: () => ({ sessions, page: { limit: 20, total: 1n } }),
    getSession: ({ sessionId }) => {
      if (sessionId === 'sess_none') throw notFound('session');
      return { session: sessionOf(1), messages: [], messageCursor: '' };
    },
  };
  at.handlers.apiKeys = {
    createApiKey: () => ({
      apiKey: '0'.repeat(64),
      key: {
        id: 'k',
        keyId: 'key_1',
        name: 'n'.repeat(4_000),
        kind: 1,
        createdAt: time,
        userId: 'u',
        createdBy: 'u',
      },
    }),
  };
});
afterAll(() => at?.close());

const read = (path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET') =>
  at.send(`${method} ${path}`, { token, headers });
/** As it came over the wire, without the client's own wishes. */
const raw = (path: string, init: RequestInit = {}) =>
  fetch(`${at.url}${path}`, {
    ...init,
    headers: { authorization: `Bearer ${token}`, 'accept-encoding': 'identity', ...init.headers },
  });

describe('an answer to a GET', () => {
  it.each(['sessions', 'sessions/sess_1', 'openapi.json'])(
    'of %s is not sent again to who has it',
    async (path) => {
      const first = await read(path);
      const tag = first.headers.get('etag') ?? '';
      expect([first.status, tag, first.headers.get('cache-control')]).toEqual([
        200,
        expect.stringMatching(/^W\/"[\w-]+"$/),
        'private, no-cache',
      ]);
      for (const known of [tag, tag.replace('W/', ''), `"x", ${tag}`, '*']) {
        const again = await read(path, { 'if-none-match': known });
        expect([again.status, again.body, again.headers.get('etag')]).toEqual([304, null, tag]);
        expect(again.headers.get('vary')).toContain('accept-encoding');
      }
      expect((await read(path, { 'if-none-match': '"x"' })).status).toBe(200);
      const head = await read(path, {}, 'HEAD');
      expect([head.status, head.body, head.headers.get('etag')]).toEqual([200, null, tag]);
    },
  );

  it('has another tag once it has changed, and with other fields', async () => {
    const tagOf = async (path: string) => (await read(path)).headers.get('etag');
    const before = await tagOf('sessions');
    expect(await tagOf('sessions?fields=title')).not.toBe(before);
    sessions = [sessionOf(1, 'Tuesday')];
    expect(await tagOf('sessions')).not.toBe(before);
    sessions = [sessionOf(1)];
    expect(await tagOf('sessions')).toBe(before);
  });

  it('has no tag when it is a refusal or a probe', async () => {
    expect((await read('sessions?limit=x')).headers.get('etag')).toBeNull();
    expect((await raw('/health')).headers.get('etag')).toBeNull();
  });
});

describe('fields', () => {
  it('leave of a list these members of each row, and the place in the list', async () => {
    const { body } = await read('sessions?fields=title,session_id');
    expect(body).toEqual({
      sessions: [{ session_id: 'sess_1', title: 'Monday' }],
      pagination: expect.objectContaining({ total: 1 }),
    });
  });

  it('leave of one object these members', async () => {
    expect((await read('sessions/sess_1?fields=title,messages.content')).body).toEqual({
      title: 'Monday',
      messages: [],
    });
  });

  it('that no answer has are refused, all of them', async () => {
    const answer = await read('sessions?fields=title,nothing,title.more&limit=5');
    expect(answer.status).toBe(400);
    expect(problemOf(answer).details).toEqual([
      { field: 'fields', reason: 'nothing is not a field of the answer' },
      { field: 'fields', reason: 'title.more is not a field of the answer' },
    ]);
  });

  it.each([
    ['a parameter that is none', 'sessions?fields=no&limit=x', 400, ['limit', 'fields']],
    ['what the route finds', 'sessions?fields=no,nor&page=1&cursor=c', 400, ['cursor', 'fields', 'fields']],
    [
      'an area of a map',
      'data/geo?domain_id=d&fields=no&bounds=1&cluster_zoom=99',
      400,
      ['bounds', 'cluster_zoom', 'fields'],
    ],
    ['an object that is not there', 'sessions/sess_none?fields=no', 400, ['fields']],
  ])('are refused together with %s', async (_what, path, status, wanted) => {
    const answer = await read(path);
    const named = problemOf(answer).details.map(({ field }) => field);
    expect([answer.status, named.sort()]).toEqual([status, wanted.toSorted()]);
    expect(answer.headers.get('etag')).toBeNull();
  });

  it('are not judged for who may not read', async () => {
    const viewer = await at.token({ roles: ['viewer'] });
    const answer = await at.send('GET audit?fields=no', { token: viewer });
    expect([answer.status, problemOf(answer).details]).toEqual([403, []]);
  });

  it.each(['fields=', 'fields=a&fields=b', 'fields=a..b'])('refuse %s', async (query) => {
    const answer = await read(`sessions?${query}`);
    expect([answer.status, problemOf(answer).details]).toMatchObject([400, [{ field: 'fields' }]]);
  });

  it('and If-None-Match are described on every GET of one object or list, and on no other', async () => {
    const { paths } = (await read('openapi.json')).body;
    type Described = {
      readonly parameters?: readonly { readonly name: string }[];
      readonly responses: Record<string, { readonly content?: object }>;
      readonly 'x-role'?: string;
    };
    const all = Object.entries<Record<string, Described>>(paths).flatMap(([path, { get }]) =>
      get?.['x-role'] ? [[path, get] as const] : [],
    );
    expect(all.length).toBeGreaterThan(5);
    for (const [path, { parameters = [], responses }] of all) {
      const isJson = Object.keys(responses[200]?.content ?? {}).join() === 'application/json';
      const names = parameters.map(({ name }) => name);
      const told = [names.includes('fields'), names.includes('If-None-Match'), '304' in responses];
      expect([path, ...told]).toEqual([path, isJson, isJson, isJson]);
    }
  });
});

describe('a long answer', () => {
  const encodingOf = async (path: string, wanted: string) => {
    const answer = await raw(path, { headers: { 'accept-encoding': wanted } });
    await answer.arrayBuffer();
    return answer.headers.get('content-encoding');
  };

  it('is compressed as the caller wishes, and is the same', async () => {
    const plain = await raw('/api/v1/openapi.json');
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(plain.headers.get('vary')).toContain('accept-encoding');
    const told = await plain.json();
    for (const coding of ['br', 'gzip']) {
      const answer = await raw('/api/v1/openapi.json', { headers: { 'accept-encoding': coding } });
      expect([answer.headers.get('content-encoding'), await answer.json()]).toEqual([coding, told]);
      expect(answer.headers.get('vary')).toContain('accept-encoding');
      expect(answer.headers.get('etag')).toBe(plain.headers.get('etag'));
    }
    expect(await encodingOf('/api/v1/openapi.json', 'gzip, br')).toBe('br');
    expect(await encodingOf('/api/v1/openapi.json', 'zstd')).toBeNull();
  });

  it('of a few rows is compressed too, a short one is not', async () => {
    expect(await encodingOf('/api/v1/sessions', 'br')).toBeNull();
    sessions = Array.from({ length: 20 }, (_, each) => sessionOf(each));
    expect(await encodingOf('/api/v1/sessions', 'br')).toBe('br');
    sessions = [sessionOf(1)];
  });

  it('to a POST is not, since it may hold a secret', async () => {
    const answer = await raw('/api/v1/auth/keys', {
      ...{ method: 'POST', body: '{}' },
      headers: { 'accept-encoding': 'br', 'content-type': 'application/json' },
    });
    expect([answer.status, answer.headers.get('content-encoding')]).toEqual([201, null]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect((await answer.text()).length).toBeGreaterThan(4_000);
  });
});

describe('the headers of every answer', () => {
  const held = {
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'x-frame-options': 'DENY',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cross-origin-resource-policy': 'same-origin',
    'strict-transport-security': 'max-age=600; includeSubDomains',
  };

  it.each([
    ['GET', '/api/v1/sessions', 200],
    ['GET', '/api/v1/nowhere', 404],
    ['PATCH', '/api/v1/sessions', 405],
    ['GET', '/health', 200],
  ])('of %s %s keep browsers from misusing it', async (method, path, status) => {
    const answer = await raw(path, { method });
    expect(answer.status).toBe(status);
    const told = Object.keys(held).map((name) => [name, answer.headers.get(name)]);
    expect(Object.fromEntries(told)).toEqual(held);
  });

  it('are there too when the path cannot be read', async () => {
    const answer = await raw('/api/v1/%zz');
    expect([answer.status, answer.headers.get('x-content-type-options')]).toEqual([400, 'nosniff']);
  });

  it('leave the pages of the reference their own scripts', async () => {
    const answer = await raw('/docs/');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect((await raw('/docs/static/swagger-ui-bundle.js')).status).toBe(200);
  });

  it('let pages of a listed site read what they need', async () => {
    const answer = await raw('/api/v1/sessions', { headers: { origin: site } });
    const exposed = answer.headers.get('access-control-expose-headers')?.split(', ');
    for (const name of ['ETag', 'Location', 'Retry-After', 'Idempotency-Replayed', 'RateLimit']) {
      expect(exposed).toContain(name);
    }
    expect(answer.headers.get('vary')).toBe('Origin, accept-encoding');
  });

  it('say nothing of TLS unless that is set', async () => {
    const other = await startGatewayForTest();
    expect((await fetch(`${other.url}/health`)).headers.get('strict-transport-security')).toBeNull();
    await other.close();
  });
});
