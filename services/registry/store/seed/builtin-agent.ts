// The form in which an agent of the platform is written down, and the pieces that their output schemas share.
import type { JsonObject } from '../../../../foundation/json/json.ts';
import type { AgentClass } from '../../core/agent.ts';

/** An agent of the platform: enabled, version 1, no dependencies. */
export interface BuiltinAgent {
  readonly agentId: string;
  readonly agentName: string;
  readonly agentClass: AgentClass;
  /** At most 500 characters. */
  readonly description: string;
  /** Shorter than 2,000 characters. */
  readonly systemPrompt: string;
  /** Tools granted to it. */
  readonly tools: readonly string[];
  /** The output's keys with their JSON Schemas, at most five; none of them is required. */
  readonly outputs: Readonly<Record<string, JsonObject>>;
  /** Keys of the job's input that it reads; absent for all. */
  readonly inputKeys?: readonly string[];
}

/** The JSON Schema (draft 2020-12) of an output with these keys, all optional and no others. */
export function outputSchema(outputs: BuiltinAgent['outputs']): JsonObject {
  return { type: 'object', properties: { ...outputs }, additionalProperties: false };
}

/** A text. */
export function text(description: string): JsonObject {
  return { type: 'string', description };
}

/** One of a closed list of words. */
export function oneOf(words: readonly string[], description: string): JsonObject {
  return { type: 'string', enum: [...words], description };
}

/** A list of objects with these fields. */
export function rows(description: string, fields: Readonly<Record<string, JsonObject>>): JsonObject {
  return { type: 'array', description, items: { type: 'object', properties: { ...fields } } };
}

/** An object with these fields. */
export function record(description: string, fields: Readonly<Record<string, JsonObject>>): JsonObject {
  return { type: 'object', description, properties: { ...fields } };
}

/** How often something occurs. */
export const count: JsonObject = { type: 'integer', minimum: 0 };

/** A GeoJSON Point: longitude, then latitude, in degrees. */
export const point: JsonObject = {
  type: 'object',
  description: 'GeoJSON Point: longitude, then latitude, in degrees',
  properties: {
    type: { const: 'Point' },
    coordinates: { type: 'array', items: { type: 'number' }, minItems: 2, maxItems: 2 },
  },
  required: ['type', 'coordinates'],
  additionalProperties: false,
};
