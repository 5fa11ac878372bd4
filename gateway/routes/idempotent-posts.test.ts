// Every POST with a credential heeds an Idempotency-Key. The routes are those that are registered, so that a new one is held to it too.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { fastify, type RouteOptions } from 'fastify';
import { Fault } from '../../foundation/fault/fault.ts';
import { TeamSchema } from '../../proto/gen/domainflow/registry/v1/team_pb.js';
import { problemOf, startGatewayForTest, type TestAnswer, type TestGateway } from '../app.for-test.ts';
import { filledHandlers, filledMessage } from '../clients/filled-message.for-test.ts';
import type { NeighbourHandlers } from '../clients/neighbours.for-test.ts';
import { type RememberedNames, rememberNames } from '../clients/request-names.for-test.ts';
import { apiBase } from '../core/api-version.ts';
import type { JsonSchema } from '../core/operation.ts';
import { smallestValue } from '../http/smallest-value.for-test.ts';
import { type RouteDeps, registerRoutes } from './api.ts';

interface Post {
  readonly line: string;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
  readonly isRemembered: boolean;
}

/** Every POST that needs a credential, with a body that it takes. */
async function registeredPosts(): Promise<readonly Post[]> {
  const app = fastify();
  const routes: RouteOptions[] = [];
  app.addHook('onRoute', (route) => {
    if (route.method === 'POST' && route.config?.role) routes.push(route);
  });
  await registerRoutes(app, { clients: {}, devKey: undefined } as unknown as RouteDeps);
  await app.close();
  return routes.map(({ url, config, schema }) => {
    const isLines = url.endsWith('/batch');
    const {
      body,
      querystring,
      'x-body': told = body,
    } = (schema ?? {}) as Readonly<Record<string, JsonSchema>>;
    return {
      line: `POST ${url.replace(`${apiBase}/`, '').replace(/:(\w+)/g, pathPart)}${smallestQuery(querystring)}`,
      body: isLines ? '{"domain_id":"a","text":"a"}\n' : told && smallestValue(told),
      headers: (isLines ? { 'content-type': 'application/x-ndjson' } : {}) as Post['headers'],
      isRemembered: config?.remembersRequests === true,
    };
  });
}

/** What a route asks without which it refuses. */
function smallestQuery(querystring: JsonSchema | undefined): string {
  const values = querystring === undefined ? {} : smallestValue(querystring);
  const text = new URLSearchParams(values as Record<string, string>).toString();
  return text === '' ? '' : `?${text}`;
}

/** Ids of a form that the routes let through. */
function pathPart(_part: string, name: string): string {
  const known = { attempt: '1', operation: 'activate' }[name];
  if (known !== undefined) return known;
  const prefix = { job_id: 'job_', patch_id: 'patch_' }[name];
  return prefix === undefined
    ? '019caa7d-3e5f-7b4f-8f7e-5a9d2c1b0a98'
    : `${prefix}019caa7d3e5f7b4f8f7e5a9d2c1b0a98`;
}

const posts = await registeredPosts();
const forgotten = posts.filter(({ isRemembered }) => !isRemembered).map((post) => [post.line, post] as const);
const remembered = posts.filter(({ isRemembered }) => isRemembered).map((post) => [post.line, post] as const);

let at: TestGateway;
let token: string;
let names: RememberedNames;
let heard: { readonly method: string; readonly request: object; readonly requestId: string | null }[] = [];
/** What a neighbour throws, once. */
let failure: Error | undefined;

beforeAll(async () => {
  const handlers: NeighbourHandlers = {};
  const nouns = [
    'agents',
    'domains',
    'teams',
    'apiKeys',
    'tools',
    'toolAccess',
    'reports',
    'patches',
    'images',
  ];
  const more = [
    'sessions',
    'queryJobs',
    'executions',
    'deletions',
    'control',
    'approvals',
    'estimates',
    'gates',
    'breakers',
    ...['workers', 'tasks', 'workflows'],
  ];
  for (const noun of [...nouns, ...more]) {
    Object.assign(handlers, {
      [noun]: filledHandlers((method, request, { requestHeader }) => {
        heard.push({ method, request, requestId: requestHeader.get('x-request-id') });
        const thrown = failure;
        failure = undefined;
        if (thrown) throw thrown;
      }),
    });
  }
  at = await startGatewayForTest({ handlers });
  token = await at.token({ roles: ['admin'] });
});
beforeEach(() => {
  names = rememberNames();
  at.handlers.requestNames = names;
  heard = [];
  failure = undefined;
});
afterAll(() => at?.close());

interface Sent {
  readonly key?: string;
  readonly body?: unknown;
  readonly token?: string;
  readonly signal?: AbortSignal;
}

// Not held against the description: the neighbours fill their answers with anything.
async function send(
  post: Post,
  { key = 'mine', body = post.body, token: as = token, signal }: Sent = {},
): Promise<TestAnswer> {
  const [method, path = ''] = post.line.split(' ');
  const json = body === undefined ? {} : { 'content-type': 'application/json' };
  const answer = await fetch(at.url + (path.startsWith('/') ? path : `${apiBase}/${path}`), {
    ...(method ? { method } : {}),
    ...(signal ? { signal } : {}),
    headers: { ...json, ...post.headers, 'idempotency-key': key, authorization: `Bearer ${as}` },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  const isJson = /[/+]json/.test(answer.headers.get('content-type') ?? '');
  return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : text };
}

/** A body that the route takes, and that is another one. */
function otherBody({ body }: Post): unknown {
  return { ...(body as object | undefined), told_apart: true };
}

describe('POST routes', () => {
  it('are all here', () => {
    expect(posts.length).toBeGreaterThan(20);
    expect(remembered.map(([line]) => line.replace(/_[0-9a-f]{32}/, '_1'))).toEqual([
      ...[
        'POST reports',
        'POST patches/patch_1/apply',
        'POST patches/patch_1/reject',
        'POST patches/patch_1/revert',
      ],
      ...['POST queries', 'POST sessions', 'POST executions/job_1/rerun', 'POST reports/batch'],
    ]);
  });

  it.each(remembered)('%s leaves its key to its service', async (_line, post) => {
    await send(post);
    const named = heard.filter(({ request }) => (request as { requestId?: string }).requestId);
    expect(named).toHaveLength(1);
    expect(names.kept.size).toBe(0);
  });

  it.each(forgotten)('%s is carried out once and answered alike', async (_line, post) => {
    const first = await send(post);
    expect(first.status).toBeLessThan(500);
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    const done = heard.length;
    const second = await send(post);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect([second.status, second.body]).toEqual([first.status, first.body]);
    for (const name of ['content-type', 'location', 'cache-control']) {
      expect(second.headers.get(name)).toBe(first.headers.get(name));
    }
    expect(heard).toHaveLength(done);
  });

  it.each(forgotten)('%s is refused with another body under the same key', async (_line, post) => {
    await send(post);
    const done = heard.length;
    const answer = await send(post, { body: otherBody(post) });
    expect(answer.status).toBe(422);
    expect(problemOf(answer).detail).toContain('Idempotency-Key');
    expect(heard).toHaveLength(done);
  });

  it.each(forgotten)('%s is refused while the first one is being answered', async (_line, post) => {
    let letGo = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    let reached = (): void => undefined;
    const isKeeping = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const { keepAnswer } = names;
    at.handlers.requestNames = {
      ...names,
      keepAnswer: async (request, context) => {
        reached();
        await gate;
        return keepAnswer(request, context);
      },
    };
    const first = send(post);
    await isKeeping;
    const second = await send(post);
    expect(second.status).toBe(409);
    letGo();
    expect((await first).status).toBeLessThan(500);
  });
});

const making = posts.find(({ line }) => line === 'POST teams') as Post;
const approve = posts.find(({ line }) => line.endsWith('/approve')) as Post;

describe('an Idempotency-Key', () => {
  it('names another request on another route, with another query, of another user and of another tenant', async () => {
    const agents = posts.find(({ line }) => line === 'POST agents') as Post;
    const others = [
      await send(agents),
      await send({ ...agents, line: 'POST agents?validate_only=true' }),
      await send({ ...agents, line: 'POST teams' }),
      await send(agents, { token: await at.token({ roles: ['admin'], user: 'bob' }) }),
      await send(agents, { token: await at.token({ roles: ['admin'], tenant: 'other' }) }),
    ];
    expect(others.map(({ headers }) => headers.get('idempotency-replayed'))).toEqual(Array(5).fill(null));
    expect(names.kept.size).toBe(5);
  });

  it.each([
    ['', 'empty'],
    ['x'.repeat(129), 'too long'],
    ['ä', 'not printable ASCII'],
  ])('"%s" is refused: it is %s', async (key) => {
    const answer = await send(making, { key });
    expect(answer.status).toBe(400);
    expect(problemOf(answer).details).toEqual([
      { field: 'Idempotency-Key', reason: 'must be 1 to 128 printable ASCII characters' },
    ]);
  });

  it('tells nothing to a caller who may not call the route', async () => {
    await send(making);
    expect((await send(making, { token: await at.token({ roles: ['viewer'] }) })).status).toBe(403);
  });

  it.each([
    ['unavailable', 503],
    ['deadline_exceeded', 504],
    ['internal', 500],
    ['resource_exhausted', 429],
    ['permission_denied', 403],
  ] as const)('is free again after %s, and the next try has the same id', async (reason, status) => {
    failure = new Fault(reason, 'Not now');
    expect((await send(making)).status).toBe(status);
    expect((await send(making)).status).toBe(201);
    const ids = heard.map(({ requestId }) => requestId);
    expect(ids).toHaveLength(2);
    expect(ids[1]).toBe(ids[0]);
    expect(ids[0]).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('keeps a refusal that is final', async () => {
    failure = new Fault('not_found', 'No such user');
    expect((await send(making)).status).toBe(404);
    const second = await send(making);
    expect([second.status, second.headers.get('idempotency-replayed')]).toEqual([404, 'true']);
  });

  it('of a gateway that went away is carried out again under the same id', async () => {
    at.handlers.requestNames = {
      ...names,
      keepAnswer: () => Promise.reject(new Fault('unavailable', 'Gone')),
    };
    expect((await send(making)).status).toBe(201);
    at.handlers.requestNames = names;
    expect((await send(making)).status).toBe(409);
    names.loseClaims();
    expect((await send(making)).status).toBe(201);
    expect(new Set(heard.map(({ requestId }) => requestId)).size).toBe(1);
  });

  it('is carried out also when its client goes away, and its next try is told what came of it', async () => {
    const leaving = new AbortController();
    const left = Promise.withResolvers<void>();
    const kept = Promise.withResolvers<void>();
    const { teams } = at.handlers;
    at.handlers.teams = {
      createTeam: async (_request, { signal }) => {
        leaving.abort();
        await left.promise;
        if (signal.aborted) throw new Fault('cancelled', 'Nobody waits for it');
        return { team: filledMessage(TeamSchema) };
      },
    };
    const { keepAnswer } = names;
    at.handlers.requestNames = {
      ...names,
      keepAnswer: async (request, context) => {
        await keepAnswer(request, context);
        kept.resolve();
        return {};
      },
    };
    await expect(send(making, { signal: leaving.signal })).rejects.toThrow();
    // What is asked later, over other connections, is answered after the end of this one was seen.
    for (let turn = 0; turn < 3; turn += 1) await fetch(`${at.url}/health`);
    left.resolve();
    await kept.promise;
    const next = await send(making);
    expect([next.status, next.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
    at.handlers.teams = teams;
  });

  it('is not heeded while it cannot be remembered: nothing is done', async () => {
    at.handlers.requestNames = { claimName: () => Promise.reject(new Fault('unavailable', 'Gone')) };
    expect((await send(making)).status).toBe(503);
    expect(heard).toEqual([]);
  });

  it('hides the answer from who keeps it, and tells none that was kept for another request', async () => {
    const keys = posts.find(({ line }) => line === 'POST auth/keys') as Post;
    const first = await send(keys);
    expect(first.headers.get('cache-control')).toBe('no-store');
    const [kept] = [...names.kept.values()];
    expect(Buffer.from(kept?.answer ?? []).toString('latin1')).not.toContain('api_key');
    await send(making);
    const [, other] = [...names.kept.values()];
    if (other && kept?.answer) other.answer = kept.answer;
    expect((await send(making)).status).toBe(409);
  });

  it('is for the request as it was sent: what its service takes for granted does not matter', async () => {
    expect((await send(approve, { body: {} })).status).toBe(200);
    expect((await send(approve, { body: { comment: '' } })).status).toBe(422);
  });

  it('keeps an answer of 256 KB, and lets one that is longer be made again', async () => {
    const { teams } = at.handlers;
    const answered = async (length: number) => {
      at.handlers.teams = { createTeam: () => ({ team: { id: 'a', teamName: 'x'.repeat(length) } }) };
      const key = `${length}`;
      await send(making, { key });
      return (await send(making, { key })).headers.get('idempotency-replayed');
    };
    expect(await answered(255 * 1024)).toBe('true');
    expect(await answered(257 * 1024)).toBeNull();
    at.handlers.teams = teams;
  });
});
