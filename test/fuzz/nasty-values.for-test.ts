// Values that have broken programs before: at the edges of their types, in odd scripts, and such that mean something to a shell, a database,
// a template or an engine of JavaScript.
import fc from 'fast-check';

const long = (text: string, length: number) => text.repeat(length / text.length);

/** Texts. */
export const nastyTexts: readonly string[] = [
  ...['', ' ', '\t\n', '.', '..', '/', '0', '-1', 'null', 'true', 'NaN', 'undefined', '[object Object]'],
  ...[
    'a\u0000b',
    '\ud800',
    'a\udc00b',
    '\uffff',
    '\ufeff',
    '\u202egnp.exe',
    'مرحبا',
    '水漏れ',
    '👩‍👩‍👧',
    'e\u0301\u0301\u0301',
  ],
  ...["'; drop table registry.tenants; --", "' or '1'='1", '%', '_', '\\', '"', '`', '$1', '::uuid', '\\x00'],
  ...['{{text}}', `\${7*7}`, '<script>alert(1)</script>', '../../etc/passwd', '%00', '%2f..%2f', 'a\r\nx: y'],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', '$where', '$ref', '#/definitions/a'],
  ...[
    '2026-02-30',
    '2026-13-01T00:00:00Z',
    '0000-01-01T00:00:00Z',
    '9999-12-31T23:59:59.999Z',
    '+275760-09-13T00:00:00Z',
  ],
  ...['1e3', '1e999', '0x10', '１２', '9007199254740993', '99999999999999999999', '-0', '1.5', ' 1', '1 '],
  ...[
    'inc_',
    'inc_00000000000000000000000000000000',
    'INC_01A2',
    'job_zz',
    '00000000-0000-0000-0000-000000000000',
  ],
  ...[
    'http://169.254.169.254/latest/meta-data',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:,',
    '(a+)+$',
  ],
  ...[long('x', 300), long('é', 3_000), long('👩‍👩‍👧', 4_000), long('a b ', 20_000)],
];

/** Numbers, as JSON can carry them. */
export const nastyNumbers: readonly number[] = [
  ...[0, -0, -1, 1, 1.5, 0.1 + 0.2, 101, 32_768, 2 ** 31, 2 ** 32, 2 ** 53, 2 ** 53 + 2, 2 ** 63],
  ...[-(2 ** 31) - 1, 1e21, 1e308, 5e-324, -1e308, 180.0000001, 90.5],
];

function nested(depth: number, open: (inner: unknown) => unknown): unknown {
  return depth === 0 ? 1 : open(nested(depth - 1, open));
}

/** Values of every type. */
export const nastyValues: readonly unknown[] = [
  ...[null, true, false, [], {}, [null], [[]], {}],
  ...[
    nested(30, (inner) => [inner]),
    nested(40, (inner) => ({ a: inner })),
    nested(2_000, (inner) => [inner]),
  ],
  ...[
    Array.from({ length: 1_200 }, (_, at) => at),
    Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`k${at}`, at])),
  ],
  ...[JSON.parse('{"__proto__":{"isAdmin":true}}'), JSON.parse('{"constructor":{"prototype":{"a":1}}}')],
  ...[
    { toJSON: 1 },
    { $ref: '#' },
    { length: -1 },
    { '': 1 },
    { 'a.b': 1 },
    { 'a\u0000': 1 },
    { '\ud800': 1 },
  ],
  ...nastyNumbers,
  ...nastyTexts,
];

/** Bodies that are no JSON, or not the JSON that they seem to be. */
export const nastyBodies: readonly string[] = [
  ...[
    '',
    ' ',
    '{',
    '}',
    '{"a":1,}',
    "{'a':1}",
    '{"a":1}{"a":2}',
    '[1,2',
    'null',
    '0',
    '"text"',
    '[]',
    'true',
    '\ufeff{}',
  ],
  ...[
    '{"a":1e400}',
    '{"a":NaN}',
    '{"a":"\\ud800"}',
    '{"a":"\\u0000"}',
    '{"a":1,"a":2}',
    '{"__proto__":{"a":1}}',
  ],
  ...[
    '\u0000',
    '{"a":"\t"}',
    `${'['.repeat(5_000)}`,
    `{"a":${'{"a":'.repeat(200)}1${'}'.repeat(201)}`,
    `"${long('x', 1_200_000)}"`,
  ],
];

/** A text, from the list or one that nobody thought of. */
export const nastyText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...nastyTexts) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
);

/** A value of any type. */
export const nastyValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...nastyValues) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
);
