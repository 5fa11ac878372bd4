// What an output depends on, as one hash (SPEC E5.2). What is equal here may stand in for each other; whether anything is kept, and for how
// long, is decided elsewhere.
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../../foundation/json/canonical-json.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import type { ExecutionKind } from './execution-kind.ts';

/** Everything that an output depends on. */
export interface CacheIngredients {
  readonly tenantId: string;
  /** What the run may do follows from it. */
  readonly kind: ExecutionKind;
  readonly agent: CachedAgent;
  /** Names on what the agent runs: the runtime, the model, and the tools that it was granted, in their present state. */
  readonly basis: string;
  /** What the task is given; the order of keys does not matter. */
  readonly input: JsonObject;
  /** Evidence that the agent is shown beside its input; empty when it is shown none. */
  readonly images: readonly JsonObject[];
  /** Present for agents that may read reports. */
  readonly data?: CachedData;
  /** Revision of the tenant's settings; present for agents that read them. */
  readonly settings?: string;
}

/** The agent, as far as it bears on its output. */
export interface CachedAgent {
  readonly agentId: string;
  readonly version: number;
  readonly runtime: string;
  readonly systemPrompt: string;
  /** Empty for the provider's default. */
  readonly model: string;
  /** In any order. */
  readonly tools: readonly string[];
  readonly outputSchema: JsonObject;
}

/** The reports that an agent may read. */
export interface CachedData {
  readonly domainId: string;
  /** Names their state in the index. */
  readonly revision: string;
}

/** Tools of the platform that look at no reports. What a tenant's own tools look at is not known here. */
const toolsWithoutReports: ReadonlySet<string> = new Set([
  'bedrock',
  'comprehend',
  'location_service',
  'web_search',
]);

/** Tools of the platform that read what the tenant has told about itself. */
const toolsWithSettings: ReadonlySet<string> = new Set(['comprehend', 'location_service']);

/** True when one of the tools reads the tenant's settings. */
export function mayReadSettings(tools: readonly string[]): boolean {
  return tools.some((tool) => toolsWithSettings.has(tool));
}

/** True when one of the tools may read reports. */
export function mayReadReports(tools: readonly string[]): boolean {
  return tools.some((tool) => !toolsWithoutReports.has(tool));
}

/** SHA-256 of all ingredients, 64 hex digits. Numbers count by their value, however they were written. */
export function cacheKey({ agent, ...ingredients }: CacheIngredients): string {
  const { systemPrompt, outputSchema, tools } = agent;
  const canonical = {
    ...ingredients,
    agent: {
      ...agent,
      systemPrompt: hashOf(systemPrompt),
      outputSchema: hashOf(canonicalJson(outputSchema)),
      tools: [...new Set(tools)].sort(),
    },
  };
  return hashOf(canonicalJson(canonical));
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
