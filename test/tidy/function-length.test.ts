// Function lengths: each form of function is measured, and what only looks like one is not.
import { describe, expect, it } from '@jest/globals';
import { functionLinesMax, functionsOf, longFunctions } from './function-length.ts';
import { sourceFile } from './source-file.ts';

function measure(text: string) {
  return functionsOf(sourceFile('a.ts', text)).map(({ name, lines }) => [name, lines]);
}

describe('functionsOf', () => {
  it.each([
    ['function a(b: B) {\n}', [['a', 2]]],
    ['function a<T extends B>(b: T): Promise<{ c: D }> {\n}', [['a', 2]]],
    ['function a(): { b: C } {\n}', [['a', 2]]],
    ['function a(): b is { c: D } {\n}', [['a', 2]]],
    ['function a(): B | { c: D } | undefined {\n}', [['a', 2]]],
    ['function a(): () => void {\n}', [['a', 2]]],
    ['function a(): Map<string, () => void> {\n}', [['a', 2]]],
    ['function a(\n  { b, c }: D,\n) {\n}', [['a', 4]]],
    ['const a = (b) => {\n};', [['a', 2]]],
    ['const a = async (b): Promise<void> => {\n};', [['a', 2]]],
    ['const a: B = () => {\n};', [['a', 2]]],
    ['const a = () => ({\n  b,\n});', [['a', 3]]],
    ['a.map(b => {\n});', [['a function', 2]]],
    [
      'class A {\n  constructor(b: B) {\n  }\n  async c(): Promise<D> {\n  }\n}',
      [
        ['constructor', 2],
        ['c', 2],
      ],
    ],
    [
      'const a = {\n  b() {\n  },\n  c: () => {\n  },\n};',
      [
        ['b', 2],
        ['c', 2],
      ],
    ],
    ["function a() {\n  const b = '}';\n  // }\n}", [['a', 4]]],
    [`function a() {\n  const b = \`\${c} }\`;\n}`, [['a', 3]]],
  ])('measures %s', (text, expected) => {
    expect(measure(text)).toEqual(expected);
  });

  it.each([
    ['if (a) {\n}'],
    ['for await (const a of b) {\n}'],
    ['switch (a) {\n  case f(b): {\n  }\n}'],
    ['try {\n} catch (a) {\n}'],
    ['const a = b ? f(c) : {\n  d,\n};'],
    ['const a = {\n  b: f(c),\n  d: {\n  },\n};'],
    ['interface A {\n  b(c: D): E;\n  f: {\n    g: H;\n  };\n}'],
    ['f(a, {\n  b,\n});'],
  ])('sees no function in %s', (text) => {
    expect(measure(text)).toEqual([]);
  });

  it('takes a describe for a chapter and measures the tests in it', () => {
    const inEach = "describeOnEachPlace('a', (place) => {\n  it('b', async () => {\n  });\n});";
    expect(measure(inEach)).toEqual([['a function', 2]]);
    expect(measure("describeInWords('a', () => {\n});")).toEqual([['a function', 2]]);
    expect(measure("describe('a', () => {\n  it('b', async () => {\n  });\n});")).toEqual([
      ['a function', 2],
    ]);
    expect(measure("describe.each([[1]])('a', (b) => {\n});")).toEqual([]);
  });
});

describe('longFunctions', () => {
  it('allows the most lines and refuses one more', () => {
    const withLines = (lines: number) =>
      sourceFile('a.ts', `// A.\nfunction a() {\n${'b;\n'.repeat(lines - 2)}}\n`);
    expect(longFunctions([withLines(functionLinesMax)])).toEqual([]);
    expect(longFunctions([withLines(functionLinesMax + 1)])).toEqual([
      { path: 'a.ts', line: 2, problem: `a has ${functionLinesMax + 1} lines` },
    ]);
  });
});
