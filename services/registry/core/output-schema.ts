// Which output schemas an agent may have (SPEC V2): at most five keys, each with a valid schema that the agents service can compile.
import type { Violation } from '../../../foundation/fault/fault.ts';
import { textProblem } from '../../../foundation/json/document.ts';
import { isJsonObject, type JsonObject } from '../../../foundation/json/json.ts';
import { itemPath, keyPath } from '../../../foundation/json/json-path.ts';
import { closedObjectSchema, hasProperties, schemaKeys } from '../../../foundation/json/object-schema.ts';
import type { SchemaCompiler } from '../../../foundation/json/schema-compiler.ts';
import { storedJsonProblem } from './stored-json.ts';

/** The most keys of an output. */
export const outputKeysMax = 5;

/** The most kilobytes of a schema as canonical JSON in UTF-8. */
export const outputSchemaKilobytesMax = 16;

/** The longest name of a key, in characters. */
export const outputKeyLengthMax = 100;

/** Everything that is wrong with a schema, by its path in the definition. */
export function outputSchemaProblems(schema: JsonObject, schemas: SchemaCompiler): readonly Violation[] {
  const path = 'output_schema';
  const size = storedJsonProblem(schema, outputSchemaKilobytesMax);
  if (size) return [{ field: path, reason: size }];
  const form = formProblem(schema);
  if (form) return [form];
  const problems = schemas.problemsOf(closedObjectSchema(schema), path);
  const asWritten = hasProperties(schema)
    ? problems
    : problems.map(({ field, reason }) => ({ field: field.replace(`${path}.properties`, path), reason }));
  return [...keyProblems(schema), ...rootProblems(schema), ...asWritten];
}

/** What would be misread: a schema without `properties` is a map of keys. */
function formProblem(schema: JsonObject): Violation | undefined {
  if (hasProperties(schema) && !isJsonObject(schema.properties)) {
    return { field: 'output_schema.properties', reason: 'must be an object that gives each key its schema' };
  }
  if (!hasProperties(schema) && typeof schema.type === 'string') {
    return { field: 'output_schema', reason: 'must have properties, or be a map of keys to their schemas' };
  }
  return undefined;
}

function keyProblems(schema: JsonObject): readonly Violation[] {
  const field = hasProperties(schema) ? 'output_schema.properties' : 'output_schema';
  const keys = Object.keys(schemaKeys(schema));
  const problems = keys.flatMap((key): Violation[] => {
    const reason = textProblem(key, { min: 1, max: outputKeyLengthMax });
    return reason ? [{ field: keyPath(field, key), reason: `a key ${reason}` }] : [];
  });
  if (keys.length === 0) problems.unshift({ field, reason: 'must name at least one key' });
  if (keys.length > outputKeysMax) {
    problems.unshift({ field, reason: `must name at most ${outputKeysMax} keys, not ${keys.length}` });
  }
  return problems;
}

/** What no output could satisfy, or what would let keys in that nobody named. */
function rootProblems(schema: JsonObject): readonly Violation[] {
  if (!hasProperties(schema)) return [];
  const { type, required, patternProperties } = schema;
  const named = schemaKeys(schema);
  const problems: Violation[] = [];
  if (type !== undefined && type !== 'object') {
    problems.push({ field: 'output_schema.type', reason: 'must be object' });
  }
  if (patternProperties !== undefined) {
    const reason = 'is not allowed at the top: name every key in properties';
    problems.push({ field: 'output_schema.patternProperties', reason });
  }
  for (const [at, key] of (Array.isArray(required) ? required : []).entries()) {
    if (typeof key === 'string' && !Object.hasOwn(named, key)) {
      const reason = 'must be one of the keys in properties';
      problems.push({ field: itemPath('output_schema.required', at), reason });
    }
  }
  return problems;
}
