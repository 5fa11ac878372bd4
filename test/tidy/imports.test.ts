// The import scanner: each form of import is found, and nothing else is.
import { describe, expect, it } from '@jest/globals';
import { importsOf } from './imports.ts';
import { sourceFile } from './source-file.ts';

function scan(text: string) {
  return importsOf(sourceFile('services/a/rpc/get.ts', text));
}

describe('importsOf', () => {
  it.each([
    ["import { a, b } from '../core/x.ts';", { path: 'services/a/core/x.ts', typeOnly: false }],
    ["import {\n  a,\n  type B,\n} from './x.ts';", { path: 'services/a/rpc/x.ts', typeOnly: false }],
    ["import a from 'pg';", { library: 'pg', typeOnly: false }],
    ["import a, { b } from '@x/y';", { library: '@x/y', typeOnly: false }],
    ["import * as a from 'node:fs';", { library: 'node:fs', typeOnly: false }],
    ["import type { A } from './x.ts';", { path: 'services/a/rpc/x.ts', typeOnly: true }],
    ["import { type A, type B } from './x.ts';", { path: 'services/a/rpc/x.ts', typeOnly: true }],
    ["import './x.ts';", { path: 'services/a/rpc/x.ts', typeOnly: false }],
    ["const a = await import('../../b/x.ts');", { path: 'services/b/x.ts', typeOnly: false }],
    ["const a = require('pg');", { library: 'pg', typeOnly: false }],
    ["const a = [...require('pg')];", { library: 'pg', typeOnly: false }],
    ["const a = require.resolve('pg');", { library: 'pg', typeOnly: false }],
    ["export { a } from './x.ts';", { path: 'services/a/rpc/x.ts', typeOnly: false }],
    ["export * from './x.ts';", { path: 'services/a/rpc/x.ts', typeOnly: false }],
    ["export type { A } from './x.ts';", { path: 'services/a/rpc/x.ts', typeOnly: true }],
  ])('finds %s', (text, expected) => {
    expect(scan(text)).toEqual([{ line: 1, ...expected }]);
  });

  it.each([
    ["// import a from 'pg';"],
    ["/* import a from 'pg';\nimport b from 'pg'; */"],
    ['const a = "import b from \'pg\'";'],
    ["const a = `import b from 'pg';`;"],
    ["export const from = 'pg';"],
    ["export function a() { return importFrom('pg'); }"],
    ["document.require('name');"],
  ])('finds nothing in %s', (text) => {
    expect(scan(text)).toEqual([]);
  });

  it('gives the line on which an import starts', () => {
    expect(
      scan("// one\nimport a from 'b';\n\nimport {\n  c,\n} from 'd';\n").map(({ line }) => line),
    ).toEqual([2, 4]);
  });
});
