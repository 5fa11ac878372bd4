// Whether an output is what its agent promised: at most five keys, valid against the agent's JSON Schema.
import { closedObjectSchema } from '../../../foundation/json/object-schema.ts';
import { createSchemaCompiler, type SchemaCheck } from '../../../foundation/json/schema-compiler.ts';
import { type JsonObject, outputKeysMax } from './skill.ts';

/** Checks outputs against schemas; compiled schemas are kept by their text. */
export interface OutputCheck {
  /** Everything that is wrong, as sentences; empty when the output is valid. */
  problemsOf(output: JsonObject, schema: JsonObject): string[];
}

const schemasKeptMax = 1_000;

/** A check without compiled schemas. */
export function createOutputCheck(): OutputCheck {
  const schemas = createSchemaCompiler();
  const compiled = new Map<string, SchemaCheck>();

  function validatorOf(schema: JsonObject): SchemaCheck {
    const text = JSON.stringify(schema);
    const known = compiled.get(text);
    if (known) return known;
    if (compiled.size >= schemasKeptMax) compiled.clear();
    const validator = schemas.compile(closedObjectSchema(schema));
    compiled.set(text, validator);
    return validator;
  }

  return {
    problemsOf(output, schema) {
      const count = Object.keys(output).length;
      const tooMany =
        count > outputKeysMax ? [`has ${count} keys, at most ${outputKeysMax} are allowed`] : [];
      const validate = validatorOf(schema);
      if (validate(output)) return tooMany;
      const wrong = (validate.errors ?? []).map(
        ({ instancePath, message }) => `${instancePath || '/'} ${message ?? 'is not valid'}`,
      );
      return [...tooMany, ...wrong];
    },
  };
}
