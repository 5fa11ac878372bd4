// JSON Schemas of an API document taken apart: without references, and one for each type that a value may have.

/** A JSON Schema, or any other JSON object. */
export type Schema = Readonly<Record<string, unknown>>;

/** The schemas of one type each that a schema is made of. */
export function variants(schema: Schema, document: Schema): readonly Schema[] {
  const { anyOf, oneOf, ...rest } = merged(schema, document);
  const choices = (anyOf ?? oneOf) as readonly Schema[] | undefined;
  if (choices) return choices.flatMap((choice) => variants(choice, document));
  return Array.isArray(rest.type) ? rest.type.map((type) => ofType(rest, type)) : [rest];
}

function ofType(schema: Schema, type: unknown): Schema {
  if (type === 'null') return { type };
  const words = schema.enum as readonly unknown[] | undefined;
  return { ...schema, type, ...(words ? { enum: words.filter((word) => word !== null) } : {}) };
}

/** The schema without references and `allOf`. */
function merged(schema: Schema, document: Schema): Schema {
  const { allOf = [], ...own } = resolved(schema, document) as { readonly allOf?: readonly Schema[] };
  return allOf.reduce<Schema>((whole, part) => joined(whole, merged(part, document)), own);
}

function joined(one: Schema, other: Schema): Schema {
  return {
    ...one,
    ...other,
    ...(one.properties && other.properties ? { properties: { ...one.properties, ...other.properties } } : {}),
    ...(one.required && other.required ? { required: [...namesOf(one), ...namesOf(other)] } : {}),
  };
}

/** What a reference points to, or the object itself. */
export function resolved(value: Schema, document: Schema): Schema {
  if (typeof value.$ref !== 'string') return value;
  const steps = value.$ref.slice(2).split('/');
  const found = steps.reduce<unknown>((at, step) => (at as Schema | undefined)?.[step], document);
  if (found === undefined) throw new Error(`The document has no ${value.$ref}`);
  return resolved(found as Schema, document);
}

/** The names of required members. */
export function namesOf({ required = [] }: Schema): readonly string[] {
  return required as readonly string[];
}
