// The secrets of a compose project: made once, readable in containers, and of one piece.
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ensureSecretFiles, secretNames } from './secret-files.ts';

let folder: string;
let issuerKeyPath: string;

beforeEach(async () => {
  const root = await mkdtemp(join(tmpdir(), 'secret-files-'));
  folder = join(root, 'compose');
  issuerKeyPath = join(root, 'dev-issuer.json');
});
afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }));

const secret = (name: string) => readFile(join(folder, name), 'utf8');

describe('the secrets of a compose project', () => {
  it('are made where they are missing, and kept where they are', async () => {
    const made = await ensureSecretFiles(folder, issuerKeyPath);
    expect((await readdir(folder)).toSorted()).toEqual(secretNames);
    const before = await Promise.all(secretNames.map(secret));
    expect(new Set(before).size).toBe(secretNames.length);
    expect(await ensureSecretFiles(folder, issuerKeyPath)).toEqual([]);
    expect(await Promise.all(secretNames.map(secret))).toEqual(before);
    await rm(join(folder, 'page-token-key'));
    expect(await ensureSecretFiles(folder, issuerKeyPath)).toEqual(['page-token-key']);
    expect(made).toContain('page-token-key');
  });

  it('lie in a folder that its owner alone may look into, in files that every user of a container may read', async () => {
    const umask = process.umask(0o077);
    try {
      await ensureSecretFiles(folder, issuerKeyPath);
    } finally {
      process.umask(umask);
    }
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    for (const name of secretNames) expect((await stat(join(folder, name))).mode & 0o777).toBe(0o444);
  });

  it('hold the public keys that belong to the private ones, also after one was replaced', async () => {
    await ensureSecretFiles(folder, issuerKeyPath);
    const first = JSON.parse(await secret('mesh-keys'));
    await rm(join(folder, 'run-signing-key'));
    await ensureSecretFiles(folder, issuerKeyPath);
    const second = JSON.parse(await secret('mesh-keys'));
    const { d, ...publicKey } = JSON.parse(await secret('run-signing-key'));
    expect(second).toEqual({ ...first, orchestrator: [publicKey] });
    expect(await secret('mesh-keys')).not.toContain(d);
    expect(first.orchestrator).not.toEqual(second.orchestrator);
  });

  it('hold the key of the development issuer of the checkout', async () => {
    await ensureSecretFiles(folder, issuerKeyPath);
    expect(JSON.parse(await secret('dev-issuer-key'))).toEqual(
      JSON.parse(await readFile(issuerKeyPath, 'utf8')),
    );
  });

  it('are not made of a file that holds no key', async () => {
    await ensureSecretFiles(folder, issuerKeyPath);
    const path = join(folder, 'run-signing-key');
    await rm(path);
    await writeFile(path, '{}');
    await expect(ensureSecretFiles(folder, issuerKeyPath)).rejects.toThrow(
      `The file ${path} holds no signing key; delete it to get a new one`,
    );
  });
});
