// Whether the arguments of a call are what its tool asks for. Compiled schemas are kept by their text.
import { createBoundedCache } from '../../../foundation/cache/bounded-cache.ts';
import { invalidArgument } from '../../../foundation/fault/fault.ts';
import type { JsonObject as MutableJson } from '../../../foundation/json/json.ts';
import { createSchemaCompiler, type SchemaCheck } from '../../../foundation/json/schema-compiler.ts';
import type { JsonObject } from '../core/skill.ts';

/** Checks arguments: Fault `invalid_argument` with everything that is wrong. */
export type ArgumentsCheck = (given: JsonObject, schema: JsonObject) => void;

/** Texts of the schemas that are kept compiled, in characters together. */
const schemaTextsMax = 500_000;
const problemsMax = 20;

interface CompiledSchema {
  readonly text: string;
  /** Undefined for a schema that is not checked against: a server of somebody else may send any. */
  readonly check: SchemaCheck | undefined;
}

/** A check without compiled schemas. A schema that cannot be compiled, or would take too long, allows all. */
export function createArgumentsCheck(): ArgumentsCheck {
  const schemas = createSchemaCompiler();
  const compiled = createBoundedCache<CompiledSchema>({
    weightMax: schemaTextsMax,
    weightOf: ({ text }) => text.length,
  });
  const checkOf = (schema: JsonObject): SchemaCheck | undefined => {
    const text = JSON.stringify(schema);
    const known = compiled.get(text);
    if (known) return known.check;
    const isSound = schemas.problemsOf(JSON.parse(text) as MutableJson, 'schema').length === 0;
    const check = isSound ? schemas.compile(schema) : undefined;
    compiled.set(text, { text, check });
    return check;
  };
  return (given, schema) => {
    const check = checkOf(schema);
    if (!check || check(given)) return;
    const problems = (check.errors ?? [])
      .slice(0, problemsMax)
      .map(({ instancePath, message = 'is not valid' }) => ({
        field: `arguments${instancePath.replaceAll('/', '.')}`,
        reason: message,
      }));
    throw invalidArgument(problems);
  };
}
