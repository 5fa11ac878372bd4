// Tenants' own HTTP tools with a real registry and a real server: who may call them, what they are sent, and what comes back.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../foundation/json/json.ts';
import { startToolServer, type ToolServer } from './tool-server.for-test.ts';
import { startToolStage, type ToolStage } from './tool-stage.for-test.ts';

let stage: ToolStage;
let server: ToolServer;
beforeAll(async () => {
  stage = await startToolStage();
}, 60_000);
afterAll(() => stage?.close());

beforeAll(async () => {
  server = await startToolServer();
});
afterAll(() => server?.close());
afterEach(() => server.answer(({ body }, response) => response.end(body)));

const secret = 'sk-live-"2f8a6c';
const parameters_schema = {
  type: 'object',
  properties: { place: { type: 'string' }, days: { type: 'integer', maximum: 7 } },
  required: ['place'],
};

function weather(changes: JsonObject = {}): JsonObject {
  return {
    ...{ tool_name: 'weather', tool_type: 'custom', endpoint: `${server.origin}/call`, effect: 'read' },
    ...{ auth_method: 'none', description: 'Says the weather', parameters_schema },
    ...changes,
  };
}

async function opened(changes: JsonObject = {}, capability = 'query') {
  const tenant = await stage.tenantWith([weather(changes)], ['weather']);
  const before = server.seen.length;
  const box = await tenant.open(['weather'], { capability });
  return { ...tenant, box, seen: () => server.seen.slice(before) };
}

const byKey = { auth_method: 'api_key', credentials: { key: secret } };
const byOauth = () => ({
  auth_method: 'oauth',
  credentials: {
    token_url: `${server.origin}/token`,
    client_id: 'me',
    client_secret: 'a secret: %',
    scope: 'read',
  },
});

describe('a tool of a tenant', () => {
  it('is described by the registry and called with what the model gives', async () => {
    const { box, seen } = await opened();
    expect(box.tools).toMatchObject([
      { name: 'weather', description: 'Says the weather', parameters: parameters_schema, effect: 'read' },
    ]);
    expect(await box.call('weather', { place: 'Boston' })).toEqual({ place: 'Boston' });
    expect(seen()).toMatchObject([
      { method: 'POST', body: '{"place":"Boston"}', headers: { 'content-type': 'application/json' } },
    ]);
    const call = { toolName: 'weather', number: 1, errorCode: '' };
    const record = { text: '{"place":"Boston"}', bytes: 18, sha256: '' };
    const ended = { ...call, arguments: {}, durationMs: expect.any(Number), given: record, answered: record };
    expect(box.told).toEqual([
      { kind: 'tool_call', call: { ...call, arguments: { place: 'Boston' } } },
      { kind: 'tool_call', call: ended },
    ]);
  });

  it.each([
    ['is not granted', [], ['weather'], 'query'],
    ['is not on the list of the agent', ['weather'], ['web_search'], 'query'],
    ['does more than the run may', ['weather'], ['weather'], 'ingestion'],
  ])('that %s is not offered', async (_name, granted, listed, capability) => {
    const changes: JsonObject = capability === 'ingestion' ? { effect: 'update' } : {};
    const tenant = await stage.tenantWith([weather(changes)], granted);
    expect((await tenant.open(listed, { capability })).tools).toEqual([]);
  });

  it('is refused from the moment that its permission is revoked', async () => {
    const { box, revoke, seen } = await opened();
    await revoke('weather');
    await expect(box.call('weather', { place: 'Boston' })).rejects.toMatchObject({
      reason: 'permission_denied',
    });
    expect(seen()).toEqual([]);
    expect(box.told.at(-1)).toMatchObject({ call: { errorCode: 'permission_denied' } });
  });

  it('is not called with arguments that break its schema, and everything wrong is said', async () => {
    const { box, seen } = await opened();
    await expect(box.call('weather', { days: 9 })).rejects.toMatchObject({
      reason: 'invalid_argument',
      violations: [
        { field: 'arguments', reason: expect.stringContaining('place') },
        { field: 'arguments.days', reason: expect.stringContaining('7') },
      ],
    });
    expect(seen()).toEqual([]);
  });

  it('may be called twenty times by one task', async () => {
    const { box } = await opened();
    for (let calls = 0; calls < 20; calls += 1) await box.call('weather', { place: 'Boston' });
    await expect(box.call('weather', { place: 'Boston' })).rejects.toMatchObject({
      reason: 'resource_exhausted',
    });
  });

  it('at a place that the platform does not call is not called', async () => {
    const { box } = await opened({ endpoint: 'https://inside.example/call' });
    await expect(box.call('weather', { place: 'Boston' })).rejects.toMatchObject({
      message: expect.stringContaining('outside the networks'),
      failure: { code: 'tool_error' },
    });
  });
});

describe('a call', () => {
  it.each([
    ['an API key', byKey, { 'x-api-key': secret }],
    [
      'an API key in its own field',
      { ...byKey, credentials: { key: secret, header: 'X-Weather' } },
      { 'x-weather': secret },
    ],
    [
      'its own fields',
      { auth_method: 'custom', credentials: { headers: { Authorization: 'Basic abcdef', 'X-A': 'b' } } },
      { authorization: 'Basic abcdef', 'x-a': 'b' },
    ],
  ])('is proved with %s', async (_name, changes, headers) => {
    const { box, seen } = await opened(changes);
    await box.call('weather', { place: 'Boston' });
    expect(seen()).toMatchObject([{ headers }]);
  });

  it('is proved with an access token, which is got once and anew when the tool refuses it', async () => {
    const { box, seen } = await opened(byOauth());
    await box.call('weather', { place: 'a' });
    await box.call('weather', { place: 'b' });
    const identity = `${encodeURIComponent('me')}:${encodeURIComponent('a secret: %')}`;
    const authorization = `Basic ${Buffer.from(identity).toString('base64')}`;
    expect(seen().map(({ path }) => path)).toEqual(['/token', '/call', '/call']);
    expect(seen()[0]).toMatchObject({
      body: 'grant_type=client_credentials&scope=read',
      headers: { authorization },
    });
    const first = seen()[1]?.headers.authorization;
    expect(first).toMatch(/^Bearer token-\d+-of-server$/);
    server.answer(({ headers }, response) =>
      response.writeHead(headers.authorization === first ? 401 : 200).end('{"fine":true}'),
    );
    expect(await box.call('weather', { place: 'c' })).toEqual({ fine: true });
    expect(seen().map(({ path }) => path)).toEqual(['/token', '/call', '/call', '/call', '/token', '/call']);
  });

  it('is not proved with the identity of the platform', async () => {
    const { box, seen } = await opened({ auth_method: 'iam' });
    await expect(box.call('weather', { place: 'Boston' })).rejects.toThrow(/iam.*api_key, oauth, custom/);
    expect(seen()).toEqual([]);
  });

  it('tells nobody what it was proved with, even when the tool repeats it', async () => {
    const { box } = await opened({ ...byKey, parameters_schema: {} });
    server.answer(({ headers }, response) =>
      response.end(JSON.stringify({ headers, note: `key ${secret}` })),
    );
    const answer = JSON.stringify(await box.call('weather'));
    expect(answer).toContain('key [credential]');
    expect(answer).not.toContain('2f8a6c');
    server.answer(({ headers }, response) => response.writeHead(400).end(JSON.stringify(headers)));
    await expect(box.call('weather')).rejects.not.toThrow(/2f8a6c/);
    expect(JSON.stringify(box.told)).not.toContain('2f8a6c');
  });

  it('that only reads is repeated three times when it fails in passing', async () => {
    const { box, seen } = await opened();
    const statuses = [503, 429, 408, 200];
    server.answer((_request, response) => response.writeHead(statuses.shift() ?? 500).end('{"fine":true}'));
    expect(await box.call('weather', { place: 'Boston' })).toEqual({ fine: true });
    expect(seen()).toHaveLength(4);
    server.answer((_request, response) => response.writeHead(500).end());
    await expect(box.call('weather', { place: 'Boston' })).rejects.toThrow('answered 500');
    expect(seen()).toHaveLength(8);
  });

  it.each([
    ['that changes something', { effect: 'update' }, 'management', 503],
    ['that was wrong', {}, 'query', 404],
  ])('%s is not repeated', async (_name, changes, capability, status) => {
    const { box, seen } = await opened(changes, capability);
    server.answer((_request, response) => response.writeHead(status).end());
    await expect(box.call('weather', { place: 'Boston' })).rejects.toThrow(`answered ${status}`);
    expect(seen()).toHaveLength(1);
  });

  it('is refused for a while once its tool has failed five times in a row, and that of another tenant is not', async () => {
    const { box, seen } = await opened();
    const other = await opened();
    server.answer((_request, response) => response.writeHead(500).end());
    for (let calls = 0; calls < 2; calls += 1) {
      await box.call('weather', { place: 'Boston' }).catch(() => undefined);
    }
    const before = seen().length;
    await expect(box.call('weather', { place: 'Boston' })).rejects.toMatchObject({ reason: 'unavailable' });
    expect(seen()).toHaveLength(before);
    server.answer((_request, response) => response.end('{"fine":true}'));
    expect(await other.box.call('weather', { place: 'Boston' })).toEqual({ fine: true });
  });
});

describe('an answer', () => {
  it.each([
    ['that is no JSON is its text', 'sunny', { text: 'sunny' }],
    ['of one megabyte is taken', `"${'x'.repeat(1_048_574)}"`, 'x'.repeat(1_048_574)],
  ])('%s', async (_name, said, expected) => {
    const { box } = await opened();
    server.answer((_request, response) => response.end(said));
    expect(await box.call('weather', { place: 'Boston' })).toEqual(expected);
  });

  it.each([
    ['that is larger', 'x'.repeat(1_048_577), '1048576 bytes'],
    ['that is nested too deep', `${'['.repeat(40)}${']'.repeat(40)}`, '32 deep'],
  ])('%s is a failure of the tool', async (_name, said, sentence) => {
    const { box } = await opened();
    server.answer((_request, response) => response.end(said));
    await expect(box.call('weather', { place: 'Boston' })).rejects.toMatchObject({
      message: expect.stringContaining(sentence),
      failure: { code: 'tool_error' },
    });
  });

  it('that blames the arguments is told to the agent', async () => {
    const { box } = await opened();
    server.answer((_request, response) => response.writeHead(422).end('no such place'));
    await expect(box.call('weather', { place: 'x' })).rejects.toThrow(
      'The tool weather answered 422: no such place',
    );
  });
});
