// Whether an output is what its agent promised: at most five keys, valid against the agent's JSON Schema.
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { type JsonObject, outputKeysMax } from './skill.ts';

/** Checks outputs against schemas; compiled schemas are kept by their text. */
export interface OutputCheck {
  /** Everything that is wrong, as sentences; empty when the output is valid. */
  problemsOf(output: JsonObject, schema: JsonObject): string[];
}

const schemasKeptMax = 1_000;

/** A check without compiled schemas. */
export function createOutputCheck(): OutputCheck {
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  const compiled = new Map<string, ValidateFunction>();

  function validatorOf(schema: JsonObject): ValidateFunction {
    const text = JSON.stringify(schema);
    const known = compiled.get(text);
    if (known) return known;
    if (compiled.size >= schemasKeptMax) compiled.clear();
    const validator = ajv.compile(closed(schema));
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

// A bare map of keys to schemas counts as an object schema; keys that it does not name are refused.
function closed(schema: JsonObject): JsonObject {
  const { $schema: _, ...rest } = schema;
  const described = 'properties' in rest ? rest : { type: 'object', properties: rest };
  return { ...described, additionalProperties: false };
}
