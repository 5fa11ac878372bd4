// The soak is only as large as its numbers are read: each is read by a suite that it runs, and each suite that it runs reads one.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { soakNumbers, soakParts } from './soak.ts';

async function suitesOf(folder: string): Promise<string> {
  const path = join(import.meta.dirname, '..', folder);
  const names = (await readdir(path)).filter((name) => name.endsWith('.test.ts'));
  return (await Promise.all(names.map((name) => readFile(join(path, name), 'utf8')))).join();
}

describe('the soak', () => {
  it.each(soakParts.map(({ folder, numbers }) => [folder, numbers] as const))(
    'gives %s the numbers that its suites read, and no others',
    async (folder, numbers) => {
      const suites = await suitesOf(folder);
      const read = Object.keys(soakNumbers).filter((name) => suites.includes(name));
      expect(read.toSorted()).toEqual(numbers.toSorted());
    },
  );

  it('gives no number to nobody', () => {
    expect(new Set(soakParts.flatMap(({ numbers }) => numbers))).toEqual(new Set(Object.keys(soakNumbers)));
  });

  it('says its numbers at its head', async () => {
    const text = await readFile(join(import.meta.dirname, 'soak.ts'), 'utf8');
    const [head = ''] = text.split('\nimport ');
    for (const [name, number] of Object.entries(soakNumbers)) expect(head).toContain(`${name}=${number} `);
  });
});
