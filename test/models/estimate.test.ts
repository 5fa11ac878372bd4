// Estimates through the whole mesh: from what is configured before anything has run, from what was recorded afterwards, against budgets, and
// of playbooks that are not saved.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ApiClient } from '../../clients/api/api-client.ts';
import type { Estimate, EstimatePlaybookBody } from '../../clients/api/gen/api-types.ts';
import { type ModelServer, startModelServer } from '../../local/model-server/model-server.ts';
import { refused } from '../e2e/answers.ts';
import type { RawClient } from '../e2e/raw-client.ts';
import { createAgent, createDomain, playbook } from '../e2e/sample-definitions.ts';
import { finishReport, startTestMesh, type TestMesh } from '../e2e/test-mesh.ts';

jest.setTimeout(90_000);

const price = { input_per_million: '1000', output_per_million: '2000', currency: 'EUR', version: 'test' };
const good = { kind: 'answer', text: '{"output": {"kind": "leak"}}' } as const;

let server: ModelServer;
let mesh: TestMesh;
let api: ApiClient;
let raw: RawClient;
let agentId: string;
let freeAgentId: string;

beforeAll(async () => {
  server = await startModelServer();
  mesh = await startTestMesh({
    ...{ MODEL_PROVIDER: 'openai-compatible', MODEL_BASE_URL: server.openAiUrl, MODEL_NAME: 'small' },
    ...{
      MODEL_API_KEY: 'key-of-the-test',
      MODEL_PRICES: JSON.stringify({ 'openai-compatible/small': price }),
    },
  });
  api = await mesh.as('acme', 'alice');
  raw = await mesh.raw('acme', 'alice');
  const outputSchema = { type: 'object', properties: { kind: { enum: ['leak', 'fire'] } } };
  const agent = {
    ...{ agent_class: 'ingestion' as const, system_prompt: 'You find leaks.', output_schema: outputSchema },
  };
  agentId = await createAgent(api, { ...agent, settings: { max_output_tokens: 1_000 } });
  freeAgentId = await createAgent(api, { ...agent, settings: { model: 'unpriced' } });
  await createDomain(api, 'leaks', { ingestion_playbook: playbook([agentId]) });
});

afterAll(async () => {
  await mesh?.close();
  await server?.close();
});

const path = '/api/v1/domains/{domain_id}/estimate';

function estimate(body: EstimatePlaybookBody, domain_id = 'leaks', by = api): Promise<Estimate> {
  return by.post(path, { path: { domain_id }, body });
}

const always = (value: number) => ({ p10: value, p50: value, p90: value });

describe('an estimate before anything has run', () => {
  it('rests on prompt, sample, limit and price, and says so', async () => {
    const sample = ['Water drips', 'x'.repeat(4_000)];
    const { count, per_run, whole, agents, warnings } = await estimate({ playbook: 'ingestion', sample });
    expect(count).toBe(2);
    expect(per_run.calls).toEqual(always(1));
    expect(per_run.tokens.output).toEqual({ p10: 120, p50: 500, p90: 880 });
    const input = per_run.tokens.input?.p50 ?? 0;
    expect(input).toBeGreaterThan((11 + 4_000) / 2 / 4);
    expect(whole.tokens.input).toEqual(always(2 * input));
    expect(per_run.money).toEqual([
      { currency: 'EUR', p10: expect.any(Number), p50: expect.any(Number), p90: expect.any(Number) },
    ]);
    expect(per_run.money?.[0]?.p50).toBeCloseTo((input * 1_000 + 500 * 2_000) / 1_000_000, 2);
    expect(agents).toMatchObject([
      {
        ...{ agent_id: agentId, runtime: 'model', tasks: 1 },
        basis: {
          use: { kind: 'configuration', models: ['openai-compatible/small'], tasks: 0, from: null },
          duration: { kind: 'none' },
        },
      },
    ]);
    expect(per_run.duration_s).toBeNull();
    expect(warnings.map(({ code }) => code)).toEqual(['not_known']);
  });

  it('has no money where a price is not known, and names what lacks', async () => {
    const tried = { type: 'ingestion' as const, ...playbook([agentId, freeAgentId]) };
    const { whole, agents, warnings } = await estimate({ playbook: tried, count: 1_000 });
    expect(whole.money_complete).toBe(false);
    expect(whole.money?.map(({ currency }) => currency)).toEqual(['EUR']);
    expect(agents.map(({ per_run }) => per_run.money?.length ?? null)).toEqual([1, null]);
    expect(agents[1]?.basis.use).toMatchObject({ text: expect.stringMatching(/MODEL_PRICES.*/) });
    expect(warnings.some(({ text }) => text.includes('openai-compatible/unpriced'))).toBe(true);
  });

  it('of agents that call no model costs nothing, and its durations come from runs', async () => {
    await finishReport(api, 'A pothole in Main Street, Boston');
    const { whole, agents } = await estimate({ playbook: 'ingestion', count: 50 }, 'civic_complaints');
    expect(whole).toMatchObject({ calls: always(0), money: [], money_complete: true });
    expect(whole.duration_s?.p50).toBeGreaterThan(0);
    for (const { runtime, basis } of agents) {
      expect(runtime).toBe('builtin');
      expect(basis).toMatchObject({ use: { kind: 'builtin' }, duration: { kind: 'history', tasks: 1 } });
    }
  });
});

describe('an estimate after runs', () => {
  it('rests on what was recorded: calls, tokens and money as the provider has counted them', async () => {
    server.meet(...Array.from({ length: 4 }, () => good));
    const before = server.calls.length;
    for (const text of ['a', 'b b', 'c c c', 'd d d d']) await finishReport(api, `Water ${text}`, 'leaks');
    const served = server.calls.slice(before).map(({ tokens }) => tokens);
    expect(served).toHaveLength(4);
    const { per_run, whole, agents, warnings } = await estimate({ playbook: 'ingestion', count: 10_000 });
    expect(agents[0]?.basis).toMatchObject({
      use: { kind: 'history', tasks: 4, calls: 4, version: 1, models: ['openai-compatible/small'] },
      duration: { kind: 'history', tasks: 4, version: 1 },
    });
    const inputs = served.map(({ input }) => input);
    expect(per_run.tokens.input?.p10).toBeGreaterThanOrEqual(Math.min(...inputs));
    expect(per_run.tokens.input?.p90).toBeLessThanOrEqual(Math.max(...inputs));
    const mean = inputs.reduce((sum, input) => sum + input, 0) / 4;
    expect((whole.tokens.input?.p50 ?? 0) / 10_000 / mean).toBeCloseTo(1, 1);
    expect(whole.calls).toEqual(always(10_000));
    const outputs = new Set(served.map(({ output }) => output));
    expect(whole.tokens.output).toEqual(always(10_000 * ([...outputs][0] ?? 0)));
    expect(whole.duration_s?.p90).toBeGreaterThanOrEqual(whole.duration_s?.p10 ?? Infinity);
    expect(warnings).toEqual([]);
  });

  it('is the same when it is asked for again', async () => {
    const asked = { playbook: 'ingestion' as const, count: 77 };
    expect(await estimate(asked)).toEqual(await estimate(asked));
  });

  it('warns of the budgets that the runs would pass, by what is left of the month', async () => {
    const { whole } = await estimate({ playbook: 'ingestion', count: 1_000 });
    const money = whole.money?.[0]?.p50 ?? 0;
    const part = (share: number) => Number((money * share).toFixed(3));
    const budgets = {
      tenant: { soft: part(1 / 2), hard: part(10), currency: 'EUR' },
      domain: { hard: part(1 / 3), currency: 'EUR' },
      run: { soft: part(1), currency: 'EUR' },
    };
    await api.put('/api/v1/tenant/settings', { body: { budgets } });
    const { warnings } = await estimate({ playbook: 'ingestion', count: 1_000 });
    expect(warnings.map(({ code, subject }) => [code, subject])).toEqual([
      ['budget_soft', 'budgets.tenant.soft'],
      ['budget_hard', 'budgets.domain.hard'],
    ]);
    expect(warnings[1]?.text).toMatch(/likely to spend more than the hard budget of .* EUR.*spent before/);
    const tried = { type: 'ingestion' as const, ...playbook([freeAgentId]) };
    const unheld = await estimate({ playbook: tried, count: 1 });
    expect(unheld.warnings.map(({ code }) => code)).toContain('budget_not_held');
    await api.put('/api/v1/tenant/settings', { body: {} });
  });

  it('calls no model and changes nothing', async () => {
    const before = server.calls.length;
    const read = () => api.get('/api/v1/domains/{domain_id}', { path: { domain_id: 'leaks' } });
    const saved = await read();
    await estimate({ playbook: { type: 'ingestion', ...playbook([freeAgentId]) }, sample: ['Water'] });
    expect(server.calls).toHaveLength(before);
    expect(await read()).toEqual(saved);
  });
});

describe('an estimate', () => {
  const problemsOf = async (body: object) => {
    const answer = await raw('POST', '/domains/leaks/estimate', { body });
    return [answer.status, ...answer.body.details.map(({ field }) => field)];
  };

  it.each([
    [{}, ['playbook']],
    [{ playbook: 'ingestion' }, ['count']],
    [{ playbook: 'ingestion', sample: ['a'], count: 1 }, ['count']],
    [{ playbook: 'ingestion', count: 0 }, ['count']],
    [{ playbook: 'ingestion', count: 1_000_001 }, ['count']],
    [{ playbook: 'other', count: 1 }, ['playbook']],
    [{ playbook: { type: 'other' }, count: 1 }, ['playbook.type']],
  ])('that is asked for as %j names what is wrong', async (body, fields) => {
    expect(await problemsOf(body)).toEqual([400, ...fields]);
  });

  it('takes no more texts, and no longer ones, than runs can be given', async () => {
    const many = { playbook: 'ingestion', sample: Array(101).fill('a') };
    expect(await problemsOf(many)).toEqual([400, 'sample']);
    const long = { playbook: 'query', sample: ['Where?', 'x'.repeat(1_001)] };
    expect(await problemsOf(long)).toEqual([400, 'sample[1]']);
  });

  it('of a playbook that breaks a rule names the place in it', async () => {
    const graph = { nodes: [agentId, 'agent-none'], edges: [{ from: agentId, to: agentId }] };
    const [status, ...fields] = await problemsOf({
      playbook: { type: 'ingestion', agent_execution_graph: graph },
      count: 1,
    });
    expect(status).toBe(400);
    expect(fields.length).toBeGreaterThan(0);
    for (const field of fields) expect(field).toMatch(/^playbook\.agent_execution_graph/);
  });

  it('is for editors, and knows domains and records of the own tenant alone', async () => {
    const viewer = await mesh.as('acme', 'victor', ['viewer']);
    const stranger = await mesh.as('other', 'oscar');
    const asked = { playbook: 'ingestion' as const, count: 1 };
    expect((await refused(estimate(asked, 'leaks', viewer))).status).toBe(403);
    expect((await refused(estimate(asked, 'leaks', stranger))).status).toBe(404);
    expect((await refused(estimate(asked, 'nowhere'))).status).toBe(404);
    const { agents } = await estimate(asked, 'civic_complaints', stranger);
    for (const { basis } of agents) expect(basis.duration).toMatchObject({ kind: 'none', tasks: 0 });
  });
});
