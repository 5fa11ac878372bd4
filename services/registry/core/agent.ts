// An agent as the registry knows it: one version of a configured unit of work. How it is run is the business of others.
import type { JsonObject } from '../../../foundation/json/json.ts';

/** What an agent, and a playbook, is for; in the order of a domain's playbooks. */
export const agentClasses = ['ingestion', 'query', 'management'] as const;

/** One of the three classes. */
export type AgentClass = (typeof agentClasses)[number];

/** Optional run settings; an absent field means the platform's default. */
export interface AgentSettings {
  readonly runtime?: 'builtin' | 'model' | 'worker';
  readonly model?: string;
  readonly onUncertain?: 'retry' | 'fail';
  readonly temperature?: number;
  readonly maxOutputTokens?: number;
  readonly images?: boolean;
  /** Keys of the job's input that the agent is given beside its parents' outputs; absent or empty for all. */
  readonly inputKeys?: readonly string[];
  readonly cacheTtlS?: number;
  readonly maxRetries?: number;
  readonly attemptTimeoutS?: number;
  readonly totalTimeoutS?: number;
  readonly requiredCapabilities?: readonly string[];
}

/** One version of an agent. */
export interface Agent {
  /** UUID, the same for all versions. */
  readonly id: string;
  /** Public id, unique in the platform. */
  readonly agentId: string;
  readonly tenantId: string;
  readonly agentName: string;
  /** Fixed for the life of the agent. */
  readonly agentClass: AgentClass;
  readonly systemPrompt: string;
  readonly tools: readonly string[];
  /** agent_ids whose outputs it needs, in order. */
  readonly agentDependencies: readonly string[];
  readonly maxOutputKeys: number;
  /** JSON Schema. */
  readonly outputSchema: JsonObject;
  /** Empty when none was given. */
  readonly description: string;
  readonly enabled: boolean;
  readonly isInbuilt: boolean;
  /** From 1. */
  readonly version: number;
  readonly settings: AgentSettings;
  readonly createdAt: Date;
  /** When this version was made. */
  readonly updatedAt: Date;
  /** UUID of the user who created the agent. */
  readonly createdBy: string;
}
