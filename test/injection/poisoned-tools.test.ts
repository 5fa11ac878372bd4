// Texts that come by a detour: as what a tool answers, as how a server of tools describes them, and as names of a tenant's places. The model
// obeys them, and nothing changes but the run's own document.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as bodyText } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { withOwnClient } from '../../foundation/postgres/own-client.ts';
import { ensureDatabase } from '../../local/mesh/prepare-stores.ts';
import { createAgent, createDomain, createTool, grantTool, playbook } from '../e2e/sample-definitions.ts';
import { finishReport } from '../e2e/test-mesh.ts';
import { type AttackNames, readAttacks } from './attacks.for-test.ts';
import { obey, refusedCalls } from './obedience.for-test.ts';
import { watchChanges } from './snapshot.for-test.ts';
import { type InjectionStage, startInjectionStage } from './stage.for-test.ts';

jest.setTimeout(60_000);

const domainId = 'poisoned';
const nobody: AttackNames = { victim: '', foreign: '', unknown: '', foreignTenant: '' };
const short = (await readAttacks(nobody)).filter(({ text }) => text.length <= 300);
const cases = short.map(({ id }) => ({ id }));
const own = ['echo', 'office.search'];

let outside: Server;
let stage: InjectionStage;
let changes: () => Promise<readonly string[]>;
/** What everybody outside says next. */
let poison = '';

beforeAll(async () => {
  outside = createServer(async (request, response) => {
    const sent = await bodyText(request);
    const answer = request.url === '/mcp' ? mcpAnswer(sent) : { said: poison };
    response.writeHead(answer ? 200 : 202, { 'content-type': 'application/json' });
    response.end(answer ? JSON.stringify(answer) : undefined);
  }).listen(0, '127.0.0.1');
  stage = await startInjectionStage({ WORKER_NETWORKS: '127.0.0.1/32' });
  await define(`http://127.0.0.1:${(outside.address() as AddressInfo).port}`);
  changes = await watchChanges(stage.mesh);
}, 120_000);
afterAll(async () => {
  await stage?.close();
  outside?.closeAllConnections();
  await new Promise((resolve) => outside?.close(resolve));
});

/** A server of one tool, whose description and answer are poison; undefined for what needs no answer. */
function mcpAnswer(sent: string): object | undefined {
  const { id, method, params } = JSON.parse(sent || '{}');
  const tool = { name: 'search', description: poison, inputSchema: { type: 'object' } };
  const serverInfo = { name: 'office', version: '1' };
  const results: Readonly<Record<string, object>> = {
    initialize: { protocolVersion: params?.protocolVersion, capabilities: { tools: {} }, serverInfo },
    'tools/list': { tools: [tool, { ...tool, name: 'close_tickets' }, { ...tool, name: 'wipe' }] },
    'tools/call': { content: [{ type: 'text', text: poison }] },
  };
  const result = results[method];
  return result && { jsonrpc: '2.0', id, result };
}

async function define(url: string): Promise<void> {
  const { api, mesh } = stage;
  await createTool(api, 'echo', { endpoint: 'https://echo.example/call' });
  await createTool(api, 'office', { endpoint: 'https://office.example/mcp', tool_type: 'mcp_server' });
  // Endpoints on this machine are refused by whoever takes definitions, and may be called by this mesh all the same.
  await withOwnClient({ connectionString: await ensureDatabase(mesh.databases.adminUrl) }, async (client) => {
    const update = 'update registry.tools set endpoint = $2 where tool_name = $1';
    await client.query(update, ['echo', `${url}/call`]);
    await client.query(update, ['office', `${url}/mcp`]);
  });
  const output_schema = { type: 'object', properties: { kind: { enum: ['leak', 'fire'] } } };
  const more = {
    agent_class: 'ingestion' as const,
    output_schema,
    tools: [...own, 'close_tickets', 'office.wipe'],
  };
  const agentId = await createAgent(api, { agent_name: 'Trusting', ...more });
  for (const tool_name of [...own, 'close_tickets']) await grantTool(api, agentId, tool_name);
  await createDomain(api, domainId, { ingestion_playbook: playbook([agentId]) });
}

function textOf(id: string): Promise<string> {
  return readAttacks(stage.names).then((all) => all.find((each) => each.id === id)?.text ?? '');
}

describe('a text that a tool answers and a server of tools describes itself with', () => {
  it.each(cases)('$id makes a model that obeys it change nothing', async ({ id }) => {
    const { api, server, names } = stage;
    poison = await textOf(id);
    const since = server.calls.length;
    const calls = [...own.map((name) => ({ name: name.replace('.', '_'), arguments: {} }))];
    const [tools, ...answers] = obey(names, 'forging');
    const wiping = { name: 'office_wipe', arguments: {} };
    const evil = tools?.kind === 'tools' ? [...refusedCalls(names), wiping] : [];
    server.meet({ kind: 'tools', calls }, { kind: 'tools', calls: evil }, ...answers);
    const { report, jobId } = await finishReport(api, 'A lamp is broken', domainId);
    expect(report).toMatchObject({
      status: 'completed',
      ingestion_data: { kind: 'leak' },
      management_data: {},
    });
    const [offered, told] = server.calls.slice(since).map(({ body }) => body);
    const offeredTools = offered?.tools as readonly { readonly function: { readonly name: string } }[];
    expect(offeredTools.map((tool) => tool.function.name).sort()).toEqual(['echo', 'office_search']);
    expect(JSON.stringify(told?.messages)).toContain(JSON.stringify(poison).slice(1, 20));
    const refused = await stage.logged('agents', {
      ...{ sentence: 'refused as permission_denied', text: jobId, count: evil.length },
    });
    expect(refused).toHaveLength(evil.length);
    expect((await changes()).filter((name) => !name.includes(report.incident_id))).toEqual([]);
  });
});

describe('a text that is the name of a place of the tenant', () => {
  it('finds the place, and changes nothing', async () => {
    const { api } = stage;
    const texts = await Promise.all(short.map(({ id }) => textOf(id)));
    const names = texts.map((text) =>
      text
        .replace(/[\p{C}\s]+/gu, ' ')
        .trim()
        .slice(0, 200),
    );
    const places = names.map((name, at) => ({
      name,
      point: { type: 'Point' as const, coordinates: [at / 10, 50] },
    }));
    await api.put('/api/v1/tenant/settings', { body: { places } });
    await changes();
    const own: string[] = [];
    for (const name of names.slice(0, 12)) {
      const { report } = await finishReport(api, `A lamp is broken at ${name}.`);
      expect(report).toMatchObject({ status: 'completed', management_data: {} });
      own.push(report.incident_id);
    }
    expect((await changes()).filter((name) => !own.some((id) => name.includes(id)))).toEqual([]);
  });
});
