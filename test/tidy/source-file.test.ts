// What counts as code: comments and literals are blanked, everything else keeps its place.
import { describe, expect, it } from '@jest/globals';
import { isTest, lineAt, sourceFile } from './source-file.ts';

function code(text: string): string {
  return sourceFile('a.ts', text).code;
}

/** The place of an expression in a template. */
function hole(expression: string): string {
  return `$${'{'}${expression}}`;
}

describe('sourceFile', () => {
  it.each([
    ['a line comment', 'a; // b\nc;', 'a;     \nc;'],
    ['a block comment over two lines', 'a; /* b\nb */ c;', 'a;     \n     c;'],
    ['a string', "a('b { // c');", "a('        ');"],
    ['an escaped quote', String.raw`a('\'{');`, "a('   ');"],
    ['a template', 'a(`b {`);', 'a(`   `);'],
    ['an expression inside a template', `a(\`b ${hole('c({ d })')} {\`);`, 'a(`    c({ d })   `);'],
    ['a template inside a template', `a(\`b ${hole('c(`{`)')} {\`);`, 'a(`    c(` `)   `);'],
    ['a regular expression', 'a(/[/{]\\/"/u);', 'a(/       /u);'],
    ['a regular expression after return', 'return /{/;', 'return / /;'],
    ['a division', 'a / b / c', 'a / b / c'],
    ['a division after a bracket', 'a[0] / b(1) / c', 'a[0] / b(1) / c'],
    ['a first line for the shell', '#!/usr/bin/env node\na', `${' '.repeat(19)}\na`],
  ])('blanks %s', (_name, text, expected) => {
    expect(code(text)).toBe(expected);
  });

  it('keeps strings where only comments are taken out', () => {
    expect(sourceFile('a.ts', "a('b'); // c").uncommented).toBe("a('b');     ");
  });

  it('keeps length and lines, so that an offset means the same everywhere', () => {
    const text = `const a = \`x\n${hole('1')}\n\`; /* y\n*/ const b = "z";\n`;
    const source = sourceFile('a.ts', text);
    expect([source.code.length, source.uncommented.length]).toEqual([text.length, text.length]);
    expect(source.code.split('\n')).toHaveLength(text.split('\n').length);
    expect(source.code).toContain('const b');
  });
});

describe('lineAt', () => {
  it('counts from one', () => {
    expect([0, 1, 2, 3].map((offset) => lineAt('a\nb\nc', offset))).toEqual([1, 1, 2, 2]);
  });
});

describe('isTest', () => {
  it('knows jest files and the folder of shared promises', () => {
    expect(['a/b.test.ts', 'test/mesh.ts', 'a/b.ts', 'a/test/b.ts'].map(isTest)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
