// What an output depends on, one ingredient at a time.
import { describe, expect, it } from '@jest/globals';
import { type CacheIngredients, cacheKey, mayReadReports, mayReadSettings } from './cache-key.ts';

const agent = {
  agentId: 'agent-1',
  version: 3,
  runtime: 'MODEL',
  systemPrompt: 'Count the reports',
  model: 'small',
  tools: ['aggregation_api', 'retrieval_api'],
  outputSchema: { count: { type: 'number' }, unit: { type: 'string' } },
};
const basis: CacheIngredients = {
  tenantId: '018f0000-0000-7000-8000-000000000001',
  kind: 'query',
  agent,
  basis: 'f1',
  input: { question: 'How many?', domain_id: 'city', user_id: 'ann', limit: 10, deep: { a: 1, b: [1, 2] } },
  images: [{ path: 'a.png' }],
  data: { domainId: 'city', revision: '7' },
  settings: '5',
};
const { data: _data, ...withoutData } = basis;
const { settings: _settings, ...withoutSettings } = basis;

const others: Readonly<Record<string, CacheIngredients>> = {
  'the tenant': { ...basis, tenantId: '018f0000-0000-7000-8000-000000000002' },
  'what the run may do': { ...basis, kind: 'management' },
  'the agent': { ...basis, agent: { ...agent, agentId: 'agent-2' } },
  'its version': { ...basis, agent: { ...agent, version: 4 } },
  'its runtime': { ...basis, agent: { ...agent, runtime: 'WORKER' } },
  'its prompt': { ...basis, agent: { ...agent, systemPrompt: 'Count the reports ' } },
  'its model': { ...basis, agent: { ...agent, model: '' } },
  'its tools': { ...basis, agent: { ...agent, tools: ['aggregation_api'] } },
  'its output schema': { ...basis, agent: { ...agent, outputSchema: { count: { type: 'number' } } } },
  'on what it runs': { ...basis, basis: 'f2' },
  'a value of the input': { ...basis, input: { ...basis.input, question: 'How many ?' } },
  'the type of a value': { ...basis, input: { ...basis.input, limit: '10' } },
  'a further key of the input': { ...basis, input: { ...basis.input, reference_time: 'now' } },
  'the user': { ...basis, input: { ...basis.input, user_id: 'bob' } },
  'the order of a list': { ...basis, input: { ...basis.input, deep: { a: 1, b: [2, 1] } } },
  'the images': { ...basis, images: [{ path: 'b.png' }] },
  'the domain that is read': { ...basis, data: { domainId: 'town', revision: '7' } },
  'the state of its reports': { ...basis, data: { domainId: 'city', revision: '8' } },
  'whether reports are read': withoutData,
  'the state of the settings': { ...basis, settings: '6' },
  'whether settings are read': withoutSettings,
};

describe('the key of an output', () => {
  it.each(Object.entries(others))('is another one when %s is another', (_name, changed) => {
    expect(cacheKey(changed)).not.toBe(cacheKey(basis));
  });

  it('is a hash of 64 hex digits', () => {
    expect(cacheKey(basis)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('does not depend on the order of keys and tools, nor on how numbers are written', () => {
    const input = JSON.parse(
      '{"deep":{"b":[1.0,2],"a":1e0},"limit":10.0,"user_id":"ann","domain_id":"city","question":"How many?"}',
    );
    const { outputSchema } = agent;
    const reordered = { unit: outputSchema.unit, count: outputSchema.count };
    const tools = agent.tools.toReversed();
    expect(cacheKey({ ...basis, input, agent: { ...agent, tools, outputSchema: reordered } })).toBe(
      cacheKey(basis),
    );
    expect(cacheKey({ ...basis, input: { at: -0 } })).toBe(cacheKey({ ...basis, input: { at: 0 } }));
  });
});

describe('an agent', () => {
  it.each([
    [['location_service'], true],
    [['bedrock', 'comprehend'], true],
    [['retrieval_api', 'web_search'], false],
    [[], false],
  ])('with the tools %j reads the settings of the tenant: %j', (tools, expected) => {
    expect(mayReadSettings(tools)).toBe(expected);
  });

  it.each([
    [['retrieval_api'], true],
    [['aggregation_api'], true],
    [['spatial_api'], true],
    [['analytics_api'], true],
    [['bedrock', 'vector_search'], true],
    [['our_own_reports'], true],
    [['bedrock', 'comprehend', 'location_service', 'web_search'], false],
    [[], false],
  ])('with the tools %j may read reports: %j', (tools, expected) => {
    expect(mayReadReports(tools)).toBe(expected);
  });
});
