// Tools of tenants' MCP servers, with a real registry and a real server by the SDK.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  CallToolRequestSchema,
  EmptyResultSchema,
  ListToolsRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import type { JsonObject } from '../../foundation/json/json.ts';
import { startToolServer, type ToolServer } from './tool-server.for-test.ts';
import { startToolStage, type ToolStage } from './tool-stage.for-test.ts';

const secret = 'sk-live-2f8a6c';

const text = (said: string) => ({ content: [{ type: 'text', text: said }] });
const asksText = { type: 'object' as const, properties: { text: { type: 'string' } }, required: ['text'] };
const asksNothing = { type: 'object' as const };

const answers: Readonly<Record<string, (given: JsonObject) => object>> = {
  search: (given) => text(`found ${given.text} by ${secret}`),
  count: () => ({ content: [], structuredContent: { count: 3 } }),
  fail: () => ({ isError: true, ...text('The printer is on fire') }),
  draw: () => ({ content: [{ type: 'image', mimeType: 'image/png', data: 'aaaa' }] }),
  flood: () => text('x'.repeat(1_100_000)),
  send: () => text('sent'),
  dig: () => ({ content: [], structuredContent: nested(1_000) }),
};

const pings = 200;

function nested(depth: number): JsonObject {
  let inner: JsonObject = {};
  for (let at = 1; at < depth; at += 1) inner = { inner };
  return inner;
}

function addTools(server: Server): void {
  server.setRequestHandler(ListToolsRequestSchema, ({ params }) => {
    const described = Object.keys(answers).map((name) => ({
      name,
      description: `Does ${name}`,
      inputSchema: name === 'search' || name === 'send' ? asksText : asksNothing,
    }));
    described.push(
      { name: 'nag', description: 'Asks back', inputSchema: asksNothing },
      { name: 'abyss', description: 'Asks', inputSchema: { ...asksNothing, not: nested(33) } as never },
    );
    // Two pages, so that whoever reads only one misses half.
    return params?.cursor
      ? { tools: described.slice(3) }
      : { tools: described.slice(0, 3), nextCursor: 'more' };
  });
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { sendRequest }) => {
    if (params.name === 'nag') {
      const ignored = () => undefined;
      const timeout = { timeout: 60_000 };
      for (let at = 0; at < pings; at += 1)
        sendRequest({ method: 'ping' }, EmptyResultSchema, timeout).catch(ignored);
      return text('asked');
    }
    const answer = answers[params.name];
    if (!answer) throw new Error('unknown');
    return answer((params.arguments ?? {}) as JsonObject);
  });
}

let stage: ToolStage;
let server: ToolServer;
beforeAll(async () => {
  stage = await startToolStage();
  server = await startToolServer(addTools);
}, 60_000);
afterAll(async () => {
  await stage?.close();
  await server?.close();
});

const all = [...Object.keys(answers), 'nag', 'abyss'].map((name) => `office.${name}`);

function office(changes: JsonObject = {}): JsonObject {
  return {
    ...{ tool_name: 'office', tool_type: 'mcp_server', endpoint: `${server.origin}/mcp`, effect: 'read' },
    ...{ auth_method: 'api_key', credentials: { key: secret } },
    ...changes,
  };
}

async function opened(granted: readonly string[], changes: JsonObject = {}) {
  const tenant = await stage.tenantWith([office(changes)], granted);
  const before = server.seen.length;
  return { ...tenant, box: await tenant.open(all), seen: () => server.seen.slice(before) };
}

describe('an MCP server', () => {
  it('has its tools offered one by one, as they are granted', async () => {
    const { box } = await opened(['office.search', 'office.count', 'office.unknown']);
    expect(box.tools.map(({ name }) => name)).toEqual(['office.search', 'office.count']);
    expect(box.tools[0]).toMatchObject({
      description: 'Does search',
      effect: 'read',
      parameters: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
    });
    await box.close();
  });

  it('is not called at all where none of its tools is granted, or the run may not do what it does', async () => {
    const without = await opened([]);
    expect([without.box.tools, without.seen()]).toEqual([[], []]);
    const updating = await opened(['office.search'], { effect: 'update' });
    expect([updating.box.tools, updating.seen()]).toEqual([[], []]);
  });

  it('is proved with the credentials of the tenant in every request, and asked no streams', async () => {
    const { box, seen } = await opened(['office.count']);
    await box.call('office.count');
    await box.close();
    expect(seen().every(({ headers }) => headers['x-api-key'] === secret)).toBe(true);
    expect(new Set(seen().map(({ method }) => method))).toEqual(new Set(['POST', 'DELETE']));
  });

  it('has its session ended with the attempt', async () => {
    const { box } = await opened(['office.count']);
    expect(server.sessions()).toBe(1);
    await box.close();
    expect(server.sessions()).toBe(0);
  });

  it.each([
    ['is not there', { endpoint: 'https://tool.example:1/mcp' }],
    ['is another kind of server', {}],
    ['stands where the platform does not call', { endpoint: 'https://inside.example/mcp' }],
  ])('that %s has no tools, which is told, and the attempt goes on', async (_name, changes) => {
    const endpoint = 'endpoint' in changes ? changes.endpoint : `${server.origin}/call`;
    const { box } = await opened(['office.search'], { endpoint });
    expect(box.tools).toEqual([]);
    expect(box.told).toMatchObject([
      { kind: 'progress', message: expect.stringContaining('No tools of office') },
    ]);
    await box.close();
  });
});

describe('an MCP server that fails again and again', () => {
  it('is left alone for a while, and the attempt goes on', async () => {
    const { box, open } = await opened(['office.search'], { endpoint: 'https://tool.example:1/mcp' });
    await box.close();
    const said: unknown[] = [];
    for (let opens = 0; opens < 5; opens += 1) said.push(...(await open(all)).told);
    expect(said).toHaveLength(5);
    expect(said.at(-1)).toMatchObject({ kind: 'progress', message: expect.stringContaining('left alone') });
  });

  it('or whose tokens cannot be got has no tools', async () => {
    const credentials = {
      token_url: 'https://tool.example:1/token',
      client_id: 'me',
      client_secret: 'a secret',
    };
    const { box } = await opened(['office.search'], { auth_method: 'oauth', credentials });
    expect(box.tools).toEqual([]);
    expect(box.told).toMatchObject([
      { kind: 'progress', message: expect.stringContaining('cannot be called') },
    ]);
  });
});

describe('a tool of an MCP server', () => {
  it.each([
    ['its structured content', 'office.count', { count: 3 }],
    ['the names of what is no text', 'office.draw', '[image image/png]'],
  ])('answers %s', async (_name, tool, expected) => {
    const { box } = await opened([tool]);
    expect(await box.call(tool)).toEqual(expected);
    await box.close();
  });

  it('answers its text, without the credentials', async () => {
    const { box } = await opened(['office.search']);
    expect(await box.call('office.search', { text: 'stapler' })).toBe('found stapler by [credential]');
    const call = { toolName: 'office.search', number: 1, arguments: {}, errorCode: '' };
    const given = { text: '{"text":"stapler"}', bytes: 18, sha256: '' };
    const answered = { text: '"found stapler by [credential]"', bytes: 31, sha256: '' };
    const ended = { ...call, durationMs: expect.any(Number), given, answered };
    expect(box.told.at(-1)).toEqual({ kind: 'tool_call', call: ended });
    await box.close();
  });

  it.each([
    ['office.fail', 'The printer is on fire'],
    ['office.flood', '1048576 bytes'],
    ['office.dig', 'nested more than 32 deep'],
  ])('%s that fails is a tool error with its sentence', async (tool, sentence) => {
    const { box } = await opened([tool]);
    await expect(box.call(tool)).rejects.toMatchObject({
      message: expect.stringContaining(sentence),
      failure: { code: 'tool_error' },
    });
    await box.close();
  });

  it('that asks back again and again makes us call its server few times', async () => {
    const { box, seen } = await opened(['office.nag']);
    expect(await box.call('office.nag')).toBe('asked');
    await box.close();
    const replies = seen().filter(({ body }) => body !== '' && !('method' in JSON.parse(body)));
    expect(replies.length).toBeLessThanOrEqual(20);
  });

  it('whose arguments are nested too deep to be written down is not offered', async () => {
    const { box } = await opened(['office.abyss', 'office.count']);
    expect(box.tools.map(({ name }) => name)).toEqual(['office.count']);
    await box.close();
  });

  it('is not called with arguments that break its schema', async () => {
    const { box, seen } = await opened(['office.search']);
    const before = seen().length;
    await expect(box.call('office.search', { text: 1 })).rejects.toMatchObject({
      reason: 'invalid_argument',
    });
    expect(seen()).toHaveLength(before);
    await box.close();
  });

  it('is refused from the moment that its permission is revoked', async () => {
    const { box, revoke, seen } = await opened(['office.send', 'office.search']);
    await revoke('office.send');
    const before = seen().length;
    await expect(box.call('office.send', { text: 'x' })).rejects.toMatchObject({
      reason: 'permission_denied',
    });
    expect(seen()).toHaveLength(before);
    await box.close();
  });
});
