// Words that a core, and everything but configuration, may not use: each is found in code and overlooked in text.
import { describe, expect, it } from '@jest/globals';
import { defaultExports, environmentReads, impureCore, unsafeCore } from './purity.ts';
import { sourceFile } from './source-file.ts';

function core(text: string) {
  return [sourceFile('services/a/core/x.ts', text)];
}

describe('impureCore', () => {
  it.each([
    ['Date.now();'],
    ['new Date();'],
    ['new Date;'],
    ['Date();'],
    ['performance.now();'],
    ['Math.random();'],
    ['crypto.randomUUID();'],
    ['newId();'],
    ['setTimeout(f, 1);'],
    ['async function a() {}'],
    ['const a = async () => {};'],
    ['await b;'],
    ['process.env.A;'],
    ["process['env'];"],
    ["console.log('a');"],
    ["fetch('a');"],
  ])('refuses %s', (text) => {
    expect(impureCore(core(`const first = 1;\n${text}`)).map(({ line }) => line)).toEqual([2]);
  });

  it.each([
    ['new Date(nowMs);'],
    ['Date.parse(text);'],
    ['// Date.now() is not for us.'],
    ["const a = 'Date.now()';"],
    ['const a = /Math.random/;'],
    ['const a = { async: true };'],
    ['const processed = 1;'],
    ['store.fetch();'],
  ])('accepts %s', (text) => {
    expect(impureCore(core(text))).toEqual([]);
  });

  it('finds what hides in the expression of a template', () => {
    expect(impureCore(core(`const a = \`now \${Date.now()}\`;`))).toHaveLength(1);
  });

  it('looks at cores only', () => {
    const sources = ['services/a/rpc/x.ts', 'services/a/core/x.test.ts', 'local/core/x.ts'];
    expect(impureCore(sources.map((path) => sourceFile(path, 'Date.now();')))).toEqual([]);
  });
});

describe('unsafeCore', () => {
  it.each([
    ['let a: any = 1;'],
    ['const a = b as any;'],
    ['const a: Array<any> = [];'],
    ['const a = b!.c;'],
    ['const a = b[0]!;'],
    ['f(b()!);'],
  ])('refuses %s', (text) => {
    expect(unsafeCore(core(text))).toHaveLength(1);
  });

  it.each([
    ['Promise.any([]);'],
    ['const a = { any: 1 };'],
    ['a !== b;'],
    ['a != b;'],
    ['if (!a) b();'],
    ['// any number of them'],
    ["const a = 'any!';"],
  ])('accepts %s', (text) => {
    expect(unsafeCore(core(text))).toEqual([]);
  });
});

describe('environmentReads', () => {
  it.each([['process.env.PORT;'], ["import { env } from 'node:process';"]])(
    'refuses %s in a room',
    (text) => {
      expect(environmentReads([sourceFile('services/a/rpc/x.ts', text)])).toHaveLength(1);
    },
  );

  it('lets configuration, tools and tests read it', () => {
    const paths = [
      'services/a/config.ts',
      'scripts/x.ts',
      'local/x.ts',
      'test/x.ts',
      'bench/x.ts',
      'gateway/x.test.ts',
    ];
    expect(environmentReads(paths.map((path) => sourceFile(path, 'process.env.PORT;')))).toEqual([]);
  });
});

describe('defaultExports', () => {
  it.each([['export default 1;'], ['export { a as default };']])('refuses %s', (text) => {
    expect(defaultExports([sourceFile('local/x.ts', text)])).toHaveLength(1);
  });

  it('lets the configuration of a tool and the description of a package have one', () => {
    const paths = ['jest.config.js', 'local/dynalite.d.ts'];
    expect(defaultExports(paths.map((path) => sourceFile(path, 'export default {};')))).toEqual([]);
  });
});
