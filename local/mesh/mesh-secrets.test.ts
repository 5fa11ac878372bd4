// The secrets of a data folder stay the same from start to start, and nobody else can read them.
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openSecrets, randomSecrets } from './mesh-secrets.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'domainflow-secrets-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the secrets of a data folder', () => {
  it('are made once, by whoever comes first', async () => {
    const [first, second] = await Promise.all([openSecrets(folder), openSecrets(folder)]);
    expect(second).toEqual(first);
    expect(await openSecrets(folder)).toEqual(first);
    expect(new Set(Object.values(first)).size).toBe(Object.keys(first).length);
  });

  it('can be read by their owner alone', async () => {
    await openSecrets(folder);
    expect((await stat(join(folder, 'secrets.json'))).mode & 0o777).toBe(0o600);
  });

  it.each(['', '[]', '{"pageTokenKey": 7}', 'null'])(
    'are not guessed from a broken file: %j',
    async (text) => {
      await writeFile(join(folder, 'secrets.json'), text);
      await expect(openSecrets(folder)).rejects.toThrow(/secrets\.json holds no secrets/);
    },
  );

  it('differ between folders', () => {
    expect(randomSecrets()).not.toEqual(randomSecrets());
  });
});
