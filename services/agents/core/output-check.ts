// Whether an output is what its agent promised: at most five keys, valid against the agent's JSON Schema.
import { createBoundedCache } from '../../../foundation/cache/bounded-cache.ts';
import { closedObjectSchema } from '../../../foundation/json/object-schema.ts';
import { createSchemaCompiler, type SchemaCheck } from '../../../foundation/json/schema-compiler.ts';
import { type JsonObject, outputKeysMax } from './skill.ts';

/** Checks outputs against schemas; compiled schemas are kept by their text. */
export interface OutputCheck {
  /** Everything that is wrong, as sentences; empty when the output is valid. */
  problemsOf(output: JsonObject, schema: JsonObject): string[];
}

/** The largest output, in bytes of its JSON. */
export const outputBytesMax = 65_536;

/** Texts of the schemas that are kept compiled, in characters together; a compiled one may be fifty times as large as its text. */
const schemaTextsMax = 2_000_000;

interface CompiledSchema {
  readonly text: string;
  readonly check: SchemaCheck;
}

/** A check without compiled schemas. */
export function createOutputCheck(): OutputCheck {
  const schemas = createSchemaCompiler();
  const compiled = createBoundedCache<CompiledSchema>({
    weightMax: schemaTextsMax,
    weightOf: ({ text }) => text.length,
  });

  function validatorOf(schema: JsonObject): SchemaCheck {
    const text = JSON.stringify(schema);
    const known = compiled.get(text);
    if (known) return known.check;
    const check = schemas.compile(closedObjectSchema(schema));
    compiled.set(text, { text, check });
    return check;
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
