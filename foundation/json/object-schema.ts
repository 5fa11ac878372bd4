// Schemas of objects in two forms: a JSON Schema with `properties`, or a bare map of keys to schemas, which says the same in short.
import { isJsonObject, type JsonObject } from './json.ts';

/** The keys that a schema names, each with its schema. What is no object counts as naming none. */
export function schemaKeys(schema: JsonObject): JsonObject {
  const { $schema: _, ...rest } = schema;
  const keys = hasProperties(rest) ? rest.properties : rest;
  return isJsonObject(keys) ? keys : {};
}

/** The schema in the form with `properties`, allowing no key that it does not name. `$schema` is left out: one dialect holds for all. */
export function closedObjectSchema<Schema extends Readonly<Record<string, unknown>>>(schema: Schema): Schema {
  const { $schema: _, ...rest } = schema;
  const described = hasProperties(rest) ? rest : { type: 'object', properties: rest };
  return { ...described, additionalProperties: false } as unknown as Schema; // as much a JSON object as what was given
}

/** True for the form with `properties`. */
export function hasProperties(schema: object): boolean {
  return Object.hasOwn(schema, 'properties');
}
