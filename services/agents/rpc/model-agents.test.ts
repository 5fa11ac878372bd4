// Agents of models through the service: which of them run on a model, what they are shown, and what becomes of them without one.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ModelServer, startModelServer } from '../../../local/model-server/model-server.ts';
import { AgentSchema, AgentSettingsSchema } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import type {
  ReserveCallRequest,
  SettleCallRequest,
} from '../../../proto/gen/domainflow/registry/v1/usage_service_pb.js';
import {
  type AgentsUnderTest,
  type Attempt,
  builtinAgent,
  type Neighbours,
  noModels,
  startAgentsForTest,
} from '../app.for-test.ts';
import type { ModelSettings, ProviderSettings } from '../core/model/model-settings.ts';

const closers: (() => Promise<void> | void)[] = [];
let server: ModelServer;
beforeEach(async () => {
  server = await startModelServer();
});
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  await server.close();
});

async function start(neighbours: Neighbours = {}): Promise<AgentsUnderTest> {
  const agents = await startAgentsForTest({ models: models(), ...neighbours });
  closers.push(() => agents.close());
  return agents;
}

function models(): ModelSettings {
  const provider: ProviderSettings = {
    ...{ name: 'local', kind: 'openai-compatible', baseUrl: server.openAiUrl, model: 'small' },
    ...{ structuredOutput: 'schema', images: true },
  };
  return { ...noModels, provider: 'local', providers: [provider] };
}

const triage = create(AgentSchema, {
  ...{ agentId: 'agent-1', agentName: 'Triage', version: 3, systemPrompt: 'You triage.' },
  outputSchema: { kind: { type: 'string' } },
});
const good = { kind: 'answer', text: '{"output": {"kind": "leak"}, "references": [2]}' } as const;

async function endOf(agents: AgentsUnderTest, attempt: Attempt) {
  return (await agents.invoke(attempt)).at(-1);
}

describe('an agent of a tenant', () => {
  it('runs on the model, and its text is told with offsets', async () => {
    const agents = await start();
    server.meet(good);
    const events = await agents.invoke({ request: { agent: triage, input: { text: 'It drips' } } });
    expect(events.at(-1)).toMatchObject({
      case: 'result',
      value: { output: { kind: 'leak' }, runtime: 'local/small' },
    });
    const tokens = events.flatMap((event) => (event.case === 'token' ? [event.value] : []));
    expect(tokens.map(({ text }) => text).join('')).toBe(good.text);
    expect(tokens.every(({ offset, text }) => good.text.startsWith(text, Number(offset)))).toBe(true);
  });

  it('that is cancelled leaves the connection to the provider', async () => {
    const agents = await start();
    server.meet({ kind: 'hang' });
    const request = { agent: triage, taskId: 'task_x', input: {} };
    const reading = agents.invoke({ request });
    const call = await server.called(0);
    await agents.cancel({ request });
    expect((await reading).at(-1)).toMatchObject({ case: 'failure', value: { errorCode: 'cancelled' } });
    expect(await call.gone).toBe('left');
  });

  it('has its calls written down under the token of the run, with what they used', async () => {
    const reserved: ReserveCallRequest[] = [];
    const settled: SettleCallRequest[] = [];
    const agents = await start({
      usage: {
        reserveCall: (request) => {
          reserved.push(request);
          return { reservationId: request.reservationId };
        },
        settleCall: (request) => {
          settled.push(request);
          return {};
        },
      },
    });
    server.meet(good);
    await agents.invoke({ request: { agent: triage, taskId: 'task_x', attempt: 2, input: {} } });
    expect(reserved).toMatchObject([
      {
        call: { jobId: 'job_1', taskId: 'task_x', attempt: 2, number: 1 },
        agentId: 'agent-1',
        agentVersion: 3,
      },
    ]);
    const { input, output } = server.calls[0]?.tokens ?? {};
    expect(settled).toMatchObject([
      {
        reservationId: reserved[0]?.reservationId,
        ...{ outcome: 1, inputTokens: input, outputTokens: output, tokensEstimated: false },
      },
    ]);
  });

  it('is refused by the ledger as limit_reached only for budgets', async () => {
    const agents = await start({
      usage: { reserveCall: () => Promise.reject(new ConnectError('busy', Code.ResourceExhausted)) },
    });
    const end = await endOf(agents, { request: { agent: triage, input: {} } });
    expect(end).toMatchObject({ case: 'failure', value: { errorCode: 'limit_reached' } });
    expect(server.calls).toEqual([]);
  });
});

describe('an agent that answers a question', () => {
  const createdAt = timestampFromMs(Date.parse('2026-01-20T12:00:00Z'));
  const entries = ['inc_a', 'inc_b'].map((incidentId, at) => ({
    ...{ incidentId, createdAt, status: 'pending' },
    summary: at === 0 ? 'Pothole on Main Street' : 'p'.repeat(200),
  }));
  const asked = { question: 'Tell me about potholes', reference_time: '2026-01-20T12:00:00.000Z' };

  it('is shown reports, numbered, with more of long texts than the index has, and may cite them by number', async () => {
    const agents = await start({
      index: { retrieve: () => ({ entries, total: 2n }) },
      reports: {
        getReport: ({ incidentId }) => ({ report: { incidentId, rawText: `${'p'.repeat(399)}END` } }),
      },
    });
    server.meet(good);
    const end = await endOf(agents, { request: { agent: triage, input: asked }, capability: 'query' });
    expect(end).toMatchObject({ case: 'result', value: { references: ['inc_b'] } });
    const told = JSON.stringify(server.calls[0]?.body.messages);
    expect(told).toContain('1. inc_a (2026-01-20T12:00:00.000Z, pending): Pothole on Main Street');
    expect(told).toContain(`${'p'.repeat(399)}E`);
    expect(told).not.toContain('END');
  });

  it('is shown the newest reports where nothing matches', async () => {
    const filters: (string | undefined)[] = [];
    const agents = await start({
      index: {
        retrieve: ({ filter, limit }) => {
          filters.push(filter?.text);
          return filter?.text || limit !== 20 ? { entries: [], total: 0n } : { entries, total: 2n };
        },
      },
      reports: { getReport: () => Promise.reject(new ConnectError('gone', Code.NotFound)) },
    });
    server.meet(good);
    await agents.invoke({ request: { agent: triage, input: asked }, capability: 'query' });
    expect(filters[0]).toContain('pothole');
    expect(filters.at(-1)).toBe('');
    expect(JSON.stringify(server.calls[0]?.body.messages)).toContain('1. inc_a');
  });
});

describe('an agent that sees', () => {
  it('fails as it does without its images where one is larger than it says, unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(50 * 1_024 * 1_024));
    const store = createServer((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': bomb.length }).end(bomb);
    }).listen(0, '127.0.0.1');
    await once(store, 'listening');
    closers.push(() => void store.close());
    const url = `http://127.0.0.1:${(store.address() as AddressInfo).port}/stored`;
    const images = [{ contentType: 'image/png', sizeBytes: 3n, url, verified: true }];
    const agents = await start({ reports: { getReport: () => ({ report: { images } }) } });
    const settings = create(AgentSettingsSchema, { images: true });
    const request = { agent: create(AgentSchema, { ...triage, settings }), input: {} };
    const end = (await agents.invoke({ request, capability: 'ingestion', writeTarget: 'inc_a' })).at(-1);
    expect(end).toMatchObject({
      case: 'failure',
      value: { errorCode: 'dependency_unavailable', message: expect.stringContaining('5242880 bytes') },
    });
    expect(server.calls).toEqual([]);
  });

  it('is shown the stored images of its report, and no link is followed', async () => {
    const followed: string[] = [];
    const store = createServer((request, response) => {
      followed.push(request.url ?? '');
      response.writeHead(200, { 'content-length': 3 }).end(Buffer.from([1, 2, 3]));
    }).listen(0, '127.0.0.1');
    await once(store, 'listening');
    closers.push(() => void store.close());
    const url = `http://127.0.0.1:${(store.address() as AddressInfo).port}`;
    const image = { contentType: 'image/png', sizeBytes: 3n };
    const images = [
      { ...image, url: `${url}/stored`, verified: true },
      { ...image, url: `${url}/elsewhere`, verified: false },
    ];
    const agents = await start({ reports: { getReport: () => ({ report: { images } }) } });
    server.meet(good);
    const seeing = create(AgentSchema, {
      ...triage,
      settings: create(AgentSettingsSchema, { images: true }),
    });
    await agents.invoke({
      request: { agent: seeing, input: {} },
      capability: 'ingestion',
      writeTarget: 'inc_a',
    });
    await agents.invoke({
      request: { agent: triage, input: {} },
      capability: 'ingestion',
      writeTarget: 'inc_a',
    });
    const [shown, blind] = server.calls.map(({ body }) => JSON.stringify(body.messages));
    expect(shown).toContain('data:image/png;base64,AQID');
    expect(blind).not.toContain('image/png');
    expect(followed).toEqual(['/stored']);
  });
});

describe('agents of the platform', () => {
  const what = builtinAgent('builtin-query-what', [], ['answer']);

  it('run on the model by one setting, with the prompts and schemas that they have', async () => {
    const agents = await start({ builtinRuntime: 'model' });
    server.meet({ kind: 'answer', text: '{"output": {"answer": "Two leaks"}}' });
    const agent = create(AgentSchema, { ...what, systemPrompt: 'You say what is reported.' });
    const end = await endOf(agents, { request: { agent, input: {} }, capability: 'query' });
    expect(end).toMatchObject({
      case: 'result',
      value: { output: { answer: 'Two leaks' }, runtime: 'local/small' },
    });
    expect(JSON.stringify(server.calls[0]?.body.messages)).toContain('You say what is reported.');
  });

  it('run as they are without it', async () => {
    const agents = await start();
    const end = await endOf(agents, {
      request: { agent: what, input: { question: 'Why?' } },
      capability: 'query',
    });
    expect(end).toMatchObject({ case: 'failure', value: { errorCode: 'permission_denied' } });
    expect(server.calls).toEqual([]);
  });
});

describe('rules in place of a model', () => {
  it('fill what they can, and never pass for a model', async () => {
    const agents = await start({ models: { ...noModels, provider: 'offline' } });
    const outputSchema = { severity: { enum: ['low', 'high'] }, colour: { type: 'string' } };
    const agent = create(AgentSchema, { ...triage, outputSchema });
    const end = await endOf(agents, { request: { agent, input: { text: 'Severity: high' } } });
    expect(end).toMatchObject({
      case: 'result',
      value: {
        output: { severity: 'high' },
        runtime: 'offline rules',
        spans: { severity: { spans: [{ start: 10, end: 14 }] } },
      },
    });
  });
});
