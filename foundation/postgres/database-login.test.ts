// A password that changes while the pool is open: it is read again when the server refuses the old one, and only then.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type OwnTestDatabases, startOwnTestDatabases } from '../../local/databases/test-databases.ts';
import { SecretError } from '../secrets/secret-source.ts';
import { createDatabaseLogin } from './database-login.ts';
import { createPostgres, type Postgres } from './pool.ts';
import { silentObserver } from './pool-observer.ts';
import { ensureRole } from './roles.ts';

const role = 'rotated_app';
let databases: OwnTestDatabases;
let secret: { password: string; reads: number; away: boolean };
let postgres: Postgres | undefined;

function open() {
  const told: string[] = [];
  const url = async (): Promise<string> => {
    secret.reads += 1;
    if (secret.away) throw new SecretError('DB_PASSWORD_FILE', 'the file cannot be read');
    const { password } = secret;
    return Object.assign(new URL(databases.adminUrl), { username: role, password }).toString();
  };
  const observer = { ...silentObserver, connectionFailed: (type: string) => void told.push(type) };
  postgres = createPostgres({ url, applicationName: 'test', sizeMax: 4, acquireTimeoutMs: 5_000, observer });
  return { postgres, told };
}

async function rotate(password: string): Promise<void> {
  const client = new pg.Client({ connectionString: databases.adminUrl });
  await client.connect();
  await client.query(`alter role ${role} password '${password}'`);
  await client.query('select pg_terminate_backend(pid, 5000) from pg_stat_activity where usename = $1', [
    role,
  ]);
  await client.end();
}

const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

beforeAll(async () => {
  databases = await startOwnTestDatabases();
  await ensureRole({ adminUrl: databases.adminUrl, role, password: 'one', schema: 'rotated' });
}, 30_000);

afterEach(async () => {
  await postgres?.close();
  postgres = undefined;
});

afterAll(() => databases.stop());

describe('a rotated password', () => {
  it('is read once at first use and once after the server refuses the old one, however many ask', async () => {
    await rotate('one');
    secret = { password: 'one', reads: 0, away: false };
    const { postgres } = open();
    await Promise.all([1, 2, 3, 4].map(() => postgres.ping()));
    expect(secret.reads).toBe(1);
    await rotate('two');
    secret.password = 'two';
    await Promise.all([1, 2, 3, 4].map(() => postgres.ping()));
    expect(secret.reads).toBe(2);
  });

  it('that the secret does not hold yet is unavailable, and works once it does', async () => {
    await rotate('new');
    secret = { password: 'old', reads: 0, away: false };
    const { postgres, told } = open();
    expect(await rejection(postgres.ping())).toMatchObject({
      reason: 'unavailable',
      cause: { code: '28P01' },
    });
    secret.password = 'new';
    await postgres.ping();
    expect(told).toEqual(['28P01']);
  });

  it('that cannot be read is unavailable, with the setting in the cause, and is asked for again', async () => {
    await rotate('one');
    secret = { password: 'one', reads: 0, away: true };
    const { postgres, told } = open();
    const error = await rejection(postgres.ping());
    expect(error).toMatchObject({ reason: 'unavailable', message: 'The database is not available' });
    expect(error).toMatchObject({ cause: { message: 'DB_PASSWORD_FILE: the file cannot be read' } });
    secret.away = false;
    await postgres.ping();
    expect(told).toEqual(['secret']);
  });
});

describe('a login', () => {
  it('that never changes has nothing to renew', async () => {
    const login = createDatabaseLogin('postgresql://h/d');
    expect([login.current(), await login.renew(login.current())]).toEqual(['postgresql://h/d', false]);
  });

  it('is not read again for a refusal of an older one', async () => {
    let reads = 0;
    const login = createDatabaseLogin(async () => {
      reads += 1;
      return `url ${reads}`;
    });
    await login.ready();
    expect(await login.renew('url 1')).toBe(true);
    expect([await login.renew('url 1'), login.current(), reads]).toEqual([true, 'url 2', 2]);
  });
});
