// Which paths of `fields` an answer can have, by its schema in the description. Where the schema leaves an object open, any path may be there.
import type { Violation } from '../../foundation/fault/fault.ts';
import type { JsonSchema } from './operation.ts';

/** Schemas by the names that `$ref` refers to them with. */
export type NamedSchemas = ReadonlyMap<string, JsonSchema>;

/** By their `$id`. */
export function schemasByName(schemas: readonly JsonSchema[]): NamedSchemas {
  return new Map(schemas.map((schema) => [`${schema.$id}#`, schema]));
}

/** Names the paths that no answer of this schema has, one problem each. */
export function unknownFields(
  paths: readonly (readonly string[])[],
  answer: JsonSchema,
  names: NamedSchemas,
): Violation[] {
  const row = rowSchema(answer, names);
  return paths
    .filter((path) => !isKnownPath(path, row, names))
    .map((path) => ({ field: 'fields', reason: `${path.join('.')} is not a field of the answer` }));
}

/** Members beside the rows of a list. */
const frameMembers = [
  ...['pagination', 'count', 'total', 'skip', 'limit', 'has_next', 'has_previous'],
  ...['total_count', 'offset', 'sort_by', 'sort_order', 'database_source', 'filtered_by'],
];

/**
 * The member that holds the rows of a list: the one that is an array where the others are no more than the frame of a list. Undefined for an
 * answer of one object.
 */
export function rowsMember(answer: JsonSchema, names: NamedSchemas): string | undefined {
  const { properties = {} } = resolved(answer, names) as ObjectSchema;
  const own = Object.keys(properties).filter((name) => !frameMembers.includes(name));
  const [only] = own;
  if (own.length !== 1 || only === undefined) return undefined;
  return resolved(properties[only] ?? {}, names).type === 'array' ? only : undefined;
}

function rowSchema(answer: JsonSchema, names: NamedSchemas): JsonSchema {
  const rows = rowsMember(answer, names);
  if (rows === undefined) return answer;
  return (resolved(answer, names) as ObjectSchema).properties?.[rows] ?? {};
}

function isKnownPath([name, ...below]: readonly string[], schema: JsonSchema, names: NamedSchemas): boolean {
  if (name === undefined) return true;
  const found = resolved(schema, names) as ObjectSchema;
  const choices = found.anyOf ?? found.oneOf ?? found.allOf;
  if (choices) return choices.some((each) => isKnownPath([name, ...below], each, names));
  if (found.type === 'array') return isKnownPath([name, ...below], found.items ?? {}, names);
  if (found.type !== undefined && ![found.type].flat().includes('object')) return false;
  const { properties = {}, additionalProperties = true } = found;
  const member = Object.hasOwn(properties, name) ? properties[name] : undefined;
  if (member) return isKnownPath(below, member, names);
  if (typeof additionalProperties === 'boolean') return additionalProperties;
  return isKnownPath(below, additionalProperties, names);
}

interface ObjectSchema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
}

function resolved(schema: JsonSchema, names: NamedSchemas): JsonSchema {
  const { $ref } = schema;
  if (typeof $ref !== 'string') return schema;
  const found = names.get($ref);
  if (!found) throw new Error(`No schema has the name ${$ref}`);
  return resolved(found, names);
}
