// A text and secrets that nobody could mistake, through every runtime and every kind of tool, where everything fails and repeats what it was
// told: they are in the documents that they belong to, and in no log, no span, no measurement and no error of anybody.

import { readdir, readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text as bodyText } from 'node:stream/consumers';
import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { trace } from '@opentelemetry/api';
import type { ApiClient } from '../../clients/api/api-client.ts';
import { systemClock } from '../../foundation/clock.ts';
import { createRunTokenMint } from '../../foundation/identity/mesh-issuers.ts';
import { withOwnClient } from '../../foundation/postgres/own-client.ts';
import { callWith } from '../../foundation/rpc/caller.ts';
import { createMeshClient } from '../../foundation/rpc/mesh-client.ts';
import { createMeshTransport } from '../../foundation/rpc/mesh-transport.ts';
import { pollUntil } from '../../local/demo/demo-run.ts';
import { ensureDatabase } from '../../local/mesh/prepare-stores.ts';
import { type ModelServer, startModelServer } from '../../local/model-server/model-server.ts';
import { wholeTrace } from '../../local/whole-trace.ts';
import { AgentRuntimeService } from '../../proto/gen/domainflow/agents/v1/agent_runtime_service_pb.js';
import { WorkerProtocol } from '../../proto/gen/domainflow/agents/v1/worker_pb.js';
import { AgentRuntime, AgentSchema } from '../../proto/gen/domainflow/registry/v1/agent_pb.js';
import type { RawClient } from '../e2e/raw-client.ts';
import { createAgent, createDomain, createTool, grantTool, playbook } from '../e2e/sample-definitions.ts';
import { finishQuery, finishReport, openSession, startTestMesh, type TestMesh } from '../e2e/test-mesh.ts';

jest.setTimeout(60_000);

const words = 'Zyxomma Quillfeather of 12 Umbrage Row';
const prompt = 'Perspicacious Xylographer';
const keys = { model: 'sk-of-model-4f1c9b7e', tool: 'sk-of-tool-77d0a3c2', search: 'sk-of-search-b2e19f64' };
const secrets = [...Object.values(keys), 'Zyxomma', 'Umbrage', 'Perspicacious'];
const domainId = 'leaky';
const toolNames = {
  platform: ['retrieval_api', 'aggregation_api', 'spatial_api', 'analytics_api', 'vector_search'],
  others: ['comprehend', 'location_service', 'web_search'],
  own: ['echo', 'office.wipe'],
};
const tools = Object.values(toolNames).flat();

let outside: Server;
let server: ModelServer;
let mesh: TestMesh;
let api: ApiClient;
let raw: RawClient;
/** Bodies of all that was refused. */
const refusals: string[] = [];
const asked: string[] = [];
const traceIds: string[] = [];

beforeAll(async () => {
  outside = createServer(async (request, response) => {
    const sent = await bodyText(request);
    asked.push(request.url ?? '');
    // Everybody outside repeats what he was told, with the credentials.
    const said = `${words} ${sent} ${JSON.stringify(request.headers)}`;
    const status = Number(/status=(\d+)/.exec(request.url ?? '')?.[1] ?? 400);
    response.writeHead(status, { 'x-said': 'Umbrage' }).end(said);
  }).listen(0, '127.0.0.1');
  server = await startModelServer();
  const url = `http://127.0.0.1:${(outside.address() as AddressInfo).port}`;
  const provider = { name: 'local', kind: 'openai-compatible', base_url: server.openAiUrl, model: 'small' };
  mesh = await startTestMesh({
    ...{ MODEL_PROVIDER: 'offline', WORKER_NETWORKS: '127.0.0.1/32' },
    MODEL_PROVIDERS: JSON.stringify([{ ...provider, api_key: keys.model }]),
    ...{ WEB_SEARCH_PROVIDER: 'searxng', WEB_SEARCH_URL: `${url}/search?status=500` },
    WEB_SEARCH_API_KEY: keys.search,
    ...{ LOCATION_BACKEND: 'amazon-location', LOCATION_ENDPOINT: `${url}/location` },
    ...{ COMPREHEND_BACKEND: 'amazon-comprehend', COMPREHEND_ENDPOINT: `${url}/comprehend` },
    AWS_REGION: 'us-east-1',
  });
  api = await mesh.as('acme', 'alice');
  raw = await mesh.raw('acme', 'alice');
  await define(url);
}, 120_000);
afterAll(async () => {
  await mesh?.close();
  await server?.close();
  outside?.closeAllConnections();
  await new Promise((resolve) => outside?.close(resolve));
});

async function define(url: string): Promise<void> {
  const proof = { auth_method: 'api_key', credentials: { key: keys.tool } } as const;
  await createTool(api, 'echo', { endpoint: 'https://echo.example/call', ...proof });
  await createTool(api, 'office', {
    ...{ endpoint: 'https://office.example/mcp', tool_type: 'mcp_server', ...proof },
  });
  // Endpoints on this machine are refused by whoever takes definitions, and may be called by this mesh all the same.
  await withOwnClient({ connectionString: await ensureDatabase(mesh.databases.adminUrl) }, async (client) => {
    const update = 'update registry.tools set endpoint = $2 where tool_name = $1';
    await client.query(update, ['echo', `${url}/call?status=422`]);
    await client.query(update, ['office', `${url}/mcp?status=500`]);
  });
  const schema = { type: 'object', properties: { summary: { type: 'string', maxLength: 20 } } };
  const settings = { max_retries: 0 };
  const both = { output_schema: schema, system_prompt: prompt, tools };
  const agents = { ingestion: '', query: '', management: '' };
  for (const agent_class of ['ingestion', 'query', 'management'] as const) {
    const onModel = { agent_class, ...both, settings: { ...settings, model: 'local/small' } };
    agents[agent_class] = await createAgent(api, { agent_name: `Model ${agent_class}`, ...onModel });
    for (const tool_name of tools) await grantTool(api, agents[agent_class], tool_name);
  }
  const byRules = await createAgent(api, {
    agent_name: 'Rules',
    agent_class: 'ingestion',
    ...both,
    settings,
  });
  await createDomain(api, domainId, {
    ingestion_playbook: playbook([agents.ingestion]),
    query_playbook: playbook([agents.query]),
    management_playbook: playbook([agents.management]),
  });
  await createDomain(api, 'by_rules', { ingestion_playbook: playbook([byRules]) });
}

/** The model calls every tool, with arguments that are right and wrong, and then answers badly in each way. */
function meetWithFaults(): void {
  const named = { text: words, query: words, limit: 3, operation: 'entities', group_by: words };
  const given = tools.flatMap((name) => [
    { name: name.replace('.', '_'), arguments: { text: words, operation: 'entities' } },
    { name: name.replace('.', '_'), arguments: named },
  ]);
  const calls = [
    { name: 'web_search', arguments: { query: words } },
    { name: 'location_service', arguments: { operation: 'geocode', address: words } },
    ...given.slice(0, 17),
    { name: words, arguments: {} },
  ];
  server.meet(
    { kind: 'tools', calls },
    { kind: 'answer', text: `${words} is no JSON` },
    { kind: 'status', status: 500, headers: { 'retry-after-ms': '0' } },
    { kind: 'cut', text: words },
    { kind: 'answer', text: JSON.stringify({ output: { summary: words, [words]: words } }) },
    { kind: 'answer', text: JSON.stringify({ output: { summary: words } }) },
  );
}

async function expectRefused(status: number, method: string, path: string, body: unknown): Promise<void> {
  const answer = await raw(method, path, { body });
  expect([path, answer.status]).toEqual([path, status]);
  refusals.push(JSON.stringify(answer.body));
}

async function runOnWorkers(): Promise<readonly string[]> {
  const url = `http://127.0.0.1:${(outside.address() as AddressInfo).port}`;
  const transport = createMeshTransport({
    ...{ target: mesh.addresses.agents, tracer: trace.getTracer('test'), clock: systemClock },
  });
  const client = createMeshClient(AgentRuntimeService, transport);
  const mint = createRunTokenMint(mesh.signingKeys.orchestrator.privateJwk, systemClock);
  const { tenant_id: tenantId, id: userId } = await api.get('/api/v1/me');
  const run = { runId: 'job_of_worker', capability: 'ingestion', writeTarget: '' };
  const token = mint.mint({ tenantId, userId, username: 'alice', roles: ['admin'], run });
  const agent = create(AgentSchema, {
    ...{ agentId: 'agent-1', agentName: 'Remote', version: 1, systemPrompt: prompt },
    ...{ settings: { runtime: AgentRuntime.WORKER }, outputSchema: { summary: { type: 'string' } } },
  });
  const ends: string[] = [];
  const ways = [WorkerProtocol.HTTP, WorkerProtocol.CONNECT, WorkerProtocol.GRPC];
  for (const [at, protocol] of ways.entries()) {
    const worker = { workerId: `worker-${at}`, endpoint: `${url}/worker`, protocol };
    const asked = { jobId: 'job_of_worker', taskId: `task_${at}`, attempt: 1, agent, worker };
    const events = client.invoke(
      { ...asked, input: { text: words } },
      callWith({ token, timeoutMs: 20_000 }),
    );
    for await (const { event } of events) if (event.case === 'failure') ends.push(event.value.errorCode);
  }
  transport.close();
  return ends;
}

/** The spans of these runs once they have all arrived, and of whatever else was traced by then. */
async function allSpans(): Promise<string> {
  for (const traceId of traceIds) await wholeTrace({ tracesUrl: mesh.tracesUrl, traceId });
  const list = await fetch(`${mesh.tracesUrl}/traces?limit=1000`);
  const { traces } = (await list.json()) as { readonly traces: readonly { readonly traceId: string }[] };
  const bodies = traces.map(async ({ traceId }) =>
    (await fetch(`${mesh.tracesUrl}/traces/${traceId}`)).text(),
  );
  return (await Promise.all(bodies)).join('\n');
}

describe('what was told in confidence', () => {
  it('goes through every runtime and tool', async () => {
    const { report: ruled, ...first } = await finishReport(api, words, 'by_rules');
    expect(ruled.raw_text).toBe(words);
    const second = await finishReport(api, words);
    meetWithFaults();
    const { report, ...third } = await finishReport(api, words, domainId);
    expect(report.status).toBe('failed');
    meetWithFaults();
    const session = await openSession(api, domainId);
    const fourth = await finishQuery(api, session, `Where is ${words}?`, domainId);
    traceIds.push(...[first, second, third, fourth].map(({ traceId }) => traceId));
    expect(await runOnWorkers()).toHaveLength(3);
    expect(asked.map((path) => path.split('?')[0])).toEqual(
      expect.arrayContaining([
        '/search',
        '/call',
        '/mcp',
        '/worker/process',
        '/location/v2/geocode',
        '/comprehend/',
      ]),
    );
    expect(server.calls[0]?.key).toContain(keys.model);
    expect(JSON.stringify(server.calls.map(({ body }) => body))).not.toContain(keys.tool);
  });

  it('is repeated by no refusal', async () => {
    const tool = {
      tool_name: 'bad',
      tool_type: 'custom',
      endpoint: 'https://x.example',
      auth_method: 'api_key',
    };
    await expectRefused(400, 'POST', '/tools', { ...tool, credentials: { key: `${keys.tool}\n` } });
    await expectRefused(400, 'POST', '/tools', { ...tool, endpoint: `https://u:${keys.tool}@x.example` });
    await expectRefused(400, 'PUT', '/tools/echo', {
      auth_method: 'oauth',
      credentials: { key: keys.tool },
    });
    await expectRefused(400, 'POST', '/reports', { domain_id: '', text: words, source: 7 });
    await expectRefused(400, 'POST', '/queries', {
      session_id: 'x',
      domain_id: domainId,
      question: words,
      mode: words,
    });
    expect(refusals.join('\n')).not.toMatch(/sk-of-|Zyxomma|Umbrage/);
  });

  it('stands in no log', async () => {
    const { headers } = await raw('GET', '/me');
    const [, last = ''] = (headers.get('traceresponse') ?? '').split('-');
    // Lines are written together, a moment later: those of a request that came after all others are there last.
    const logs = await pollUntil(readLogs, (text) => text.includes(last), new AbortController().signal);
    expect([last.length, logs.includes(last)]).toEqual([32, true]);
    for (const secret of secrets) expect([secret, logs.includes(secret)]).toEqual([secret, false]);
  });

  it('stands in no span and no measurement', async () => {
    const spans = await allSpans();
    expect(spans).toContain('execute_tool');
    expect(spans).toContain('chat small');
    const metrics = await (await fetch(`${mesh.gatewayUrl}/metrics`)).text();
    for (const secret of secrets) {
      expect([secret, spans.includes(secret), metrics.includes(secret)]).toEqual([secret, false, false]);
    }
  });
});

/** What all services have logged. */
async function readLogs(): Promise<string> {
  const names = await readdir(mesh.logDir);
  expect(names.length).toBeGreaterThan(5);
  const logs = await Promise.all(names.map((name) => readFile(join(mesh.logDir, name), 'utf8')));
  return logs.join('\n');
}
