// What a deployment says about language models: who runs them, what they cost, and how much an attempt may ask of them. Types only.

/** The wire formats that the platform speaks to providers. */
export type ProviderKind = 'openai-compatible' | 'anthropic' | 'amazon-bedrock' | 'google';

/** How a provider is asked for JSON: held to a schema, to any JSON object, or by the prompt alone. */
export type StructuredOutput = 'schema' | 'json' | 'text';

/** Where an API key is: in the setting itself, or in a file that is read before each call. */
export type ApiKey =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'file'; readonly path: string; readonly setting: string };

/** One provider. */
export interface ProviderSettings {
  /** How agents and the price list name it. */
  readonly name: string;
  readonly kind: ProviderKind;
  /** Absent for the provider's own; always there for `openai-compatible`. */
  readonly baseUrl?: string;
  /** Absent where none is needed; for `amazon-bedrock` then the process's own AWS identity is used. */
  readonly apiKey?: ApiKey;
  /** AWS region; always there for `amazon-bedrock`. */
  readonly region?: string;
  /** Model of agents that name none; absent where each must name one. */
  readonly model?: string;
  readonly structuredOutput: StructuredOutput;
  /** Whether its models see images. */
  readonly images: boolean;
}

/** What a model costs for a million tokens, as decimal text. */
export interface ModelPrice {
  readonly version: string;
  /** ISO 4217. */
  readonly currency: string;
  readonly inputPerMillion: string;
  readonly outputPerMillion: string;
  /** Absent when cached input costs as much as other input. */
  readonly cachedInputPerMillion?: string;
}

/** Everything about models. */
export interface ModelSettings {
  /** Name of the provider of agents that name none; `offline` runs them by rules, `none` lets them fail. */
  readonly provider: string;
  readonly providers: readonly ProviderSettings[];
  /** Time for one call, in milliseconds. */
  readonly callTimeoutMs: number;
  /** Calls that one attempt may make, repeated ones and repairs included. */
  readonly callsMax: number;
  /** By `provider/model`. */
  readonly prices: Readonly<Record<string, ModelPrice>>;
}
