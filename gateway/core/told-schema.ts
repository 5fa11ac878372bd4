// What the gateway checks of a request, in the words of OpenAPI 3.1: JSON Schema 2020-12 without formats of our own. Nothing is checked by
// what comes out.
import type { JsonSchema } from './operation.ts';

/** Formats that others know. */
const publicFormats = ['date-time', 'uri', 'uuid', 'binary'];

/** Members that hold a schema for each of their names. */
const schemasByName = ['properties', 'patternProperties', '$defs'];

/** The schema of a body as it is told. A `title` is there for readers and becomes the description. */
export function toldSchema(schema: JsonSchema): JsonSchema {
  const { nullable, title, format, items, ...rest } = schema;
  const description = title ?? rest.description;
  return {
    ...Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, toldMember(name, value)])),
    ...(nullable === true ? orNull(rest) : {}),
    ...(description === undefined ? {} : { description }),
    ...(publicFormats.includes(String(format)) ? { format } : {}),
    ...toldItems(items),
  };
}

/** The schema itself where it is all that stands in an `allOf`. */
export function bareSchema(schema: JsonSchema): JsonSchema {
  const { allOf, ...beside } = schema;
  const isAlone = Array.isArray(allOf) && allOf.length === 1 && Object.keys(beside).length === 0;
  return isAlone ? allOf[0] : schema;
}

/** The schema of a query as it is told: texts that hold whole numbers are numbers. */
export function toldQuery(schema: JsonSchema): JsonSchema {
  const properties = Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>);
  const told = properties.map(([name, each]) => [name, toldSchema(numberOf(each) ?? each)]);
  return { ...schema, properties: Object.fromEntries(told) };
}

/** Texts that hold whole numbers within bounds, by their patterns: those of lists of API v2. */
const numberBounds: Readonly<Record<string, JsonSchema>> = {
  '^(?:[1-9][0-9]{0,2}|1000)$': { minimum: 1, maximum: 1_000 },
  '^[0-9]{1,9}$': { minimum: 0 },
};

function numberOf({ pattern, title, description }: JsonSchema): JsonSchema | undefined {
  const isWhole = pattern === '^-?[0-9]{1,15}$';
  const isFromOne = pattern === '^[1-9][0-9]{0,8}$';
  const bounds = numberBounds[String(pattern)];
  if (!isWhole && !isFromOne && !bounds) return undefined;
  const told = title ?? description;
  return {
    type: 'integer',
    ...(isFromOne ? { minimum: 1 } : bounds),
    ...(told === undefined ? {} : { description: told }),
  };
}

function toldMember(name: string, value: unknown): unknown {
  if (schemasByName.includes(name)) {
    const each = Object.entries(value as Record<string, JsonSchema>);
    return Object.fromEntries(each.map(([key, schema]) => [key, toldSchema(schema)]));
  }
  if (['anyOf', 'oneOf', 'allOf'].includes(name)) return (value as readonly JsonSchema[]).map(toldSchema);
  const isSchema = name === 'additionalProperties' && typeof value === 'object';
  return isSchema ? toldSchema(value as JsonSchema) : value;
}

function toldItems(items: unknown): JsonSchema {
  if (items === undefined) return {};
  return Array.isArray(items)
    ? { prefixItems: items.map(toldSchema) }
    : { items: toldSchema(items as JsonSchema) };
}

function orNull({ type, enum: words }: JsonSchema): JsonSchema {
  return {
    type: [...[type].flat(), 'null'],
    ...(Array.isArray(words) ? { enum: [...new Set([...words, null])] } : {}),
  };
}
