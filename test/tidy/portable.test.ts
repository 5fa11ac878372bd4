// What must not be left in a file is found, and what only resembles it is not. The fixtures are put together from parts,
// so that this file passes its own rules.
import { describe, expect, it } from '@jest/globals';
import { leftNotes, machinePaths, registryAddresses, switchedOffTests } from './portable.ts';
import { sourceFile } from './source-file.ts';

function absolute(...segments: readonly string[]): string {
  return ['', ...segments].join('/');
}

describe('machinePaths', () => {
  it.each([
    [`cd ${absolute('work', 'main')}`],
    [`const a = '${absolute('root', '.cache')}';`],
    [`at file://${absolute('home', 'ada', 'x.ts')}`],
  ])('refuses %s', (text) => {
    expect(machinePaths([{ path: 'a.md', text: `one\n${text}` }]).map(({ line }) => line)).toEqual([2]);
  });

  it.each([
    ['https://a.example/v1/work/1'],
    ['./work/x'],
    ['{base}/root/x'],
    ['/workers/x'],
    ['/home'],
    ['a/root/b'],
  ])('accepts %s', (text) => {
    expect(machinePaths([{ path: 'a.md', text }])).toEqual([]);
  });
});

describe('leftNotes', () => {
  it.each([
    ['TO', 'DO'],
    ['FIX', 'ME'],
    ['XX', 'X'],
  ])('refuses %s%s', (first, second) => {
    expect(leftNotes([{ path: 'a.ts', text: `// ${first}${second}: later` }])).toHaveLength(1);
  });

  it('overlooks lock files, data and longer words', () => {
    const text = `${'X'.repeat(3)}`;
    expect(
      leftNotes([
        { path: 'package-lock.json', text },
        { path: 'a/data/b.csv', text },
      ]),
    ).toEqual([]);
    expect(leftNotes([{ path: 'a.ts', text: `${text}L todo` }])).toEqual([]);
  });
});

describe('registryAddresses', () => {
  it('refuses an address in a lock file, once a file', () => {
    const text = `{\n${'"resolved": "https://r.example/a.tgz",\n'.repeat(2)}}`;
    expect(registryAddresses([{ path: 'bench/package-lock.json', text }])).toHaveLength(1);
    expect(registryAddresses([{ path: 'package.json', text }])).toEqual([]);
  });

  it('accepts a link within the checkout', () => {
    expect(registryAddresses([{ path: 'package-lock.json', text: '"resolved": "bench"' }])).toEqual([]);
  });
});

describe('switchedOffTests', () => {
  it.each([
    ['it', 'only'],
    ['describe', 'skip'],
    ['test', 'todo'],
    ['it.each([1])'.slice(0, 2), 'skip.each'],
  ])('refuses %s with %s', (name, modifier) => {
    expect(switchedOffTests([sourceFile('a.test.ts', `${name}.${modifier}('a', b);`)])).toHaveLength(1);
  });

  it.each([['fdescribe'], ['fit'], ['xit'], ['xtest'], ['xdescribe']])('refuses %s', (name) => {
    expect(switchedOffTests([sourceFile('a.test.ts', `${name}('a', b);`)])).toHaveLength(1);
  });

  it.each([
    ["it('a', b);"],
    ["it.each([1])('a', b);"],
    ["// it.only('a')"],
    ["list.skip(1); it('skip', b);"],
  ])('accepts %s', (text) => {
    expect(switchedOffTests([sourceFile('a.test.ts', text)])).toEqual([]);
  });
});
