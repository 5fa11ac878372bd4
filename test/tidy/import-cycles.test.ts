// Import cycles of any length are found, and a diamond is not taken for one.
import { describe, expect, it } from '@jest/globals';
import { importCycles } from './import-cycles.ts';
import { sourceFile } from './source-file.ts';

function graph(edges: Record<string, readonly string[]>) {
  return Object.entries(edges).map(([from, to]) =>
    sourceFile(`${from}.ts`, to.map((name) => `import type { A } from './${name}.ts';\n`).join('')),
  );
}

describe('importCycles', () => {
  it('accepts a diamond', () => {
    expect(importCycles(graph({ a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }))).toEqual([]);
  });

  it('finds a cycle of three behind an entry, once, at the import that closes it', () => {
    expect(importCycles(graph({ entry: ['a'], a: ['b'], b: ['c'], c: ['leaf', 'a'], leaf: [] }))).toEqual([
      { path: 'c.ts', line: 2, problem: 'closes the cycle a.ts -> b.ts -> c.ts -> a.ts' },
    ]);
  });

  it('finds a file that imports itself', () => {
    expect(importCycles(graph({ a: ['a'] }))).toHaveLength(1);
  });
});
