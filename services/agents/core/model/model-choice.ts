// Which model an agent runs on: what the agent names where that is configured, else what the deployment has chosen.
import type { ModelSettings, ProviderSettings } from './model-settings.ts';

/** A model of a provider, the offline rules, or why there is neither. */
export type ModelChoice =
  | { readonly kind: 'model'; readonly provider: ProviderSettings; readonly model: string }
  | { readonly kind: 'offline' }
  | { readonly kind: 'none'; readonly message: string };

/** What to set, as it completes a sentence. */
const remedy =
  'set MODEL_PROVIDER of the agents service to openai-compatible, anthropic, amazon-bedrock or google (with MODEL_API_KEY, MODEL_BASE_URL or MODEL_REGION, and MODEL_NAME)';

/** `asked` is `model`, `provider/model` or empty. A name with a slash whose first part is no provider's is a name of the default provider's. */
export function chooseModel(asked: string, { provider: chosen, providers }: ModelSettings): ModelChoice {
  const [named, model] = splitName(asked, providers);
  const provider = named ?? providers.find(({ name }) => name === chosen);
  if (provider) return modelOf(provider, model);
  if (chosen === 'offline') return { kind: 'offline' };
  return { kind: 'none', message: `No model provider is configured: ${remedy}` };
}

function splitName(
  asked: string,
  providers: readonly ProviderSettings[],
): readonly [ProviderSettings | undefined, string] {
  const slash = asked.indexOf('/');
  const provider = providers.find(({ name }) => name === asked.slice(0, Math.max(0, slash)));
  return provider ? [provider, asked.slice(slash + 1)] : [undefined, asked];
}

function modelOf(provider: ProviderSettings, asked: string): ModelChoice {
  const model = asked || provider.model;
  if (model) return { kind: 'model', provider, model };
  const message = `The provider ${provider.name} has no default model: set MODEL_NAME of the agents service, or the agent's setting model`;
  return { kind: 'none', message };
}

/** How a model is named in answers, prices and the ledger's groups. */
export function modelName(provider: Pick<ProviderSettings, 'name'>, model: string): string {
  return `${provider.name}/${model}`;
}
