// What a JSON Schema that someone else wrote must not contain, so that checking a value against it is bounded and touches nothing
// else: no name of its own, no reference to outside or to itself, no pattern that may take forever. Whether it is a schema at all is
// decided elsewhere.
import type { Violation } from '../fault/fault.ts';
import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';
import { itemPath, keyPath } from './json-path.ts';
import { patternProblem } from './pattern-cost.ts';

/** The most schemas inside one schema, counted anew wherever a reference leads to them. */
export const schemaPartsMax = 300;

/** The most patterns of one schema. */
export const schemaPatternsMax = 10;

const singles = [
  'additionalProperties',
  'contains',
  'contentSchema',
  'else',
  'if',
  'items',
  'not',
  'propertyNames',
  'then',
  'unevaluatedItems',
  'unevaluatedProperties',
];
const lists = ['allOf', 'anyOf', 'oneOf', 'prefixItems'];
const maps = ['properties', 'patternProperties', 'dependentSchemas', 'dependencies'];
const definitions = ['$defs', 'definitions'];

// Names would be known to every other schema in the process; `$async` would turn each verdict into a promise.
const refusedKeywords = [
  '$id',
  'id',
  '$anchor',
  '$dynamicRef',
  '$dynamicAnchor',
  '$recursiveRef',
  '$recursiveAnchor',
  '$async',
];

/** A schema inside a schema, and where. */
interface Part {
  readonly schema: JsonObject;
  readonly path: string;
}

/** How many schemas a schema consists of, itself included, counted anew wherever a reference leads; infinite for one that contains itself. */
export function schemaParts(schema: JsonObject): number {
  return expandedParts({ schema, path: '' }, schema);
}

/** Every broken rule of a valid schema that is nested 32 deep at most; `path` is where the schema stands. */
export function schemaRuleProblems(schema: JsonObject, path: string): readonly Violation[] {
  const root = { schema, path };
  const parts = allParts(root);
  const problems = parts.flatMap((part) => [...keywordProblems(part), ...referenceProblems(part, schema)]);
  const patterns = parts.flatMap(patternsOf);
  if (patterns.length > schemaPatternsMax) {
    problems.push({ field: path, reason: `must have at most ${schemaPatternsMax} patterns` });
  }
  for (const { field, pattern } of patterns) {
    const reason = patternProblem(pattern);
    if (reason) problems.push({ field, reason });
  }
  if (problems.length === 0 && schemaParts(schema) > schemaPartsMax) {
    const reason = `holds too many schemas: more than ${schemaPartsMax} when every $ref is written out, or one that contains itself`;
    problems.push({ field: path, reason });
  }
  return problems;
}

function allParts(part: Part): readonly Part[] {
  const inner = [...children(part), ...definitions.flatMap((keyword) => entries(part, keyword))];
  return [part, ...inner.flatMap(allParts)];
}

/** The schemas that apply wherever this one does, definitions and references apart. */
function children({ schema, path }: Part): readonly Part[] {
  return [
    ...singles.flatMap((keyword) => asPart(schema[keyword], keyPath(path, keyword))),
    ...lists.flatMap((keyword) => {
      const list = schema[keyword];
      const at = keyPath(path, keyword);
      return Array.isArray(list) ? list.flatMap((item, index) => asPart(item, itemPath(at, index))) : [];
    }),
    ...maps.flatMap((keyword) => entries({ schema, path }, keyword)),
  ];
}

function entries({ schema, path }: Part, keyword: string): readonly Part[] {
  const map = schema[keyword];
  const at = keyPath(path, keyword);
  return isJsonObject(map)
    ? Object.entries(map).flatMap(([key, value]) => asPart(value, keyPath(at, key)))
    : [];
}

function asPart(value: JsonValue | undefined, path: string): readonly Part[] {
  return isJsonObject(value) ? [{ schema: value, path }] : [];
}

function keywordProblems({ schema, path }: Part): readonly Violation[] {
  return refusedKeywords
    .filter((keyword) => Object.hasOwn(schema, keyword))
    .map((keyword) => ({ field: keyPath(path, keyword), reason: 'is not allowed here' }));
}

function referenceProblems({ schema, path }: Part, root: JsonObject): readonly Violation[] {
  const { $ref } = schema;
  if ($ref === undefined || targetOf($ref, root)) return [];
  return [{ field: keyPath(path, '$ref'), reason: 'must be #/$defs/ and a name that $defs has' }];
}

function targetOf(reference: JsonValue, root: JsonObject): JsonObject | undefined {
  const [, keyword = '', name = ''] = /^#\/(\$defs|definitions)\/([\w-]+)$/.exec(String(reference)) ?? [];
  const map = root[keyword];
  const target = isJsonObject(map) && Object.hasOwn(map, name) ? map[name] : undefined;
  return isJsonObject(target) ? target : undefined;
}

function patternsOf({ schema, path }: Part): readonly { readonly field: string; readonly pattern: string }[] {
  const { pattern, patternProperties } = schema;
  const own = typeof pattern === 'string' ? [{ field: keyPath(path, 'pattern'), pattern }] : [];
  const keys = isJsonObject(patternProperties) ? Object.keys(patternProperties) : [];
  const at = keyPath(path, 'patternProperties');
  return [...own, ...keys.map((key) => ({ field: keyPath(at, key), pattern: key }))];
}

/** Counts with references written out; infinite for a schema that contains itself. */
function expandedParts(root: Part, schema: JsonObject): number {
  const counts = new Map<JsonObject, number>();
  const count = (part: Part): number => {
    const known = counts.get(part.schema);
    if (known !== undefined) return known;
    counts.set(part.schema, Number.POSITIVE_INFINITY); // what is met again while it is counted contains itself
    const target = part.schema.$ref === undefined ? undefined : targetOf(part.schema.$ref, schema);
    const inner = [...children(part), ...(target ? asPart(target, part.path) : [])];
    const total = inner.reduce((sum, each) => sum + count(each), 1);
    counts.set(part.schema, total);
    return total;
  };
  return count(root);
}
