// The URL that settings, files and secrets come to, and what is said when they do not.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import type { DatabaseSource } from '../config/database-source.ts';
import { resolveDatabaseUrl } from './database-url.ts';

let folder: string;
const plain = { mode: 'disable', caFile: undefined } as const;

async function fileOf(text: string, setting: string) {
  const path = join(folder, `${setting}-${text.length}`);
  await writeFile(path, text);
  return { kind: 'file', path, setting } as const;
}

/** Whom the driver would log in as, and where. */
async function loginOf(source: DatabaseSource) {
  const url = await resolveDatabaseUrl(source, plain);
  const { user, password, host, port, database } = new Client({ connectionString: url });
  return { user, password, host, port, database };
}

async function secretOf(fields: unknown, place: object = {}): Promise<DatabaseSource> {
  const text = typeof fields === 'string' ? fields : JSON.stringify(fields);
  const nowhere = { host: undefined, port: undefined, database: undefined };
  return { kind: 'secret', secret: await fileOf(text, 'DB_SECRET_ARN'), ...nowhere, ...place };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'database-url-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the URL of a database', () => {
  it.each(['plain', 'p@ss:w/rd?#&=%', '%41', ' spaces ', 'ünï', "quo'te\\", '[b]'])(
    'carries the password %j as it is',
    async (password) => {
      const source = { kind: 'password', host: 'db', port: 6543, database: 'shop', user: 'a@b' } as const;
      const login = await loginOf({ ...source, password: { kind: 'text', text: password } });
      expect(login).toEqual({ user: 'a@b', password, host: 'db', port: 6543, database: 'shop' });
    },
  );

  it.each(['10.0.0.1', '::1', '/var/run/postgresql'])('reaches the host %s', async (host) => {
    const place = { host, port: 5432, database: 'd' };
    const source = { kind: 'password', user: 'u', password: { kind: 'text', text: 'p' }, ...place } as const;
    expect(await loginOf(source)).toMatchObject(place);
  });

  it('is the text of a file without its last line break', async () => {
    const url = await fileOf('postgresql://u:p@db/d\n', 'DATABASE_URL_FILE');
    expect(await loginOf({ kind: 'url', url })).toMatchObject({ user: 'u', host: 'db', database: 'd' });
  });

  it('is what a secret says, and settings go before it', async () => {
    const fields = {
      username: 'u',
      password: 'p',
      host: 'db',
      port: 6543,
      dbname: 'shop',
      engine: 'postgres',
    };
    expect(await loginOf(await secretOf(fields))).toEqual({
      user: 'u',
      password: 'p',
      host: 'db',
      port: 6543,
      database: 'shop',
    });
    const place = { host: 'other', port: 7777, database: 'mine' };
    expect(await loginOf(await secretOf(fields, place))).toMatchObject(place);
    const short = await secretOf({ username: 'u', password: 'p' }, { host: 'db' });
    expect(await loginOf(short)).toMatchObject({ port: 5432, database: 'domainflow' });
  });

  it('asks for encryption when nothing else is said', async () => {
    const url = { kind: 'text', text: 'postgresql://u:p@db.example/d' } as const;
    const resolved = await resolveDatabaseUrl({ kind: 'url', url }, { mode: undefined, caFile: undefined });
    expect(new URL(resolved).searchParams.get('sslmode')).toBe('verify-full');
  });
});

describe('what is wrong with a source', () => {
  const problemOf = async (source: DatabaseSource): Promise<unknown> =>
    resolveDatabaseUrl(source, plain).catch((error: unknown) => error);

  it.each<[string, () => Promise<DatabaseSource>, RegExp]>([
    [
      'a file that is not there',
      async () => ({
        kind: 'url',
        url: { kind: 'file', path: join(folder, 'no'), setting: 'DATABASE_URL_FILE' },
      }),
      /^DATABASE_URL_FILE: the file .*no cannot be read$/,
    ],
    [
      'a file without a URL',
      async () => ({ kind: 'url', url: await fileOf('hunter2', 'DATABASE_URL_FILE') }),
      /^DATABASE_URL_FILE: the file must hold a URL/,
    ],
    ['a secret that is no JSON', () => secretOf('hunter2'), /^DB_SECRET_ARN: the secret must be JSON/],
    ['a secret without a name', () => secretOf({ password: 'hunter2' }), /^DB_SECRET_ARN: .*username/],
    ['a secret that is null', () => secretOf('null'), /^DB_SECRET_ARN: the secret must be JSON/],
    [
      'a secret without a host',
      () => secretOf({ username: 'u', password: 'hunter2' }),
      /^DB_SECRET_ARN: .* set DB_HOST$/,
    ],
  ])('%s is told by its setting, without the secret', async (_what, source, message) => {
    const error = (await problemOf(await source())) as Error;
    expect(error.name).toBe('SecretError');
    expect(error.message).toMatch(message);
    expect(`${error.message} ${error.stack} ${error.cause}`).not.toContain('hunter2');
  });
});
