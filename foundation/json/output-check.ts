// Whether an output is what its agent promised: at most five keys, valid against the agent's JSON Schema.
import { createBoundedCache } from '../cache/bounded-cache.ts';
import { closedObjectSchema } from './object-schema.ts';
import { createSchemaCompiler, type SchemaCheck, type SchemaError } from './schema-compiler.ts';

/** A JSON object that is only read. */
type ReadObject = Readonly<Record<string, unknown>>;

/** Checks outputs against schemas; compiled schemas are kept by their text. */
export interface OutputCheck {
  /** What is wrong, as sentences, the first 20 and how many there are beyond them; empty when the output is valid. */
  problemsOf(output: ReadObject, schema: ReadObject): string[];
}

/** Judges nothing: any JSON object is an output. */
export const anyOutput: OutputCheck = { problemsOf: () => [] };

/** The most keys that an output may have. */
export const outputKeysMax = 5;

/** The largest output, in bytes of its JSON. */
export const outputBytesMax = 65_536;

/** Texts of the schemas that are kept compiled, in characters together; a compiled one may be fifty times as large as its text. */
const schemaTextsMax = 2_000_000;

/** The most problems that are told: a large output may have as many as it has values, and what is told is kept with the run. */
const problemsMax = 20;

/** The longest place of a problem, or name in it, in characters: its keys are those of whoever wrote the output. */
const placeLengthMax = 200;

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

  function validatorOf(schema: ReadObject): SchemaCheck {
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
      const errors = validate.errors ?? [];
      const wrong = errors
        .slice(0, problemsMax)
        .map((error) => `${placeOf(error.instancePath)} ${sentenceOf(error)}`);
      const more = errors.length - wrong.length;
      return [...tooMany, ...wrong, ...(more > 0 ? [`and ${more} more that is wrong`] : [])];
    },
  };
}

// The sentences of the validator leave open which key is too much and which values are allowed; who mends an answer needs both.
function sentenceOf({ message = 'is not valid', params = {} }: SchemaError): string {
  const {
    additionalProperty,
    unevaluatedProperty = additionalProperty,
    allowedValues,
    allowedValue,
  } = params;
  const named = unevaluatedProperty ?? allowedValues ?? allowedValue;
  return named === undefined ? message : `${message}: ${shortened(JSON.stringify(named))}`;
}

function placeOf(pointer: string): string {
  return shortened(pointer) || '/';
}

function shortened(text: string): string {
  return text.length <= placeLengthMax ? text : `${text.slice(0, placeLengthMax).toWellFormed()}…`;
}
