// The settings of models: what a deployment may say, and that everything wrong is told at once without a secret.
import { describe, expect, it } from '@jest/globals';
import { ConfigError } from '../../foundation/config/reader.ts';
import { generateSigningKey } from '../../foundation/identity/signing-key.ts';
import { readAgentsConfig } from './config.ts';

const { privateJwk, publicJwk } = await generateSigningKey();
const base = {
  MESH_KEYS: JSON.stringify({ gateway: [publicJwk], orchestrator: [publicJwk], agents: [publicJwk] }),
  AGENTS_SIGNING_KEY: JSON.stringify(privateJwk),
  REGISTRY_TARGET: '127.0.0.1:1',
  REPORTS_TARGET: '127.0.0.1:2',
};

function read(settings: Readonly<Record<string, string>>) {
  return readAgentsConfig({ ...base, ...settings });
}

function problemsOf(settings: Readonly<Record<string, string>>): string {
  try {
    read(settings);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return '';
}

describe('the settings of models', () => {
  it('may be absent: then nothing is a model', () => {
    expect(read({})).toMatchObject({
      builtinRuntime: 'builtin',
      models: { provider: 'none', providers: [], callTimeoutMs: 30_000, callsMax: 10, prices: {} },
    });
  });

  it.each([
    [
      { MODEL_PROVIDER: 'openai-compatible', MODEL_BASE_URL: 'http://localhost:1/v1', MODEL_NAME: 'small' },
      {
        kind: 'openai-compatible',
        baseUrl: 'http://localhost:1/v1',
        model: 'small',
        structuredOutput: 'schema',
      },
    ],
    [
      {
        MODEL_PROVIDER: 'anthropic',
        MODEL_API_KEY: 'key-1',
        MODEL_STRUCTURED_OUTPUT: 'text',
        MODEL_IMAGES: 'no',
      },
      { kind: 'anthropic', apiKey: { kind: 'text', text: 'key-1' }, structuredOutput: 'text', images: false },
    ],
    [
      { MODEL_PROVIDER: 'google', MODEL_API_KEY_FILE: '/run/key' },
      { kind: 'google', apiKey: { kind: 'file', path: '/run/key', setting: 'MODEL_API_KEY_FILE' } },
    ],
    [
      { MODEL_PROVIDER: 'amazon-bedrock', MODEL_REGION: 'eu-west-1' },
      { kind: 'amazon-bedrock', region: 'eu-west-1' },
    ],
  ])('%j name one provider', (settings, provider) => {
    const { models } = read(settings);
    expect(models).toMatchObject({ provider: settings.MODEL_PROVIDER, providers: [provider] });
  });

  it('may name several providers, one of them the default', () => {
    const list = [
      { name: 'local', kind: 'openai-compatible', base_url: 'http://localhost:1/v1', images: false },
      { name: 'claude', kind: 'anthropic', api_key: 'key-1', model: 'claude-x' },
    ];
    const { models } = read({ MODEL_PROVIDER: 'local', MODEL_PROVIDERS: JSON.stringify(list) });
    expect(models.provider).toBe('local');
    expect(models.providers).toMatchObject([
      { name: 'local', baseUrl: 'http://localhost:1/v1', images: false, structuredOutput: 'schema' },
      { name: 'claude', model: 'claude-x', apiKey: { kind: 'text', text: 'key-1' } },
    ]);
  });

  it('hold prices as text, however they are written', () => {
    const price = {
      input_per_million: 0.25,
      output_per_million: '1.250000001',
      currency: 'USD',
      version: 'v1',
    };
    const { prices } = read({ MODEL_PRICES: JSON.stringify({ 'local/small': price }) }).models;
    expect(prices).toEqual({
      'local/small': {
        inputPerMillion: '0.25',
        outputPerMillion: '1.250000001',
        currency: 'USD',
        version: 'v1',
      },
    });
  });

  it.each([
    [{ MODEL_PROVIDER: 'openai-compatible' }, 'MODEL_BASE_URL'],
    [{ MODEL_PROVIDER: 'anthropic' }, 'MODEL_API_KEY'],
    [{ MODEL_PROVIDER: 'amazon-bedrock' }, 'MODEL_REGION'],
    [{ MODEL_PROVIDER: 'somebody' }, 'MODEL_PROVIDER must be'],
    [{ BUILTIN_RUNTIME: 'model' }, 'BUILTIN_RUNTIME=model needs'],
    [{ BUILTIN_RUNTIME: 'model', MODEL_PROVIDER: 'offline' }, 'BUILTIN_RUNTIME=model needs'],
    [{ MODEL_PROVIDERS: '[{"name": "x", "kind": "anthropic"}]' }, 'MODEL_PROVIDERS must be'],
    [
      { MODEL_PROVIDERS: '[{"name": "offline", "kind": "amazon-bedrock", "region": "x"}]' },
      'MODEL_PROVIDERS must be',
    ],
    [{ MODEL_PRICES: '{"local/small": {"input_per_million": -1}}' }, 'MODEL_PRICES must be'],
    [{ MODEL_TIMEOUT_S: '0', MODEL_CALLS_PER_ATTEMPT: '0' }, 'MODEL_TIMEOUT_S must be'],
  ])('%j are refused', (settings, sentence) => {
    expect(problemsOf(settings)).toContain(sentence);
  });

  it('tell everything that is wrong, and no key', () => {
    const problems = problemsOf({
      ...{ MODEL_PROVIDER: 'openai-compatible', MODEL_API_KEY: 'key-1', MODEL_TIMEOUT_S: 'soon' },
      MODEL_PROVIDERS: '[{"name": "x", "api_key": "key-2"}]',
    });
    for (const name of ['MODEL_BASE_URL', 'MODEL_TIMEOUT_S', 'MODEL_PROVIDERS'])
      expect(problems).toContain(name);
    expect(problems).not.toMatch(/key-[12]/);
  });
});

describe('the settings of web search', () => {
  it('are absent for a deployment without one', () => {
    expect(read({ WEB_SEARCH_URL: 'https://search.example.org' })).not.toHaveProperty('webSearch');
  });

  it.each([
    [
      { WEB_SEARCH_PROVIDER: 'brave', WEB_SEARCH_API_KEY: 'k' },
      { kind: 'brave', url: expect.stringContaining('brave.com'), apiKey: { kind: 'text', text: 'k' } },
    ],
    [
      { WEB_SEARCH_PROVIDER: 'searxng', WEB_SEARCH_URL: 'http://search:8080/search' },
      { kind: 'searxng', url: 'http://search:8080/search' },
    ],
  ])('%j are read', (settings, webSearch) => {
    expect(read(settings).webSearch).toEqual(webSearch);
  });

  it.each([
    [{ WEB_SEARCH_PROVIDER: 'brave' }, 'WEB_SEARCH_API_KEY'],
    [{ WEB_SEARCH_PROVIDER: 'searxng' }, 'WEB_SEARCH_URL'],
    [{ WEB_SEARCH_PROVIDER: 'bing' }, 'WEB_SEARCH_PROVIDER'],
  ])('%j lack %s', (settings, name) => {
    expect(problemsOf(settings)).toContain(name);
  });
});

describe('the settings of the service for places', () => {
  it('are absent for the gazetteer, whatever else is set', () => {
    expect(read({ LOCATION_REGION: 'eu-west-1', AWS_REGION: 'us-east-1' })).not.toHaveProperty('location');
  });

  it.each([
    [{ AWS_REGION: 'us-gov-west-1' }, { region: 'us-gov-west-1' }],
    [{ AWS_REGION: 'us-east-1', LOCATION_REGION: 'eu-west-1' }, { region: 'eu-west-1' }],
    [
      { LOCATION_REGION: 'eu-west-1', LOCATION_ENDPOINT: 'https://location.example' },
      { region: 'eu-west-1', endpoint: 'https://location.example' },
    ],
  ])('%j are read', (settings, location) => {
    expect(read({ LOCATION_BACKEND: 'amazon-location', ...settings }).location).toEqual(location);
  });

  it.each([
    [{ LOCATION_BACKEND: 'amazon-location' }, 'LOCATION_BACKEND=amazon-location needs LOCATION_REGION'],
    [{ LOCATION_BACKEND: 'amazon-location', AWS_REGION: 'Frankfurt' }, 'name of an AWS region'],
    [{ LOCATION_BACKEND: 'google' }, 'LOCATION_BACKEND must be'],
    [{ LOCATION_ENDPOINT: 'ftp://location.example' }, 'LOCATION_ENDPOINT must be'],
  ])('%j are refused', (settings, sentence) => {
    expect(problemsOf(settings)).toContain(sentence);
  });
});

describe('the settings of the service for texts', () => {
  it('are absent for the rules, whatever else is set', () => {
    const others = { COMPREHEND_REGION: 'eu-west-1', COMPREHEND_ENDPOINT: 'https://comprehend.example' };
    expect(read(others)).not.toHaveProperty('comprehend');
  });

  it.each([
    [{ AWS_REGION: 'us-east-2' }, { region: 'us-east-2' }],
    [
      { COMPREHEND_REGION: 'eu-west-1', COMPREHEND_ENDPOINT: 'http://127.0.0.1:1' },
      { region: 'eu-west-1', endpoint: 'http://127.0.0.1:1' },
    ],
  ])('%j are read', (settings, comprehend) => {
    expect(read({ COMPREHEND_BACKEND: 'amazon-comprehend', ...settings }).comprehend).toEqual(comprehend);
  });

  it('lack a region, which is told with everything else', () => {
    const backends = { COMPREHEND_BACKEND: 'amazon-comprehend', LOCATION_BACKEND: 'amazon-location' };
    const problems = problemsOf({ ...backends, COMPREHEND_ENDPOINT: 'comprehend' });
    for (const name of ['COMPREHEND_REGION', 'LOCATION_REGION', 'COMPREHEND_ENDPOINT must be'])
      expect(problems).toContain(name);
    expect(problemsOf({ COMPREHEND_BACKEND: 'google' })).toContain('COMPREHEND_BACKEND must be');
  });
});
