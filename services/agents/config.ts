// The settings of the agents service.
import { type Environment, type Readers, readConfig } from '../../foundation/config/reader.ts';
import {
  type PrivateKey,
  readPrivateKey,
  readServiceConfig,
  type ServiceConfig,
} from '../../foundation/config/service-config.ts';
import type { Network } from '../../foundation/net/address.ts';
import type { AwsBackendSettings } from './core/aws-backend-settings.ts';
import type { BuiltinRuntime } from './core/invocation.ts';
import type {
  ApiKey,
  ModelPrice,
  ModelSettings,
  ProviderKind,
  ProviderSettings,
  StructuredOutput,
} from './core/model/model-settings.ts';
import type { WebSearchSettings } from './core/web-search-settings.ts';

/** Settings of the agents service. */
export interface AgentsConfig extends ServiceConfig {
  /** `WEB_SEARCH_…` [none]: the service behind the tool web_search. */
  readonly webSearch?: WebSearchSettings;
  /** `LOCATION_…` [none]: Amazon Location behind the tool location_service; absent for the gazetteer. */
  readonly location?: AwsBackendSettings;
  /** `COMPREHEND_…` [none]: Amazon Comprehend behind the tool comprehend; absent for the platform's own rules. */
  readonly comprehend?: AwsBackendSettings;
  /** `AGENTS_SIGNING_KEY`: private Ed25519 key of the tokens with which the service speaks for itself. */
  readonly signingKey: PrivateKey;
  /** `REGISTRY_TARGET`, `REPORTS_TARGET`: addresses, or `dns:///name:port`. */
  readonly targets: { readonly registry: string; readonly reports: string };
  /** `INVOCATIONS_MAX` [256]: attempts that run in this process at the same time. */
  readonly invocationsMax: number;
  /** `BUILTIN_RUNTIME` [builtin]: what agents of the platform run on. */
  readonly builtinRuntime: BuiltinRuntime;
  /** `WORKER_NETWORKS` [none]: networks whose private addresses workers and tools of tenants may have, and where http will do. */
  readonly workerNetworks: readonly Network[];
  /** `MODEL_…`: who runs models, and what an attempt may ask of them. */
  readonly models: ModelSettings;
}

const kinds: readonly ProviderKind[] = ['openai-compatible', 'anthropic', 'amazon-bedrock', 'google'];
const reservedNames: readonly string[] = ['none', 'offline', ...kinds];
const providersMax = 20;
const braveUrl = 'https://api.search.brave.com/res/v1/web/search';
const regionPattern = /^[a-z]{2}(?:-[a-z0-9]{1,20}){2,4}$/;
const formats: readonly StructuredOutput[] = ['schema', 'json', 'text'];

/** Reads and checks the settings; throws one ConfigError with every problem. */
export function readAgentsConfig(env: Environment = process.env): AgentsConfig {
  return readConfig(env, (read) => ({
    ...readServiceConfig(read),
    signingKey: readPrivateKey(read, 'AGENTS_SIGNING_KEY'),
    targets: { registry: read.text('REGISTRY_TARGET'), reports: read.text('REPORTS_TARGET') },
    invocationsMax: read.integer('INVOCATIONS_MAX', { min: 1, max: 10_000, default: 256 }),
    workerNetworks: read.networks('WORKER_NETWORKS', { default: [] }),
    ...readModels(read),
    ...readWebSearch(read),
    ...readLocation(read),
    ...readComprehend(read),
  }));
}

function readModels(read: Readers): Pick<AgentsConfig, 'builtinRuntime' | 'models'> {
  const builtinRuntime = read.oneOf('BUILTIN_RUNTIME', ['builtin', 'model'], { default: 'builtin' });
  const provider = read.text('MODEL_PROVIDER', { default: 'none' });
  const named = read.json<readonly ProviderSettings[]>('MODEL_PROVIDERS', {
    expected: `a list of at most ${providersMax} {"name", "kind" (${kinds.join(', ')}), "base_url"?, "api_key" or "api_key_file"?, "region"?, "model"?, "structured_output" (${formats.join(', ')})?, "images"?}, each with a name of its own and what its kind needs`,
    parse: providersOf,
    default: [],
  });
  const single = kinds.find((kind) => kind === provider);
  const providers = single ? [...named, readSingleProvider(read, single)] : named;
  const names = ['none', 'offline', ...providers.map(({ name }) => name)];
  if (!names.includes(provider)) {
    read.problem(
      `MODEL_PROVIDER must be none, offline, one of ${kinds.join(', ')}, or a name of MODEL_PROVIDERS`,
    );
  }
  if (builtinRuntime === 'model' && (provider === 'none' || provider === 'offline')) {
    read.problem('BUILTIN_RUNTIME=model needs a MODEL_PROVIDER that runs models');
  }
  const callTimeoutMs = read.integer('MODEL_TIMEOUT_S', { min: 1, max: 300, default: 30 }) * 1_000;
  const callsMax = read.integer('MODEL_CALLS_PER_ATTEMPT', { min: 1, max: 100, default: 10 });
  const prices = read.json<ModelSettings['prices']>('MODEL_PRICES', {
    expected:
      '{"provider/model": {"input_per_million", "output_per_million", "cached_input_per_million"?, "currency" (such as USD), "version"}}, prices being decimal numbers of at most 9 digits after the point',
    parse: pricesOf,
    default: {},
  });
  return { builtinRuntime, models: { provider, providers, callTimeoutMs, callsMax, prices } };
}

function readWebSearch(read: Readers): Pick<AgentsConfig, 'webSearch'> {
  const kind = read.oneOf('WEB_SEARCH_PROVIDER', ['none', 'brave', 'searxng'], { default: 'none' });
  const url = read.optional.url('WEB_SEARCH_URL', { protocols: ['https:', 'http:'] });
  const text = read.optional.text('WEB_SEARCH_API_KEY', { secret: true });
  const path = read.optional.text('WEB_SEARCH_API_KEY_FILE');
  if (kind === 'none') return {};
  const apiKey = apiKeyOf({ text, path, setting: 'WEB_SEARCH_API_KEY_FILE' });
  if (kind === 'searxng' && url === undefined)
    read.problem('WEB_SEARCH_PROVIDER=searxng needs WEB_SEARCH_URL');
  if (kind === 'brave' && apiKey === undefined) {
    read.problem('WEB_SEARCH_PROVIDER=brave needs WEB_SEARCH_API_KEY or WEB_SEARCH_API_KEY_FILE');
  }
  return { webSearch: { kind, url: url ?? braveUrl, ...(apiKey ? { apiKey } : {}) } };
}

function readLocation(read: Readers): Pick<AgentsConfig, 'location'> {
  const backend = read.oneOf('LOCATION_BACKEND', ['gazetteer', 'amazon-location'], { default: 'gazetteer' });
  const region = read.optional.text('LOCATION_REGION') ?? read.optional.text('AWS_REGION');
  const endpoint = read.optional.url('LOCATION_ENDPOINT', { protocols: ['https:', 'http:'] });
  if (backend === 'gazetteer') return {};
  const setting = { choice: `LOCATION_BACKEND=${backend}`, region: 'LOCATION_REGION' };
  return { location: awsBackendOf(read, { ...setting, settings: { region, endpoint } }) };
}

function readComprehend(read: Readers): Pick<AgentsConfig, 'comprehend'> {
  const backend = read.oneOf('COMPREHEND_BACKEND', ['builtin', 'amazon-comprehend'], { default: 'builtin' });
  const region = read.optional.text('COMPREHEND_REGION') ?? read.optional.text('AWS_REGION');
  const endpoint = read.optional.url('COMPREHEND_ENDPOINT', { protocols: ['https:', 'http:'] });
  if (backend === 'builtin') return {};
  const setting = { choice: `COMPREHEND_BACKEND=${backend}`, region: 'COMPREHEND_REGION' };
  return { comprehend: awsBackendOf(read, { ...setting, settings: { region, endpoint } }) };
}

interface GivenBackend {
  /** The setting that chose it. */
  readonly choice: string;
  /** Name of the setting of its own region. */
  readonly region: string;
  readonly settings: { readonly region: string | undefined; readonly endpoint: string | undefined };
}

function awsBackendOf(
  read: Readers,
  { choice, region: setting, settings }: GivenBackend,
): AwsBackendSettings {
  const { region = '', endpoint } = settings;
  if (!regionPattern.test(region)) {
    read.problem(`${choice} needs ${setting} or AWS_REGION: the name of an AWS region, such as us-east-1`);
  }
  return { region, ...(endpoint !== undefined && { endpoint }) };
}

/** The provider that MODEL_PROVIDER names by its kind. */
function readSingleProvider(read: Readers, kind: ProviderKind): ProviderSettings {
  const baseUrl = read.optional.url('MODEL_BASE_URL', { protocols: ['https:', 'http:'] });
  const text = read.optional.text('MODEL_API_KEY', { secret: true });
  const path = read.optional.text('MODEL_API_KEY_FILE');
  const region = read.optional.text('MODEL_REGION');
  const model = read.optional.text('MODEL_NAME', { lengthMax: 200 });
  const structuredOutput = read.oneOf('MODEL_STRUCTURED_OUTPUT', formats, { default: 'schema' });
  const images = read.flag('MODEL_IMAGES', { default: true });
  const apiKey = apiKeyOf({ text, path, setting: 'MODEL_API_KEY_FILE' });
  const settings = { baseUrl, apiKey, region, model };
  for (const lack of lacksOf(kind, settings)) {
    read.problem(`MODEL_PROVIDER=${kind} needs ${settingNames[lack]}`);
  }
  return { name: kind, kind, ...given(settings), structuredOutput, images };
}

type Optional = 'baseUrl' | 'apiKey' | 'region' | 'model';
type Given = { readonly [Field in Optional]?: ProviderSettings[Field] | undefined };

const settingNames: Readonly<Record<Optional, string>> = {
  baseUrl: 'MODEL_BASE_URL',
  apiKey: 'MODEL_API_KEY or MODEL_API_KEY_FILE',
  region: 'MODEL_REGION',
  model: 'MODEL_NAME',
};

const needs: Readonly<Record<ProviderKind, readonly Optional[]>> = {
  'openai-compatible': ['baseUrl'],
  anthropic: ['apiKey'],
  'amazon-bedrock': ['region'],
  google: ['apiKey'],
};

function lacksOf(kind: ProviderKind, settings: Given): readonly Optional[] {
  return needs[kind].filter((field) => settings[field] === undefined);
}

function given(settings: Given): Pick<ProviderSettings, Optional> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

function apiKeyOf(key: {
  text: string | undefined;
  path: string | undefined;
  setting: string;
}): ApiKey | undefined {
  const { text, path, setting } = key;
  if (text !== undefined) return { kind: 'text', text };
  return path === undefined ? undefined : { kind: 'file', path, setting };
}

function providersOf(value: unknown): readonly ProviderSettings[] | undefined {
  if (!Array.isArray(value) || value.length > providersMax) return undefined;
  const providers = value.map(providerOf);
  const found = providers.filter((provider) => provider !== undefined);
  const names = new Set(found.map(({ name }) => name));
  return found.length === value.length && names.size === value.length ? found : undefined;
}

function providerOf(value: unknown): ProviderSettings | undefined {
  const entry = (value ?? {}) as Readonly<Record<string, unknown>>;
  const { structured_output: format = 'schema', images = true } = entry;
  const name = textOf(entry.name);
  const kind = kinds.find((one) => one === entry.kind);
  const structuredOutput = formats.find((one) => one === format);
  const apiKey = apiKeyOf({
    text: textOf(entry.api_key),
    path: textOf(entry.api_key_file),
    setting: 'MODEL_PROVIDERS',
  });
  const baseUrl = textOf(entry.base_url);
  const settings = { baseUrl, apiKey, region: textOf(entry.region), model: textOf(entry.model) };
  const isNamed = name !== undefined && /^[a-z0-9][\w.-]{0,99}$/i.test(name) && !reservedNames.includes(name);
  const isReachable = baseUrl === undefined || /^https?:/.test(URL.parse(baseUrl)?.protocol ?? '');
  const isWhole = isNamed && kind && structuredOutput && isReachable && typeof images === 'boolean';
  if (!isWhole || lacksOf(kind, settings).length > 0) return undefined;
  return { name, kind, ...given(settings), structuredOutput, images };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function pricesOf(value: unknown): ModelSettings['prices'] | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const prices = Object.entries(value).map(([name, price]) => [name, priceOf(price)] as const);
  const isValid = prices.every(([name, price]) => name.includes('/') && price !== undefined);
  return isValid ? (Object.fromEntries(prices) as ModelSettings['prices']) : undefined;
}

function priceOf(value: unknown): ModelPrice | undefined {
  const entry = (value ?? {}) as Readonly<Record<string, unknown>>;
  const cached = entry.cached_input_per_million;
  const cachedInputPerMillion = cached === undefined ? undefined : moneyOf(cached);
  const inputPerMillion = moneyOf(entry.input_per_million);
  const outputPerMillion = moneyOf(entry.output_per_million);
  const version = textOf(entry.version);
  const currency = /^[A-Z]{3}$/.exec(String(entry.currency))?.[0];
  if (!inputPerMillion || !outputPerMillion || !version || version.length > 100 || !currency)
    return undefined;
  if (cached !== undefined && !cachedInputPerMillion) return undefined;
  const price = { version, currency, inputPerMillion, outputPerMillion };
  return cachedInputPerMillion ? { ...price, cachedInputPerMillion } : price;
}

/** Decimal text, at most 1,000,000 with 9 digits after the point; numbers are taken as they are written. */
function moneyOf(value: unknown): string | undefined {
  const text = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  return /^\d{1,7}(?:\.\d{1,9})?$/.test(text) && Number(text) <= 1_000_000 ? text : undefined;
}
