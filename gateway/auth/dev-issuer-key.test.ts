// The key file of the development issuer: one key for all, private to its owner.
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openDevIssuerKey } from './dev-issuer-key.ts';

describe('the development key', () => {
  let path: string;
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dev-issuer-'));
    path = join(folder, 'state', 'dev-issuer.json');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is the same for all who ask for it at once, and later', async () => {
    const keys = await Promise.all(Array.from({ length: 20 }, () => openDevIssuerKey(path)));
    keys.push(await openDevIssuerKey(path));
    expect(new Set(keys.map(({ privateJwk }) => privateJwk.d)).size).toBe(1);
    expect(await readdir(dirname(path))).toEqual(['dev-issuer.json']);
  });

  it('can be read by its owner alone', async () => {
    await openDevIssuerKey(path);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it.each(['', 'not JSON', '{}', '{"privateJwk":{"crv":"Ed25519"}}', 'null'])(
    'is not taken from a file that holds %j',
    async (text) => {
      path = join(folder, 'damaged.json');
      await writeFile(path, text);
      await expect(openDevIssuerKey(path)).rejects.toMatchObject({ reason: 'failed_precondition' });
    },
  );
});
