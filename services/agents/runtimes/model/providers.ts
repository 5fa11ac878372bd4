// Opens models of providers with the AI SDK. Packages are loaded when the first model of their kind is opened: few deployments need more than one.
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { readSecret } from '../../../../foundation/secrets/read-secret.ts';
import { SecretError } from '../../../../foundation/secrets/secret-source.ts';
import { AttemptFailed } from '../../core/invocation-failure.ts';
import type { ProviderSettings } from '../../core/model/model-settings.ts';
import type { ProviderModel } from './language-model.ts';

/** Opens the model of a provider by name. AttemptFailed `model_unavailable` when the API key cannot be read. It calls nobody. */
export type OpenModel = (provider: ProviderSettings, model: string) => Promise<ProviderModel>;

interface Opening {
  readonly provider: ProviderSettings;
  readonly model: string;
  /** Absent where the provider has none. */
  readonly apiKey: string | undefined;
  readonly fetch: typeof globalThis.fetch;
}

/** Opens models of every kind of provider, which ask with the given fetch. */
export function createOpenModel(fetch: typeof globalThis.fetch): OpenModel {
  return async (provider, model) => {
    const apiKey = await apiKeyOf(provider);
    const opening = { provider, model, apiKey, fetch };
    switch (provider.kind) {
      case 'openai-compatible':
        return openCompatible(opening);
      case 'anthropic':
        return openAnthropic(opening);
      case 'amazon-bedrock':
        return openBedrock(opening);
      case 'google':
        return openGoogle(opening);
    }
  };
}

async function apiKeyOf({ name, apiKey }: ProviderSettings): Promise<string | undefined> {
  try {
    return apiKey && (await readSecret(apiKey));
  } catch (error) {
    if (!(error instanceof SecretError)) throw error;
    const message = `The API key of the model provider ${name} cannot be read: ${error.message}`;
    throw new AttemptFailed({ code: 'model_unavailable', message });
  }
}

async function openCompatible({ provider, model, apiKey, fetch }: Opening): Promise<ProviderModel> {
  const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible');
  const { baseUrl: baseURL = '', structuredOutput } = provider;
  const supportsStructuredOutputs = structuredOutput === 'schema';
  const settings = {
    name: 'openaiCompatible',
    baseURL,
    includeUsage: true,
    supportsStructuredOutputs,
    fetch,
  };
  return createOpenAICompatible({ ...settings, ...(apiKey ? { apiKey } : {}) })(model);
}

async function openAnthropic({
  provider: { baseUrl },
  model,
  apiKey = '',
  fetch,
}: Opening): Promise<ProviderModel> {
  const { createAnthropic } = await import('@ai-sdk/anthropic');
  return createAnthropic({ apiKey, fetch, ...(baseUrl ? { baseURL: baseUrl } : {}) })(model);
}

async function openBedrock({ provider, model, apiKey, fetch }: Opening): Promise<ProviderModel> {
  const { createAmazonBedrock } = await import('@ai-sdk/amazon-bedrock');
  const { region = '', baseUrl } = provider;
  const identity = apiKey ? { apiKey } : { credentialProvider: awsIdentity(region) };
  return createAmazonBedrock({ region, ...identity, fetch, ...(baseUrl ? { baseURL: baseUrl } : {}) })(model);
}

/** Names of models that stand in the path of a URL as they are: one that leads elsewhere would take the platform's API key there. */
const modelPath = /^[\w-]+(?:[/.:@][\w-]+)*$/;

async function openGoogle({
  provider: { name, baseUrl },
  model,
  apiKey = '',
  fetch,
}: Opening): Promise<ProviderModel> {
  if (!modelPath.test(model)) {
    const message = `The provider ${name} has no model of this name: set the agent's setting model to one such as gemini-2.5-flash`;
    throw new AttemptFailed({ code: 'model_unavailable', message });
  }
  const { createGoogle } = await import('@ai-sdk/google');
  return createGoogle({ apiKey, fetch, ...(baseUrl ? { baseURL: baseUrl } : {}) })(model);
}

/** The process's own AWS identity, found the way that every AWS client finds it; this client is never asked for anything else. */
function awsIdentity(region: string) {
  const client = new SecretsManagerClient({ region });
  return () => client.config.credentials();
}
