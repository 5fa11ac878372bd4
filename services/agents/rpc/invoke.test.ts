// Invoke over a real socket: what each builtin agent answers, under whose identity it asks its neighbours, and how it tells what it does.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { InvokeResponse } from '../../../proto/gen/domainflow/agents/v1/agent_runtime_service_pb.js';
import { type AgentsUnderTest, builtinAgent, startAgentsForTest } from '../app.for-test.ts';
import { sampleIndex } from './sample-index.for-test.ts';

const text =
  'Yesterday at 5pm a huge pothole opened at the Frog Pond on Centre St, angry residents called the DPW';
const settings = {
  timeZone: 'America/New_York',
  homeArea: { name: 'Boston', point: { longitude: -71.06, latitude: 42.36 } },
  places: [{ name: 'Frog Pond', aliases: [], point: { longitude: -71.066, latitude: 42.356 } }],
};
const ingestion = [
  ['builtin-ingestion-geo', ['location_text', 'geo_location', 'address', 'confidence']],
  ['builtin-ingestion-temporal', ['timestamp', 'time_reference', 'urgency']],
  ['builtin-ingestion-entity', ['entities', 'sentiment', 'key_phrases', 'complaint_type']],
] as const;
const query = [
  [
    'builtin-query-who',
    ['retrieval_api', 'aggregation_api'],
    ['entities', 'reporters', 'affected', 'answer'],
  ],
  [
    'builtin-query-what',
    ['retrieval_api', 'aggregation_api'],
    ['incident_types', 'common_issues', 'summary', 'answer'],
  ],
  ['builtin-query-where', ['spatial_api', 'retrieval_api'], ['locations', 'hotspots', 'map_data', 'answer']],
  [
    'builtin-query-when',
    ['analytics_api', 'retrieval_api'],
    ['time_pattern', 'frequency', 'trend', 'answer'],
  ],
  ['builtin-query-why', ['analytics_api', 'retrieval_api'], ['causes', 'factors', 'analysis', 'answer']],
  ['builtin-query-how', ['retrieval_api', 'analytics_api'], ['methods', 'process', 'insights', 'answer']],
] as const;
const question = { question: 'Tell me about potholes', reference_time: '2026-01-20T12:00:00.000Z' };

let agents: AgentsUnderTest;
beforeAll(async () => {
  agents = await startAgentsForTest({ settings, index: sampleIndex });
});
afterAll(() => agents.close());

function resultOf(events: InvokeResponse['event'][]) {
  const last = events.at(-1);
  if (last?.case !== 'result') throw new Error(`no result but ${JSON.stringify(last?.value)}`);
  return last.value;
}

function toolCallsOf(events: InvokeResponse['event'][]) {
  return events.flatMap((event) => (event.case === 'toolCall' ? [event.value] : []));
}

describe('an ingestion agent', () => {
  it.each(ingestion)('%s answers with spans inside the text', async (agentId, keys) => {
    const agent = builtinAgent(agentId, [], keys);
    const input = { text, domain_id: 'civic_complaints', reference_time: '2026-01-20T12:00:00.000Z' };
    const { output, confidence, reasoning, runtime, spans } = resultOf(
      await agents.invoke({ request: { agent, input } }),
    );
    expect(keys).toEqual(expect.arrayContaining(Object.keys(output ?? {})));
    expect(runtime).toBe('builtin');
    expect(reasoning).not.toBe('');
    expect(confidence).toBeGreaterThan(0);
    expect(confidence).toBeLessThanOrEqual(1);
    const places = Object.values(spans).flatMap((list) => list.spans);
    expect(places.length).toBeGreaterThan(0);
    for (const { start, end } of places) expect(text.slice(start, end)).not.toBe('');
    for (const { end } of places) expect(end).toBeLessThanOrEqual(text.length);
  });

  it('names the category by the model that it is given', async () => {
    const agent = builtinAgent('builtin-ingestion-entity', [], [...ingestion[2][1], 'category']);
    const input = { text: 'The sidewalk is not shoveled', category_model: 'boston311' };
    const { output, reasoning } = resultOf(await agents.invoke({ request: { agent, input } }));
    expect(output?.category).toBe('sidewalk_not_shoveled');
    expect(reasoning).toContain('boston311');
  });

  it('finds places of the tenant and reads times on its clocks', async () => {
    const input = { text, reference_time: '2026-01-20T12:00:00.000Z' };
    const geo = builtinAgent('builtin-ingestion-geo', [], ingestion[0][1]);
    const where = resultOf(await agents.invoke({ request: { agent: geo, input } }));
    expect(where.output?.geo_location).toEqual({ type: 'Point', coordinates: [-71.066, 42.356] });
    const temporal = builtinAgent('builtin-ingestion-temporal', [], ingestion[1][1]);
    const when = resultOf(await agents.invoke({ request: { agent: temporal, input } }));
    expect(when.output?.timestamp).toBe('2026-01-19T22:00:00.000Z');
  });
});

describe('a query agent', () => {
  it.each(query)(
    '%s tells each call of a tool before and after it, the result last',
    async (agentId, tools, keys) => {
      const agent = builtinAgent(agentId, tools, keys);
      const events = await agents.invoke({ request: { agent, input: question } });
      const { output, references } = resultOf(events);
      expect(Object.keys(output ?? {}).sort()).toEqual([...keys].sort());
      expect(output?.answer).toContain('200 reports about potholes');
      expect([...references].sort()).toEqual(['inc_1', 'inc_2']);

      const calls = toolCallsOf(events);
      expect(calls).toHaveLength(events.length - 1);
      expect(calls.length).toBeGreaterThanOrEqual(4);
      const begun = new Map<string, number>();
      for (const { toolName, number, duration, errorCode, answered } of calls) {
        expect(tools).toContain(toolName);
        expect(errorCode).toBe('');
        const key = `${toolName} ${number}`;
        expect(answered === undefined).toBe(duration === undefined);
        const open = (begun.get(key) ?? 0) + (duration === undefined ? 1 : -1);
        expect(open).toBeGreaterThanOrEqual(0);
        begun.set(key, open);
      }
      expect([...begun.values()].every((open) => open === 0)).toBe(true);
      expect(calls.filter(({ duration }) => duration === undefined).length).toBeLessThanOrEqual(6);
    },
  );

  it('asks its neighbours about the domain of the run and under the token of the run, whatever its input says', async () => {
    const before = agents.seen.length;
    const agent = builtinAgent('builtin-query-what', query[1][1], query[1][2]);
    await agents.invoke({
      request: { agent, input: { ...question, domain_id: 'elsewhere' }, domainId: 'mine' },
    });
    const seen = agents.seen.slice(before);
    expect(seen.map(({ method }) => method)).toEqual(
      expect.arrayContaining(['getTenantSettings', 'retrieve', 'aggregate']),
    );
    for (const { method, principal, domainId } of seen) {
      expect(principal).toMatchObject({ ...agents.person, run: { runId: 'job_1', capability: 'query' } });
      expect(domainId).toBe(['getTenantSettings', 'listToolAccess'].includes(method) ? '' : 'mine');
    }
  });

  it('leaves its neighbours no more time than it has itself', async () => {
    const before = agents.seen.length;
    const agent = builtinAgent('builtin-query-how', query[5][1], query[5][2]);
    await agents.invoke({ request: { agent, input: question }, timeoutMs: 4_000 });
    const left = agents.seen.slice(before).map(({ timeoutMs }) => timeoutMs);
    expect(left.length).toBeGreaterThan(1);
    for (const timeoutMs of left) expect(timeoutMs).toBeLessThan(4_000);
  });
});
