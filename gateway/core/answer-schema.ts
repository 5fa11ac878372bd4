// Parts of the schemas of answers. They describe; what comes in has schemas of its own that say what is refused.
import type { JsonSchema } from './operation.ts';

/** Text. */
export const text: JsonSchema = { type: 'string' };

/** Text, or null where there is none. */
export const textOrNull: JsonSchema = { type: ['string', 'null'] };

/** Yes or no. */
export const flag: JsonSchema = { type: 'boolean' };

/** A JSON object whose members others decide. */
export const freeObject: JsonSchema = { type: 'object', additionalProperties: true };

/** A count. */
export const count: JsonSchema = { type: 'integer', minimum: 0 };

/** A time in UTC with milliseconds. */
export const time: JsonSchema = {
  type: 'string',
  format: 'date-time',
  examples: ['2026-03-01T10:00:00.000Z'],
};

/** A time, or null before it has come. */
export const timeOrNull: JsonSchema = { ...time, type: ['string', 'null'] };

/** A word of a closed list. */
export function oneOf(words: readonly string[]): JsonSchema {
  return { type: 'string', enum: words };
}

/** Null, or what the schema says. */
export function orNull(schema: JsonSchema): JsonSchema {
  return { anyOf: [schema, { type: 'null' }] };
}

/** An id of an object, by its prefix. */
export function publicId(prefix: string): JsonSchema {
  return { type: 'string', examples: [`${prefix}_019caa7d3e5f7b4f8f7e5a9d2c1b0a98`] };
}

/** A named schema of the description. */
export function named(name: string): JsonSchema {
  return { $ref: `${name}#` };
}

/** A list of these. */
export function listOf(items: JsonSchema): JsonSchema {
  return { type: 'array', items };
}

/** An object with exactly these members; those named in `optional` may be absent. */
export function answerObject(
  properties: Readonly<Record<string, JsonSchema>>,
  optional: readonly string[] = [],
): JsonSchema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', additionalProperties: false, required, properties };
}

/** An object under a name that operations refer to by {@link named}. */
export function namedObject(
  [name, description]: readonly [name: string, description: string],
  properties: Readonly<Record<string, JsonSchema>>,
  optional: readonly string[] = [],
): JsonSchema {
  return { $id: name, description, ...answerObject(properties, optional) };
}

/** A page of a list under its member name. */
export function pageOf(member: string, row: JsonSchema): JsonSchema {
  return answerObject({ [member]: listOf(row), pagination: named('Pagination') });
}

/** A text of lines, each of them the JSON of such a value. Its own member tells what: JSON Schema has no word for it. */
export function linesOf(line: JsonSchema): JsonSchema {
  return { type: 'string', 'x-item-schema': line };
}
