// The smallest value that a schema of a body accepts, for tests that send something to every route.
import type { JsonSchema } from '../core/operation.ts';

/** The first example of the schema, else a value with no more than it must have. */
export function smallestValue(schema: JsonSchema): unknown {
  const { type, examples, required = [], properties = {}, items, minItems = 0 } = schema as BodySchema;
  if (examples?.[0] !== undefined) return examples[0];
  if (schema.const !== undefined) return schema.const;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  if (type === 'object') {
    return Object.fromEntries(required.map((name) => [name, smallestValue(properties[name] ?? {})]));
  }
  if (type === 'array') return Array.from({ length: minItems }, () => smallestValue(items ?? {}));
  if (type === 'integer' || type === 'number') return schema.minimum ?? 0;
  if (type === 'boolean') return false;
  return 'a'.repeat(Math.max(Number(schema.minLength ?? 1), 1));
}

interface BodySchema {
  readonly type?: string;
  readonly examples?: readonly unknown[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly minItems?: number;
}
