// Values that a JSON Schema of the description allows, with names of real objects where a member has the name of one.
import fc from 'fast-check';
import type { ApiDocument, JsonSchema } from '../described/operations.for-test.ts';
import type { Names } from '../isolation/seed.for-test.ts';

const depthMax = 5;
/** Longest text that is made where a schema allows longer ones, in characters. */
const textLengthMax = 60;
const itemsMax = 3;
/** Seconds that an answer may wait for something to happen. */
const patient = ['wait_s'];

/** What values are made from. */
export interface ValueSources {
  readonly document: ApiDocument;
  readonly names: Names;
}

/** Values of a schema. */
export function valueOfSchema(schema: JsonSchema, sources: ValueSources, depth = 0): fc.Arbitrary<unknown> {
  const known = resolved(schema, sources);
  if (known !== schema) return valueOfSchema(known, sources, depth);
  if (depth > depthMax) return fc.constant(null);
  if ('const' in schema) return fc.constant(schema.const);
  if (Array.isArray(schema.enum)) return fc.constantFrom(...schema.enum);
  const several = (schema.oneOf ?? schema.anyOf) as readonly JsonSchema[] | undefined;
  if (several) return fc.oneof(...several.map((each) => valueOfSchema(each, sources, depth + 1)));
  const [type = 'any'] = [schema.type].flat() as readonly string[];
  if (type === 'object' && schema.properties) return objectOfSchema(schema, sources, depth);
  if (type === 'array') return listOfSchema(schema, sources, depth);
  return plainValue(type, schema);
}

// References, and what is said of a value in several parts.
function resolved(schema: JsonSchema, sources: ValueSources): JsonSchema {
  if (typeof schema.$ref === 'string') return schemaAt(schema.$ref, sources.document);
  const { allOf, ...rest } = schema;
  if (!Array.isArray(allOf)) return schema;
  const parts: readonly JsonSchema[] = allOf.map((part) => resolved(part, sources));
  const properties = Object.assign({}, ...parts.map((part) => part.properties), rest.properties);
  return Object.assign({}, ...parts, rest, { properties });
}

function schemaAt(pointer: string, document: ApiDocument): JsonSchema {
  const found = pointer
    .split('/')
    .slice(1)
    .reduce<unknown>((value, step) => Object(value)[step], document);
  if (found === undefined) throw new Error(`The description refers to ${pointer}, which is not there`);
  return found as JsonSchema;
}

function objectOfSchema(schema: JsonSchema, sources: ValueSources, depth: number): fc.Arbitrary<unknown> {
  const properties = schema.properties as Readonly<Record<string, JsonSchema>>;
  const required = (schema.required ?? []) as string[];
  const members = Object.entries(properties).map(([name, member]) => {
    const made = patient.includes(name)
      ? fc.integer({ min: 0, max: 1 })
      : valueOfSchema(member, sources, depth + 1);
    const known = sources.names[name];
    const isText = [member.type].flat().includes('string');
    const usual = fc.oneof({ weight: 5, arbitrary: fc.constant(known) }, { weight: 1, arbitrary: made });
    return [name, known !== undefined && isText ? usual : made] as const;
  });
  return fc.record(Object.fromEntries(members), { requiredKeys: required });
}

function listOfSchema(schema: JsonSchema, sources: ValueSources, depth: number): fc.Arbitrary<unknown> {
  const items = (schema.prefixItems ?? (Array.isArray(schema.items) ? schema.items : undefined)) as
    | readonly JsonSchema[]
    | undefined;
  if (items) return fc.tuple(...items.map((item) => valueOfSchema(item, sources, depth + 1)));
  const minLength = Number(schema.minItems ?? 0);
  const maxLength = Math.max(minLength, Math.min(Number(schema.maxItems ?? itemsMax), itemsMax));
  const item = valueOfSchema((schema.items ?? {}) as JsonSchema, sources, depth + 1);
  return fc.array(item, { minLength, maxLength });
}

function plainValue(type: string, schema: JsonSchema): fc.Arbitrary<unknown> {
  const min = Number(schema.minimum ?? -1_000);
  const max = Number(schema.maximum ?? Math.max(min, 1_000_000));
  if (type === 'boolean') return fc.boolean();
  if (type === 'integer') return fc.integer({ min, max });
  if (type === 'number') return fc.double({ min, max, noNaN: true });
  if (type === 'string') return textOfSchema(schema);
  return type === 'null' ? fc.constant(null) : fc.jsonValue({ maxDepth: 2 });
}

/** Texts of a schema. */
export function textOfSchema(schema: JsonSchema): fc.Arbitrary<string> {
  if (/^(?:instant|date-time)$/.test(String(schema.format)))
    return fc
      .date({ min: new Date(0), max: new Date(), noInvalidDate: true })
      .map((date) => date.toISOString());
  if (schema.format === 'time-zone') return fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York');
  if (typeof schema.pattern === 'string') return fc.stringMatching(new RegExp(schema.pattern));
  const minLength = Number(schema.minLength ?? 0);
  const maxLength = Math.max(minLength, Math.min(Number(schema.maxLength ?? textLengthMax), textLengthMax));
  const examples = ((schema.examples ?? []) as unknown[]).filter((each) => typeof each === 'string');
  const made = fc.string({ unit: 'grapheme', minLength, maxLength });
  return examples.length > 0 ? fc.oneof(fc.constantFrom(...examples), made) : made;
}
