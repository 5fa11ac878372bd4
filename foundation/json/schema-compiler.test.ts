// Schemas of others: which are refused and why, and what compiled ones do.
import { describe, expect, it } from '@jest/globals';
import type { JsonObject, JsonValue } from './json.ts';
import { patternTextMax } from './pattern-cost.ts';
import { comparisonsMax, createSchemaCompiler } from './schema-compiler.ts';
import { schemaPartsMax } from './schema-rules.ts';

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
    [
      of({ type: ['string', 'nul'] }),
      's.properties.a.type[1]: must be one of array, boolean, integer, null, number, object, string',
    ],
    [of({ type: [] }), 's.properties.a.type: must NOT have fewer than 1 items'],
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

  it.each(['http://json-schema.org/draft-07/schema#', 'https://json-schema.org/draft/2020-12/schema', 'any'])(
    'may name %s as its dialect',
    (dialect) => {
      const schema = { $schema: dialect, properties: { a: { type: 'string' } } };
      expect(told(schema)).toEqual([]);
      expect([compile(schema)({ a: 'x' }), compile(schema)({ a: 1 })]).toEqual([true, false]);
    },
  );

  it('names a dialect by its URI', () => {
    expect(told({ $schema: 5, type: 'x' }).map((problem) => problem.split(':')[0])).toEqual([
      's.$schema',
      's.type',
    ]);
  });

  it('holds 300 schemas at most', () => {
    const alternatives = (count: number): JsonObject => of({ oneOf: Array(count).fill({ type: 'null' }) });
    expect(told(alternatives(schemaPartsMax - 2))).toEqual([]);
    expect(told(alternatives(schemaPartsMax - 1))[0]).toMatch(/^s: holds too many schemas/);
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
    const reason = /holds too many schemas/;
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

  it('stops trying patterns when that takes too long, and begins anew with the next value', () => {
    const texts = (count: number, text: string) => ({ a: Array(count).fill(text) });
    const readMany = compile(of({ items: { pattern: '^a*a*a*$' } }));
    expect(readMany(texts(100, 'a'.repeat(30)))).toBe(true);
    expect(readMany(texts(100, 'a'.repeat(200)))).toBe(false);
    expect(readMany(texts(1, 'a'.repeat(200)))).toBe(true);
    const readOften = compile(
      of({ allOf: Array(200).fill({ $ref: '#/$defs/b' }) }, { $defs: { b: { pattern: '^a*a*$' } } }),
    );
    expect([readOften({ a: 'a'.repeat(50) }), readOften({ a: 'a'.repeat(500) })]).toEqual([true, false]);
  });

  it('refuses a value with too many values to be held against each schema inside', () => {
    const check = compile(of({ items: { anyOf: [{ type: 'string' }, { type: 'null' }] } }));
    const zeroes = (count: number) => ({ a: Array(count).fill(null) });
    const valuesMax = comparisonsMax / 5;
    expect(check(zeroes(valuesMax - 2))).toBe(true);
    expect(check.errors).toBeNull();
    expect(check(zeroes(valuesMax - 1))).toBe(false);
    expect(check.errors).toEqual([
      { instancePath: '', message: `must hold at most ${valuesMax} values to be checked` },
    ]);
  });

  it('finds items that are the same, whatever the order of their keys', () => {
    const check = compile(of({ uniqueItems: true }));
    expect(check({ a: [1, '1', [1], { a: 1, b: 2 }, { a: 1 }, null] })).toBe(true);
    expect(
      check({
        a: [
          { a: 1, b: 2 },
          { b: 2, a: 1 },
        ],
      }),
    ).toBe(false);
    expect(check.errors).toMatchObject([{ instancePath: '/a', message: 'must NOT have duplicate items' }]);
    expect(compile(of({ uniqueItems: false }))({ a: [1, 1] })).toBe(true);
  });

  it.each(['constructor', 'toString', '__proto__'])(
    'does not take %s for there because it is inherited',
    (key) => {
      const properties = Object.fromEntries([[key, { type: 'string' }]]);
      expect(compile({ required: [key] })({})).toBe(false);
      expect(compile({ properties })({})).toBe(true);
    },
  );

  it('still does its work after thousands of others', () => {
    const compiler = createSchemaCompiler();
    const first = compiler.compile(of({ type: 'string' }));
    for (let at = 0; at < 1_200; at += 1) compiler.compile(of({ const: at }));
    expect([first({ a: 'x' }), first({ a: 1 })]).toEqual([true, false]);
    expect(compiler.compile(of({ const: 1_199 }))({ a: 1_199 })).toBe(true);
  });
});
