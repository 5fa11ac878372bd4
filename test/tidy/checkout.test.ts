// Reading a checkout: a new file counts before it is committed, and what git ignores or has lost does not.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { readCheckout } from './checkout.ts';

let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'domainflow-checkout-test-'));
  execFileSync('git', ['init', '--quiet'], { cwd: root });
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

it('reads tracked and new files, and overlooks ignored and deleted ones', () => {
  for (const name of ['tracked.ts', 'deleted.ts', 'new.ts', 'ignored.ts'])
    writeFileSync(join(root, name), '');
  writeFileSync(join(root, '.gitignore'), 'ignored.ts\n');
  execFileSync('git', ['add', 'tracked.ts', 'deleted.ts'], { cwd: root });
  rmSync(join(root, 'deleted.ts'));
  expect(readCheckout(root).paths).toEqual(['.gitignore', 'new.ts', 'tracked.ts']);
});

it('sorts files by kind and leaves generated code and binary files unread', () => {
  mkdirSync(join(root, 'proto', 'gen'), { recursive: true });
  const files = {
    'a.ts': '// A',
    'b.mjs': '',
    'c.md': '',
    'd.png': 'a\0b',
    'proto/e.proto': '',
    'proto/gen/f.js': '',
  };
  for (const [path, text] of Object.entries(files)) writeFileSync(join(root, path), text);
  const { texts, sources, protos } = readCheckout(root);
  expect(texts.map(({ path }) => path)).toEqual(['a.ts', 'b.mjs', 'c.md', 'proto/e.proto']);
  expect(sources.map(({ path, code }) => [path, code])).toEqual([
    ['a.ts', '    '],
    ['b.mjs', ''],
  ]);
  expect(protos.map(({ path }) => path)).toEqual(['proto/e.proto']);
});
