// Output schemas of agents beyond what any schema must keep.
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../foundation/json/json.ts';
import { createSchemaCompiler } from '../../../foundation/json/schema-compiler.ts';
import { outputSchemaProblems } from './output-schema.ts';

const schemas = createSchemaCompiler();
const told = (schema: JsonObject) =>
  outputSchemaProblems(schema, schemas).map(({ field, reason }) => `${field}: ${reason}`);
const keys = (count: number): JsonObject =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`key_${at}`, { type: 'string' }]));

describe('an output schema', () => {
  const sound: readonly JsonObject[] = [
    keys(1),
    keys(5),
    { properties: keys(5), required: ['key_0', 'key_4'] },
    { $schema: 'http://json-schema.org/draft-07/schema#', type: 'object', properties: keys(1) },
    { type: { type: 'string' }, required: { type: 'boolean' } },
    { properties: { a: { $ref: '#/$defs/kind' } }, $defs: { kind: { enum: ['x'] } } },
    { a: { properties: keys(9) } },
    { a: { description: 'C:\\u0000 in a path' } },
  ];
  it.each(sound)('may be %j', (schema) => {
    expect(told(schema)).toEqual([]);
  });

  const nul = 'output_schema: must not contain NUL characters or unpaired surrogates';
  const refused: readonly (readonly [JsonObject, string])[] = [
    [{}, 'output_schema: must name at least one key'],
    [{ $schema: 'x' }, 'output_schema: must name at least one key'],
    [{ properties: {} }, 'output_schema.properties: must name at least one key'],
    [keys(6), 'output_schema: must name at most 5 keys, not 6'],
    [{ properties: keys(6) }, 'output_schema.properties: must name at most 5 keys, not 6'],
    [{ properties: ['a'] }, 'output_schema.properties: must be an object that gives each key its schema'],
    [{ type: 'object' }, 'output_schema: must have properties, or be a map of keys to their schemas'],
    [{ type: 'array', properties: keys(1) }, 'output_schema.type: must be object'],
    [
      { properties: keys(1), required: ['key_0', 'other'] },
      'output_schema.required[1]: must be one of the keys in properties',
    ],
    [
      { properties: keys(1), patternProperties: { '^x': {} } },
      'output_schema.patternProperties: is not allowed at the top: name every key in properties',
    ],
    [{ 'a b': { type: 'x' } }, 'output_schema["a b"].type: must be one of'],
    [{ properties: { a: { type: 'x' } } }, 'output_schema.properties.a.type: must be one of'],
    [{ '': {} }, 'output_schema[""]: a key must not be blank'],
    [{ ['k'.repeat(101)]: {} }, `output_schema.${'k'.repeat(101)}: a key must have at most 100 characters`],
    [{ a: { const: 'x\0' } }, nul],
    [{ a: { const: '\ud800' } }, nul],
    [{ a: { enum: ['ä'.repeat(8_192)] } }, 'output_schema: must have at most 16 KB as JSON'],
  ];
  it.each(refused)('may not be %j', (schema, expected) => {
    const problems = told(schema);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.slice(0, expected.length)).toBe(expected);
  });

  it('is told all its problems at once', () => {
    const schema = { type: 'array', properties: { ...keys(6), bad: { type: 'x' } }, required: ['gone'] };
    expect(told(schema).map((text) => text.split(':')[0])).toEqual([
      'output_schema.properties',
      'output_schema.type',
      'output_schema.required[0]',
      'output_schema.properties.bad.type',
    ]);
  });

  it('is refused, not followed, where it is nested without end', () => {
    let schema: JsonObject = {};
    for (let depth = 0; depth < 50_000; depth += 1) schema = { a: schema };
    expect(told(schema)).toEqual(['output_schema: must be nested at most 32 deep']);
  });
});
