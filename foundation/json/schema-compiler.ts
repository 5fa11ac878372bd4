// Compiles JSON Schemas (draft 2020-12) that someone else wrote, the same way wherever it is done: what is accepted when a schema is
// saved can be compiled when a value is checked.
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Violation } from '../fault/fault.ts';
import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';
import { jsonDepth } from './json-depth.ts';
import { itemPath, keyPath } from './json-path.ts';
import { patternTextMax } from './pattern-cost.ts';
import { schemaRuleProblems } from './schema-rules.ts';

/** How deep a schema may be nested. */
export const schemaDepthMax = 32;

/** A compiler that compiled this many schemas begins anew: it keeps parts of each. */
const schemasMax = 1_000;

/** Judges and compiles schemas. */
export interface SchemaCompiler {
  /** A check of values. Throws for a schema that `problemsOf` finds fault with. A text over 500 code units matches no pattern. */
  compile(schema: object): ValidateFunction;
  /** Everything that is wrong with a schema itself, by path; `path` is where the schema stands. Empty when it can be compiled. */
  problemsOf(schema: JsonObject, path: string): readonly Violation[];
}

/** A compiler that has compiled nothing. */
export function createSchemaCompiler(): SchemaCompiler {
  let ajv = createAjv();
  let compiled = 0;

  function compile(schema: object): ValidateFunction {
    if (compiled >= schemasMax) {
      ajv = createAjv();
      compiled = 0;
    }
    compiled += 1;
    return ajv.compile(schema);
  }

  return {
    compile,
    problemsOf: (schema, path) => {
      if (jsonDepth(schema) > schemaDepthMax) {
        return [{ field: path, reason: `must be nested at most ${schemaDepthMax} deep` }];
      }
      if (ajv.validateSchema(schema) !== true) return errorsByPath(ajv.errors ?? [], { schema, path });
      const broken = schemaRuleProblems(schema, path);
      return broken.length > 0 ? broken : compileProblems(compile, schema, path);
    },
  };
}

function createAjv(): Ajv2020 {
  return new Ajv2020({ allErrors: true, strict: false, logger: false, code: { regExp: boundedRegExp } });
}

/** A regular expression that no long text matches, so that the time of a match is bounded. */
function boundedRegExp(pattern: string, flags: string) {
  const expression = new RegExp(pattern, flags);
  return {
    test: (text: string) => text.length <= patternTextMax && expression.test(text),
    toString: () => String(expression), // the compiler tells expressions apart by it
  };
}
boundedRegExp.code = 'boundedRegExp';

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
    const field = pathOf(error.instancePath, judged);
    if (!reasons.has(field)) reasons.set(field, reasonOf(error));
  }
  return [...reasons].map(([field, reason]) => ({ field, reason }));
}

function reasonOf({ instancePath, keyword, params, message }: ErrorObject): string {
  if (String(params.type) === 'object,boolean') {
    return 'must be a JSON Schema, such as {"type": "string"}';
  }
  if (keyword === 'enum' && instancePath.endsWith('/type')) {
    return `must be one of ${(params.allowedValues as readonly string[]).join(', ')}, or a list of them`;
  }
  return message ?? 'is not valid';
}

/** The JSON pointer of an error as a path. Whether a step is an index or a key is seen in the schema itself. */
function pathOf(pointer: string, { schema, path }: Judged): string {
  let value: JsonValue | undefined = schema;
  let reached = path;
  for (const step of pointer.split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    reached = Array.isArray(value) ? itemPath(reached, Number(key)) : keyPath(reached, key);
    if (Array.isArray(value)) value = value[Number(key)];
    else value = isJsonObject(value) ? value[key] : undefined;
  }
  return reached;
}
