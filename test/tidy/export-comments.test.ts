// Exports without a comment are found; comments elsewhere do not count.
import { describe, expect, it } from '@jest/globals';
import { uncommentedExports } from './export-comments.ts';
import { sourceFile } from './source-file.ts';

function problems(text: string, path = 'foundation/x.ts') {
  return uncommentedExports([sourceFile(path, text)]).map(({ line, problem }) => `${line} ${problem}`);
}

describe('uncommentedExports', () => {
  it.each([
    ['export function a() {}', 'a'],
    ['export async function a() {}', 'a'],
    ['export const a = 1;', 'a'],
    ['export type A = B;', 'A'],
    ['export interface A {}', 'A'],
    ['export class A {}', 'A'],
  ])('refuses %s', (text, name) => {
    expect(problems(`import b from 'c';\n${text}`)).toEqual([`2 exports ${name} without a doc comment`]);
    expect(problems(`/** B. */\n\n${text}`)).toHaveLength(1);
    expect(problems(`// B.\n${text}`)).toHaveLength(1);
    expect(problems(`/** B. */\n${text}`)).toEqual([]);
    expect(problems(`/**\n * B.\n */\n${text}`)).toEqual([]);
  });

  it('wants one comment for the overloads of a function', () => {
    const overloads =
      'export function a(b: 1): 1;\nexport function a(b: 2): 2;\nexport function a(b: number) {}';
    expect(problems(overloads)).toHaveLength(1);
    expect(problems(`/** A. */\n${overloads}`)).toEqual([]);
  });

  it('wants one comment for a row of re-exports', () => {
    const row = "export { a } from './a.ts';\nexport type { B } from './b.ts';\nexport * from './c.ts';";
    expect(problems(row)).toEqual(['1 re-exports without a comment']);
    expect(problems(`// Letters.\n${row}`)).toEqual([]);
    expect(problems(`// Letters.\n${row}\n\nexport { d } from './d.ts';`)).toHaveLength(1);
  });

  it('overlooks what is not exported, text, and tests', () => {
    expect(problems('function a() {}\nconst b = `\nexport const c = 1;\n`;')).toEqual([]);
    expect(problems('export const a = 1;', 'foundation/x.test.ts')).toEqual([]);
  });
});
