// On what an agent runs, one ingredient at a time.
import { describe, expect, it } from '@jest/globals';
import { agentBasis, type BasisOf } from './agent-basis.ts';
import type { ModelSettings, ProviderSettings } from './model/model-settings.ts';

const provider: ProviderSettings = {
  ...{ name: 'main', kind: 'openai-compatible', baseUrl: 'https://models.example/v1', model: 'small' },
  ...{ structuredOutput: 'schema', images: true },
};
const models: ModelSettings = {
  ...{ provider: 'main', providers: [provider], prices: {} },
  ...{ callTimeoutMs: 5_000, callsMax: 10 },
};
const crm = { name: 'crm', grantedAt: '1.0', state: 'tool-1 5.0' };
const find = { name: 'retrieval_api', grantedAt: '1.0', state: '' };
const comprehend = { region: 'eu-central-1', endpoint: 'https://comprehend.example/' };
const location = { region: 'eu-central-1', endpoint: 'https://location.example/' };
const basis: BasisOf = {
  agent: {
    runtime: 'model',
    model: '',
    tools: ['retrieval_api', 'crm', 'web_search', 'location_service', 'comprehend'],
  },
  granted: [crm, find],
  deployment: {
    ...{ release: '1.0.0', models, webSearch: { kind: 'searxng', url: 'https://search.example/' } },
    ...{ location, comprehend },
  },
};
const { deployment, agent } = basis;
const withProvider = (changes: Partial<ProviderSettings>): BasisOf => ({
  ...basis,
  deployment: { ...deployment, models: { ...models, providers: [{ ...provider, ...changes }] } },
});

const others: Readonly<Record<string, BasisOf>> = {
  'the runtime': { ...basis, agent: { ...agent, runtime: 'builtin' } },
  'another release': { ...basis, deployment: { ...deployment, release: '1.0.1' } },
  'the default model': withProvider({ model: 'large' }),
  'the kind of the provider': withProvider({ kind: 'anthropic' }),
  'where the provider is': withProvider({ baseUrl: 'https://other.example/v1' }),
  'how it is held to JSON': withProvider({ structuredOutput: 'text' }),
  'whether it sees images': withProvider({ images: false }),
  'no provider but rules': {
    ...basis,
    deployment: { ...deployment, models: { ...models, provider: 'offline', providers: [] } },
  },
  'the search service': { ...basis, deployment: { ...deployment, webSearch: undefined } },
  'no service for places': { ...basis, deployment: { ...deployment, location: undefined } },
  'another region of the service for places': {
    ...basis,
    deployment: { ...deployment, location: { ...location, region: 'us-east-1' } },
  },
  'another address of the service for places': {
    ...basis,
    deployment: { ...deployment, location: { ...location, endpoint: 'https://other.example/' } },
  },
  'no service for texts': { ...basis, deployment: { ...deployment, comprehend: undefined } },
  'another region of the service for texts': {
    ...basis,
    deployment: { ...deployment, comprehend: { ...comprehend, region: 'us-east-1' } },
  },
  'a grant less': { ...basis, granted: [find] },
  'a grant that was given anew': { ...basis, granted: [{ ...crm, grantedAt: '2.0' }, find] },
  'a tool that was changed': { ...basis, granted: [{ ...crm, state: 'tool-1 6.0' }, find] },
  'a tool that was made anew': { ...basis, granted: [{ ...crm, state: 'tool-2 5.0' }, find] },
};

describe('on what an agent runs', () => {
  it.each(Object.entries(others))('is something else with %s', (_name, changed) => {
    expect(agentBasis(changed).fingerprint).not.toBe(agentBasis(basis).fingerprint);
  });

  it('is a hash of 64 hex digits beside the runtime, whatever the order of grants', () => {
    expect(agentBasis(basis)).toEqual({
      runtime: 'model',
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(agentBasis({ ...basis, granted: [find, crm] })).toEqual(agentBasis(basis));
  });

  it('does not depend on services behind tools that the agent does not list', () => {
    const without: BasisOf = { ...basis, agent: { ...agent, tools: ['crm'] } };
    const bare = { ...deployment, webSearch: undefined, location: undefined, comprehend: undefined };
    expect(agentBasis({ ...without, deployment: bare })).toEqual(agentBasis(without));
  });

  it('does not depend on keys, prices and times, nor a skill on models', () => {
    const settings = {
      ...models,
      callTimeoutMs: 1,
      callsMax: 1,
      providers: [{ ...provider, apiKey: { kind: 'text', text: 'k' } as const }],
    };
    expect(agentBasis({ ...basis, deployment: { ...deployment, models: settings } })).toEqual(
      agentBasis(basis),
    );
    const skill: BasisOf = { ...basis, agent: { ...agent, runtime: 'builtin' } };
    const large = withProvider({ model: 'large' });
    expect(agentBasis({ ...skill, deployment: large.deployment })).toEqual(agentBasis(skill));
  });
});
