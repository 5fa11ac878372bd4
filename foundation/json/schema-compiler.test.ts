// Schemas of others: which are refused and why, and what compiled ones do.
import { describe, expect, it } from '@jest/globals';
import type { JsonObject, JsonValue } from './json.ts';
import { patternTextMax } from './pattern-cost.ts';
import { createSchemaCompiler } from './schema-compiler.ts';

const { compile, problemsOf } = createSchemaCompiler();
const told = (schema: JsonObject) =>
  problemsOf(schema, 's').map(({ field, reason }) => `${field}: ${reason}`);
const of = (inner: JsonValue, more: JsonObject = {}): JsonObject => ({ properties: { a: inner }, ...more });

describe('a schema', () => {
  const sound: readonly JsonObject[] = [
    {},
    of(true),
    of({ type: ['string', 'null'], format: 'date-time', surprise: 1 }),
    of({ enum: [1, 'a', null], const: { $ref: 'not a reference' } }),
    of({ $ref: '#/$defs/kind' }, { $defs: { kind: { type: 'string' } } }),
    of({ $ref: '#/definitions/kind' }, { definitions: { kind: { type: 'string' } } }),
    of({ properties: { $id: { type: 'string' }, pattern: { type: 'string' }, $async: {} } }),
    of({ pattern: '^[A-Z]+$', patternProperties: { '^x': {} } }),
    of({ anyOf: [{ type: 'string' }, { items: { type: 'number' } }] }),
  ];
  it.each(sound)('may be %j', (schema) => {
    expect(told(schema)).toEqual([]);
    expect(() => compile(schema)).not.toThrow();
  });

  const notAllowed = 'is not allowed here';
  const refused: readonly (readonly [JsonObject, string])[] = [
    [of('string'), 's.properties.a: must be a JSON Schema, such as {"type": "string"}'],
    [
      of({ type: 'strng' }),
      's.properties.a.type: must be one of array, boolean, integer, null, number, object, string, or a list of them',
    ],
    [of({ minimum: 'x' }), 's.properties.a.minimum: must be number'],
    [of({ items: [{}] }), 's.properties.a.items: must be a JSON Schema, such as {"type": "string"}'],
    [of({ anyOf: [{}, { type: 1 }] }), 's.properties.a.anyOf[1].type: must be one of'],
    [of({ required: 'b' }), 's.properties.a.required: must be array'],
    [of({ $id: 'https://example.org/x' }), `s.properties.a.$id: ${notAllowed}`],
    [of({ items: { $async: true } }), `s.properties.a.items.$async: ${notAllowed}`],
    [of({}, { $async: true }), `s.$async: ${notAllowed}`],
    [of({}, { $defs: { 'b c': { $anchor: 'x' } } }), `s.$defs["b c"].$anchor: ${notAllowed}`],
    [
      of({ $ref: 'https://example.org/x' }),
      's.properties.a.$ref: must be #/$defs/ and a name that $defs has',
    ],
    [of({ $ref: '#/$defs/gone' }), 's.properties.a.$ref: must be #/$defs/ and a name that $defs has'],
    [of({ $ref: '#' }), 's.properties.a.$ref: must be #/$defs/ and a name that $defs has'],
    [of({ $ref: '#/$defs/constructor' }, { $defs: {} }), 's.properties.a.$ref: must be #/$defs/'],
    [of({ not: { pattern: '(a+)+' } }), 's.properties.a.not.pattern: could take too long to match'],
    [
      of({ patternProperties: { '(': {} } }),
      's.properties.a.patternProperties["("]: must be a regular expression',
    ],
    [
      of({ nullable: true }),
      's: must be a JSON Schema that can be compiled: "nullable" cannot be used without "type"',
    ],
    [of({ allOf: Array(11).fill({ pattern: 'a' }) }), 's: must have at most 10 patterns'],
  ];
  it.each(refused)('may not be %j', (schema, expected) => {
    const problems = told(schema);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.slice(0, expected.length)).toBe(expected);
  });

  it('is told all its problems at once', () => {
    expect(
      problemsOf({ properties: { a: { type: 'x' }, b: 3 }, required: 1 }, '').map(({ field }) => field),
    ).toEqual(expect.arrayContaining(['properties.a.type', 'properties.b', 'required']));
  });

  it('may be nested 32 deep and not 33', () => {
    const nested = (depth: number): JsonObject => (depth === 1 ? {} : { not: nested(depth - 1) });
    expect(told(nested(32))).toEqual([]);
    expect(told(nested(33))).toEqual(['s: must be nested at most 32 deep']);
  });

  it('may not contain itself, nor grow without measure when its references are written out', () => {
    const tree = { properties: { children: { items: { $ref: '#/$defs/tree' } } } };
    const reason = /refers too often/;
    expect(told(of({ $ref: '#/$defs/tree' }, { $defs: { tree } }))[0]).toMatch(reason);
    const doubling = (at: number) => ({
      allOf: [{ $ref: `#/$defs/d${at + 1}` }, { $ref: `#/$defs/d${at + 1}` }],
    });
    const levels = Array.from({ length: 25 }, (_, at) => [`d${at}`, doubling(at)] as const);
    const $defs = { ...Object.fromEntries(levels), d25: { type: 'string' } };
    expect(told(of({ $ref: '#/$defs/d0' }, { $defs }))[0]).toMatch(reason);
    expect(told(of({ $ref: '#/$defs/d20' }, { $defs }))).toEqual([]);
  });
});

describe('a compiled schema', () => {
  it('is not disturbed by others that look like it', () => {
    const compiler = createSchemaCompiler();
    const [first, second] = [
      compiler.compile(of({ type: 'string' })),
      compiler.compile(of({ type: 'number' })),
    ];
    expect([first({ a: 'x' }), second({ a: 'x' })]).toEqual([true, false]);
  });

  it('tells patterns apart, and matches none with a text over 500 code units', () => {
    const text = 'a'.repeat(patternTextMax);
    expect(compile(of({ pattern: '^a+$' }))({ a: text })).toBe(true);
    expect(compile(of({ pattern: '^b+$' }))({ a: text })).toBe(false);
    expect(compile(of({ pattern: '^a+$' }))({ a: `${text}a` })).toBe(false);
  });

  it('still does its work after thousands of others', () => {
    const compiler = createSchemaCompiler();
    const first = compiler.compile(of({ type: 'string' }));
    for (let at = 0; at < 1_200; at += 1) compiler.compile(of({ const: at }));
    expect([first({ a: 'x' }), first({ a: 1 })]).toEqual([true, false]);
    expect(compiler.compile(of({ const: 1_199 }))({ a: 1_199 })).toBe(true);
  });
});
