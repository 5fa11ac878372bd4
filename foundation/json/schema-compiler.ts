// Compiles JSON Schemas (draft 2020-12) that someone else wrote, the same way wherever it is done: what is accepted when a schema is
// saved can be compiled when a value is checked.
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import type { Violation } from '../fault/fault.ts';
import { canonicalJson } from './canonical-json.ts';
import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';
import { jsonDepth, jsonValues } from './json-depth.ts';
import { itemPath, keyPath } from './json-path.ts';
import { createPatternBudget, type PatternBudget } from './pattern-budget.ts';
import { schemaParts, schemaRuleProblems } from './schema-rules.ts';

/** How deep a schema may be nested. */
export const schemaDepthMax = 32;

/** A compiler that compiled this many schemas begins anew: it keeps parts of each, which may be a megabyte. */
const schemasMax = 100;

/** How often a check may hold a schema inside the schema against a value inside the value: their numbers, multiplied. */
export const comparisonsMax = 500_000;

/** What is wrong with a value: the JSON pointer of the place, empty for the value itself, and a sentence about it. */
export interface SchemaError extends Pick<ErrorObject, 'instancePath' | 'message'> {
  /** What the sentence leaves open, by the keyword that was broken. */
  readonly params?: Readonly<Record<string, unknown>>;
}

/** A check of values by one schema. It takes bounded time: texts over 500 code units, or too many texts to try, match no pattern. */
export interface SchemaCheck {
  /** True for a valid value. One with too many values for its schema is not valid. */
  (value: unknown): boolean;
  /** What was wrong with the last value; null or absent when nothing was. */
  errors?: readonly SchemaError[] | null;
}

/** Judges and compiles schemas. `$schema` at the top is left out: one dialect holds for all. */
export interface SchemaCompiler {
  /** A check of values. Throws for a schema that `problemsOf` finds fault with. */
  compile(schema: object): SchemaCheck;
  /** Everything that is wrong with a schema itself, by path; `path` is where the schema stands. Empty when it can be compiled. */
  problemsOf(schema: JsonObject, path: string): readonly Violation[];
}

/** A compiler that has compiled nothing. */
export function createSchemaCompiler(): SchemaCompiler {
  const budget = createPatternBudget();
  let ajv = createAjv(budget);
  let compiled = 0;

  function compile({ $schema: _, ...schema }: { readonly $schema?: unknown }): SchemaCheck {
    if (compiled >= schemasMax) {
      ajv = createAjv(budget);
      compiled = 0;
    }
    compiled += 1;
    const validate = ajv.compile(schema);
    const valuesMax = Math.floor(comparisonsMax / schemaParts(schema as JsonObject));
    const check: SchemaCheck = (value) => {
      check.errors = [{ instancePath: '', message: `must hold at most ${valuesMax} values to be checked` }];
      if (jsonValues(value as JsonValue) > valuesMax) return false;
      budget.renew();
      const isValid = validate(value);
      check.errors = validate.errors ?? null;
      return isValid;
    };
    return check;
  }

  return {
    compile,
    problemsOf: ({ $schema, ...schema }, path) => {
      if (jsonDepth(schema) > schemaDepthMax) {
        return [{ field: path, reason: `must be nested at most ${schemaDepthMax} deep` }];
      }
      budget.renew();
      const dialect = isDialect($schema)
        ? []
        : [{ field: keyPath(path, '$schema'), reason: 'must be a URI' }];
      if (ajv.validateSchema(schema) !== true) {
        return [...dialect, ...errorsByPath(ajv.errors ?? [], { schema, path })];
      }
      const broken = [...dialect, ...schemaRuleProblems(schema, path)];
      return broken.length > 0 ? broken : compileProblems(compile, schema, path);
    },
  };
}

function isDialect(value: JsonValue | undefined): boolean {
  return value === undefined || typeof value === 'string';
}

function createAjv(budget: PatternBudget): Ajv2020 {
  const regExp = Object.assign(budget.expression, { code: 'boundedRegExp' });
  // Keys that every object inherits, such as `constructor`, are there only where a value itself has them.
  const ajv = new Ajv2020({
    allErrors: true,
    strict: false,
    logger: false,
    ownProperties: true,
    code: { regExp },
  });
  ajv.removeKeyword('uniqueItems');
  // Compares each item with all others at once, where the library's own compares them pair by pair.
  return ajv.addKeyword({
    keyword: 'uniqueItems',
    type: 'array',
    schemaType: 'boolean',
    errors: false,
    error: { message: 'must NOT have duplicate items' },
    validate: (isAsked: boolean, items: readonly JsonValue[]) =>
      !isAsked || new Set(items.map(canonicalJson)).size === items.length,
  });
}

// What the meta-schema cannot express, such as a keyword that needs another one.
function compileProblems(
  compile: SchemaCompiler['compile'],
  schema: JsonObject,
  path: string,
): readonly Violation[] {
  try {
    compile(schema);
    return [];
  } catch (error) {
    const said = error instanceof Error ? error.message.slice(0, 200) : 'unknown';
    return [{ field: path, reason: `must be a JSON Schema that can be compiled: ${said}` }];
  }
}

interface Judged {
  readonly schema: JsonObject;
  readonly path: string;
}

/** One sentence for each place: the meta-schema is many schemas, which find the same fault many times over. */
function errorsByPath(errors: readonly ErrorObject[], judged: Judged): readonly Violation[] {
  const reasons = new Map<string, string>();
  for (const error of errors) {
    if (isAboutSingleType(error, judged.schema)) continue;
    const field = pathOf(error.instancePath, judged);
    if (!reasons.has(field)) reasons.set(field, reasonOf(error));
  }
  return [...reasons].map(([field, reason]) => ({ field, reason }));
}

/** True for what is said of a list of types only because it might have been a single one. */
function isAboutSingleType({ instancePath, keyword }: ErrorObject, schema: JsonObject): boolean {
  const isAlternative = keyword === 'enum' || keyword === 'anyOf';
  return isAlternative && instancePath.endsWith('/type') && Array.isArray(valueAt(schema, instancePath));
}

function reasonOf({ instancePath, keyword, params, message }: ErrorObject): string {
  if (String(params.type) === 'object,boolean') {
    return 'must be a JSON Schema, such as {"type": "string"}';
  }
  if (keyword === 'enum') {
    const words = `must be one of ${(params.allowedValues as readonly string[]).join(', ')}`;
    return instancePath.endsWith('/type') ? `${words}, or a list of them` : words;
  }
  return message ?? 'is not valid';
}

/** The JSON pointer of an error as a path. Whether a step is an index or a key is seen in the schema itself. */
function pathOf(pointer: string, { schema, path }: Judged): string {
  let value: JsonValue | undefined = schema;
  let reached = path;
  for (const key of stepsOf(pointer)) {
    reached = Array.isArray(value) ? itemPath(reached, Number(key)) : keyPath(reached, key);
    value = partOf(value, key);
  }
  return reached;
}

function valueAt(schema: JsonObject, pointer: string): JsonValue | undefined {
  return stepsOf(pointer).reduce<JsonValue | undefined>(partOf, schema);
}

function stepsOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function partOf(value: JsonValue | undefined, key: string): JsonValue | undefined {
  if (Array.isArray(value)) return value[Number(key)];
  return isJsonObject(value) ? value[key] : undefined;
}
