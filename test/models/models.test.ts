// Tenants' agents on a language model, through the whole mesh: a provider that speaks a real wire format fails in every way, reports are
// filled all the same, and the ledger holds exactly the calls and tokens that the provider has served.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ApiClient } from '../../clients/api/api-client.ts';
import { type ModelServer, startModelServer } from '../../local/model-server/model-server.ts';
import { buildTraceTree } from '../../local/traces/trace-tree.ts';
import { wholeTrace } from '../../local/whole-trace.ts';
import { createCommandPlace } from '../e2e/domainflow-command.ts';
import { createAgent, createDomain, grantTool, playbook } from '../e2e/sample-definitions.ts';
import { finishQuery, finishReport, openSession, startTestMesh, type TestMesh } from '../e2e/test-mesh.ts';

jest.setTimeout(60_000);

const domainId = 'leaks';
const text = 'Mary Longfellow says that water drips from the third floor';
const good = {
  kind: 'answer',
  text: JSON.stringify({
    output: { kind: 'leak' },
    reasoning: 'Water drips',
    confidence: 0.7,
    spans: { kind: ['water drips'] },
  }),
} as const;
const soon = { 'retry-after-ms': '0' };
const price = { input_per_million: '1000', output_per_million: '2000', currency: 'EUR', version: 'test' };

let server: ModelServer;
let mesh: TestMesh;
let api: ApiClient;

beforeAll(async () => {
  server = await startModelServer();
  mesh = await startTestMesh({
    ...{ MODEL_PROVIDER: 'openai-compatible', MODEL_BASE_URL: server.openAiUrl, MODEL_NAME: 'small' },
    ...{
      MODEL_API_KEY: 'key-of-the-test',
      MODEL_TIMEOUT_S: '2',
      MODEL_PRICES: JSON.stringify({ 'openai-compatible/small': price }),
    },
  });
  api = await mesh.as('acme', 'alice');
  const outputSchema = { type: 'object', properties: { kind: { enum: ['leak', 'fire'] } } };
  const agentId = await createAgent(api, {
    ...{ agent_class: 'ingestion', system_prompt: 'You find leaks.', output_schema: outputSchema },
  });
  const asking = await createAgent(api, { tools: ['retrieval_api'] });
  await grantTool(api, asking, 'retrieval_api');
  const playbooks = { ingestion_playbook: playbook([agentId]), query_playbook: playbook([asking]) };
  await createDomain(api, domainId, playbooks);
});

afterAll(async () => {
  await mesh?.close();
  await server?.close();
});

const usage = () => api.get('/api/v1/usage', { query: { group_by: 'model' } });

describe('a report of a domain with a model agent', () => {
  it('is filled by the model, with who said it and where it was read', async () => {
    server.meet(good);
    const { report, traceId } = await finishReport(api, text, domainId);
    expect(report).toMatchObject({ status: 'completed', ingestion_data: { kind: 'leak' }, confidence: 0.7 });
    const [span] = report.provenance.kind?.spans ?? [];
    expect(text.slice(span?.start, span?.end)).toBe('water drips');
    const spans = await wholeTrace({ tracesUrl: mesh.tracesUrl, traceId });
    expect(spans.filter(({ name }) => name === 'chat small')).toHaveLength(1);
    expect(buildTraceTree(spans)).toMatchObject({ roots: [expect.anything()], orphans: [] });
    expect(JSON.stringify(spans)).not.toMatch(/Longfellow|find leaks/);
  });

  it('is filled though the provider refuses, breaks down and answers nonsense, and each call is in the ledger', async () => {
    const before = server.calls.length;
    server.meet(
      { kind: 'status', status: 429, headers: soon },
      { kind: 'answer', text: 'Mary says so' },
      { kind: 'status', status: 500, headers: soon },
      { kind: 'answer', text: '{"output": {"kind": "flood"}}' },
      good,
    );
    const { report } = await finishReport(api, text, domainId);
    expect(report).toMatchObject({ status: 'completed', ingestion_data: { kind: 'leak' } });
    expect(server.calls.length - before).toBe(5);
    const input = server.calls.reduce((sum, { tokens }) => sum + tokens.input, 0);
    const output = server.calls.reduce((sum, { tokens }) => sum + tokens.output, 0);
    const { groups } = await usage();
    expect(groups).toMatchObject([
      {
        ...{
          key: 'openai-compatible/small',
          calls: server.calls.length,
          ...{ uncertain_calls: 0, estimated_calls: 0 },
          currency: 'EUR',
        },
        ...{ input_tokens: input, output_tokens: output },
      },
    ]);
    // Each call tells one cached token, which costs as much as the others.
    expect(Number(groups[0]?.money)).toBeCloseTo((input * 1_000 + output * 2_000) / 1_000_000, 9);
  });

  it('is filled though the provider hangs, breaks off and does not count, and the ledger says what is a guess', async () => {
    const before = server.calls.length;
    server.meet(
      { kind: 'cut', text: '{"output": {"kind": "le' },
      { kind: 'hang' },
      { ...good, told: 'no usage' },
    );
    const { report } = await finishReport(api, text, domainId);
    expect(report).toMatchObject({ status: 'completed', ingestion_data: { kind: 'leak' } });
    expect(server.calls.length - before).toBe(3);
    const { groups } = await usage();
    expect(groups).toMatchObject([{ calls: server.calls.length, uncertain_calls: 0, estimated_calls: 3 }]);
  });

  it('that no answer of the model can be used for fails, and the run keeps what it wrote last', async () => {
    const said = 'Mary Longfellow is no JSON';
    server.meet(
      { kind: 'answer', text: 'first' },
      { kind: 'answer', text: '[1]' },
      { kind: 'answer', text: said },
    );
    const { report, jobId, traceId } = await finishReport(api, text, domainId);
    expect(report).toMatchObject({ status: 'failed' });
    const path = { job_id: jobId };
    const { execution_log: log } = await api.get('/api/v1/executions/{job_id}', { path });
    expect(log).toMatchObject([{ status: 'error', error_code: 'output_invalid', raw_text: said }]);
    expect(JSON.stringify(report)).not.toContain(said);
    const spans = await wholeTrace({ tracesUrl: mesh.tracesUrl, traceId });
    expect(JSON.stringify(spans)).not.toContain('Longfellow');
  });

  it('is answered about by a model that asks the reports itself, and cites them', async () => {
    const { report } = await finishReport(api, text, domainId);
    const cites = JSON.stringify({ output: { summary: 'One leak' }, references: [report.incident_id] });
    server.meet(
      { kind: 'tools', calls: [{ name: 'retrieval_api', arguments: { text: 'drips', limit: 1 } }] },
      { kind: 'answer', text: cites },
    );
    const before = server.calls.length;
    const session = await openSession(api, domainId);
    const { query } = await finishQuery(api, session, 'Where does water drip?', domainId);
    expect(query).toMatchObject({
      status: 'completed',
      references_used: [{ reference_id: report.incident_id }],
    });
    const [shown, told] = server.calls.slice(before).map(({ body }) => JSON.stringify(body.messages));
    expect(shown).toContain(`1. `);
    expect(told).toContain('"role":"tool"');
    expect(told).toContain(report.incident_id);
  });

  it('is shown in the terminal of who asks while the model writes it', async () => {
    const { report } = await finishReport(api, text, domainId);
    const said = JSON.stringify({ output: { summary: 'One leak' }, references: [report.incident_id] });
    const { promise: isSeen, resolve: tellSeen } = Promise.withResolvers<void>();
    const tools = [{ name: 'retrieval_api', arguments: { text: 'drips', limit: 1 } }];
    const pieces = [said.slice(0, 20), said.slice(20)];
    const turn = async (at: number) => (at === 1 ? isSeen : undefined);
    server.meet({ kind: 'tools', calls: tools }, { kind: 'paced', pieces, turn });
    const token = await mesh.token('acme', 'alice');
    const alice = await createCommandPlace({ DOMAINFLOW_URL: mesh.gatewayUrl, DOMAINFLOW_TOKEN: token });
    const asking = alice.start(['ask', 'Where does it drip?', '-d', domainId]);
    // The model goes on only when its first words were seen.
    await asking.sees(said.slice(0, 20));
    tellSeen();
    const { code, stdout } = await asking.ended;
    expect([code, stdout]).toEqual([0, expect.stringContaining(said)]);
    expect(stdout).toContain(`[1] ${report.incident_id}`);
    await alice.close();
  });

  it('fails with the budget that does not allow the call, and nothing is sent', async () => {
    const before = server.calls.length;
    const budgets = { run: { hard: 0.000000001, currency: 'EUR' } };
    await api.put('/api/v1/tenant/settings', { body: { budgets } });
    const { report } = await finishReport(api, text, domainId);
    expect(report).toMatchObject({ status: 'failed' });
    expect(JSON.stringify(report)).toContain('budget');
    expect(server.calls).toHaveLength(before);
  });

  it('leaves no prompt, text or key in any log', async () => {
    const names = await readdir(mesh.logDir);
    const logs = await Promise.all(names.map((name) => readFile(join(mesh.logDir, name), 'utf8')));
    expect(logs.join('').length).toBeGreaterThan(0);
    for (const secret of ['Longfellow', 'find leaks', 'key-of-the-test'])
      expect(logs.join('')).not.toContain(secret);
  });
});
