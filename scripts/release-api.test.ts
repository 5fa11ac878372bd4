// The command that keeps the released description of the API, and what is promised of the present one.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { describedApi } from '../gateway/routes/described-api.ts';
import type { Schema } from './api/schema-variants.ts';
import { releaseApi, releasedFile, releasedText, releaseReport } from './release-api.ts';

const small = { paths: { '/teams': { get: { operationId: 'listTeams', responses: { 200: {} } } } } };
const larger = {
  paths: { ...small.paths, '/me': { get: { operationId: 'getMe', responses: { 200: {} } } } },
};

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'domainflow-release-'));
  file = join(folder, 'released.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

async function run(present: Schema, ...args: string[]) {
  let text = '';
  const write = (more: string) => {
    text += more;
  };
  const code = await releaseApi(args, { file, describe: async () => present, write });
  return { code, lines: text.trimEnd().split('\n') };
}

describe('releasing the API', () => {
  it('writes what there is, the same text whatever the order of its members', async () => {
    expect((await run(larger)).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(
      releasedText({ paths: { '/me': larger.paths['/me'], ...small.paths } }),
    );
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(larger);
  });

  it('checks without writing, and lets pass what was added', async () => {
    await run(small);
    const before = readFileSync(file, 'utf8');
    expect((await run(larger, '--check')).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it('refuses what breaks clients with a sentence each and what to do, until it is accepted', async () => {
    await run(larger);
    const before = readFileSync(file, 'utf8');
    for (const args of [[], ['--check'], ['--check', '--accept-breaking']]) {
      const { code, lines } = await run(small, ...args);
      expect([code, lines[0]]).toEqual([1, 'breaks clients: GET /me: was removed']);
      expect(lines[1]).toContain('npm run release-api -- --accept-breaking');
      expect(readFileSync(file, 'utf8')).toBe(before);
    }
    expect((await run(small, '--accept-breaking')).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(releasedText(small));
  });

  it('does nothing where it is asked for what it does not know, or has nothing to check by', async () => {
    for (const args of [['--chekc'], ['--check']]) {
      const { code, lines } = await run(small, ...args);
      expect([code, lines.length]).toEqual([1, 1]);
    }
    expect(() => readFileSync(file)).toThrow('ENOENT');
  });
});

describe('the API', () => {
  it('keeps what was released', async () => {
    const released: Schema = JSON.parse(readFileSync(releasedFile, 'utf8'));
    const { isBreaking, lines } = releaseReport(released, await describedApi());
    expect(isBreaking ? lines : []).toEqual([]);
  });
});
