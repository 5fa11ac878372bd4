// What of a package never runs.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isForDevelopment, prunePackages } from './prune-packages.ts';

describe('a file of a package', () => {
  it.each(['index.js.map', 'src/index.ts', 'dist/index.d.cts', 'test/a.js', 'coverage/lcov.info'])(
    '%s is for development',
    (path) => expect(isForDevelopment(path)).toBe(true),
  );

  it.each([
    'index.js',
    'package.json',
    'dist/test/a.js',
    'test.js',
    'LICENSE',
    'data.json',
    'a.wasm',
    'a.node',
  ])('%s is not', (path) => expect(isForDevelopment(path)).toBe(false));
});

describe('pruning', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'prune-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('goes through packages, those of scopes and nested ones', async () => {
    const kept = ['a/index.js', '@b/c/lib/test/d.js', 'a/node_modules/e/index.js'];
    const pruned = ['a/test/x.js', '@b/c/index.d.ts', 'a/node_modules/e/index.js.map'];
    for (const path of [...kept, ...pruned]) {
      await mkdir(join(folder, dirname(path)), { recursive: true });
      await writeFile(join(folder, path), '');
    }
    prunePackages(folder);
    expect([...kept, ...pruned].filter((path) => existsSync(join(folder, path)))).toEqual(kept);
  });
});
