// The soak is only as large as its numbers are read: each is read by a suite that it runs, and each suite that it runs reads one.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { soakedFolders, soakNumbers } from './soak.ts';

async function suitesOf(folder: string): Promise<string> {
  const path = join(import.meta.dirname, '..', folder);
  const names = (await readdir(path)).filter((name) => name.endsWith('.test.ts'));
  return (await Promise.all(names.map((name) => readFile(join(path, name), 'utf8')))).join();
}

describe('the soak', () => {
  it('gives no number that no suite reads, and runs no suite that reads none', async () => {
    const suites = await Promise.all(soakedFolders.map(suitesOf));
    const names = Object.keys(soakNumbers);
    expect(names.filter((name) => !suites.some((text) => text.includes(name)))).toEqual([]);
    expect(suites.map((text) => names.some((name) => text.includes(name)))).toEqual(suites.map(() => true));
  });
});
