// The edges of a JSON Schema: values that it only just allows or only just refuses, each in its place. Where a value may have several forms,
// or a pattern, nothing is tried but null.
import type { JsonObject, JsonValue } from '../../foundation/json/json.ts';

/** A schema as far as it is read here. */
export interface EdgedSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly anyOf?: readonly EdgedSchema[];
  readonly enum?: readonly JsonValue[];
  readonly properties?: Readonly<Record<string, EdgedSchema>>;
  readonly required?: readonly string[];
  readonly items?: EdgedSchema;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** A value in a place. */
export interface Edge {
  /** Names of members and indices of items. */
  readonly path: readonly string[];
  /** Undefined for an absent member. */
  readonly value: JsonValue | undefined;
  /** Whether the schema allows it there. */
  readonly fits: boolean;
}

/** Named schemas. */
export type NamedSchemas = ReadonlyMap<string, EdgedSchema>;

const notBlank = '\\S';

/** The edges below a path of a value that fits; lists are filled with copies of its first items. */
export function edgesOf(
  schema: EdgedSchema,
  sample: JsonValue | undefined,
  { path, schemas }: { readonly path: readonly string[]; readonly schemas: NamedSchemas },
): readonly Edge[] {
  const at = (value: JsonValue | undefined, fits: boolean): Edge => ({ path, value, fits });
  if (schema.$ref) return edgesOf(named(schema.$ref, schemas), sample, { path, schemas });
  if (schema.anyOf) {
    const [only, ...others] = schema.anyOf.filter(({ type }) => type !== 'null');
    const isNullable = schema.anyOf.some(({ type }) => type === 'null');
    const own = only && others.length === 0 ? edgesOf(only, sample, { path, schemas }) : [];
    return isNullable ? [...own, at(null, true)] : own;
  }
  const types = [schema.type ?? []].flat();
  const nullEdges = types.includes('null') && !schema.enum ? [at(null, true)] : [];
  if (schema.enum) {
    return [...schema.enum.map((word) => at(word, true)), at('no such word', false), ...nullEdges];
  }
  const values = valueEdges(schema, types, sample).map(([value, fits]) => at(value, fits));
  return [...values, ...nullEdges, ...memberEdges(schema, sample, { path, schemas })];
}

function named(ref: string, schemas: NamedSchemas): EdgedSchema {
  const found = schemas.get(ref.replace('#', ''));
  if (!found) throw new Error(`No schema is called ${ref}`);
  return found;
}

type Tried = readonly [value: JsonValue, fits: boolean];

function valueEdges(
  schema: EdgedSchema,
  types: readonly string[],
  sample: JsonValue | undefined,
): readonly Tried[] {
  if (types.includes('string')) return textEdges(schema);
  if (types.includes('boolean'))
    return [
      [true, true],
      [false, true],
      ['true', false],
    ];
  if (types.includes('array')) return listEdges(schema, Array.isArray(sample) ? sample : []);
  if (types.includes('integer') || types.includes('number')) return numberEdges(schema);
  return types.includes('object') ? [['no object', false]] : [];
}

function textEdges({ pattern, minLength = 0, maxLength }: EdgedSchema): readonly Tried[] {
  if (maxLength === undefined || (pattern !== undefined && pattern !== notBlank)) return [[7, false]];
  const empty: readonly Tried[] =
    minLength > 0
      ? [
          ['', false],
          [' ', false],
        ]
      : [['', true]];
  return [['x'.repeat(maxLength), true], ['x'.repeat(maxLength + 1), false], [7, false], ...empty];
}

function numberEdges({ minimum, maximum }: EdgedSchema): readonly Tried[] {
  const least: readonly Tried[] =
    minimum === undefined
      ? []
      : [
          [minimum, true],
          [minimum - 1, false],
        ];
  const most: readonly Tried[] =
    maximum === undefined
      ? []
      : [
          [maximum, true],
          [maximum + 1, false],
        ];
  return [...least, ...most, ['1', false]];
}

function listEdges(
  { items, minItems = 0, maxItems }: EdgedSchema,
  sample: readonly JsonValue[],
): readonly Tried[] {
  const filled = (length: number): JsonValue =>
    Array.from({ length }, (_, at) => (items?.type === 'string' ? `x${at}` : (sample[0] ?? null)));
  const least: readonly Tried[] = minItems > 0 ? [[[], false]] : [];
  const most: readonly Tried[] = maxItems
    ? [
        [filled(maxItems), true],
        [filled(maxItems + 1), false],
      ]
    : [];
  return [...least, ...most, ['no list', false]];
}

function memberEdges(
  { properties = {}, required = [], items }: EdgedSchema,
  sample: JsonValue | undefined,
  { path, schemas }: { readonly path: readonly string[]; readonly schemas: NamedSchemas },
): readonly Edge[] {
  const members = (sample ?? {}) as JsonObject;
  const lacking = required.map((name): Edge => ({ path: [...path, name], value: undefined, fits: false }));
  const below = Object.entries(properties).flatMap(([name, schema]) =>
    edgesOf(schema, members[name], { path: [...path, name], schemas }),
  );
  const isList = items && Array.isArray(sample) && sample.length > 0;
  const inItem = isList ? edgesOf(items, sample[0], { path: [...path, '0'], schemas }) : [];
  return [...lacking, ...below, ...inItem];
}

/** The value with the edge in its place. */
export function withEdge(whole: object, { path, value }: Edge): JsonObject {
  const copy = structuredClone(whole) as Record<string, unknown>;
  const [last = '', ...above] = [...path].reverse();
  let place = copy;
  for (const name of above.reverse()) {
    place[name] ??= {};
    place = place[name] as Record<string, unknown>;
  }
  if (value === undefined) delete place[last];
  else place[last] = value;
  return copy as JsonObject;
}
