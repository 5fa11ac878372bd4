// The settings of a database: each way to say where it is, and every contradiction named at once.
import { describe, expect, it } from '@jest/globals';
import type { DatabaseConfig } from './database-config.ts';
import { readDatabaseSource } from './database-source.ts';
import { ConfigError, type Environment, readConfig } from './reader.ts';
import { readReplicatedDatabase } from './replica-source.ts';

const url = 'postgresql://app:hunter2@db.example/shop';
const arn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:db/app-AbCdEf';
const text = (value: string) => ({ kind: 'text', text: value });

function configOf(env: Environment): DatabaseConfig {
  return readConfig(env, readReplicatedDatabase);
}

function problemsOf(env: Environment, build: Parameters<typeof readConfig>[1] = readReplicatedDatabase) {
  try {
    readConfig(env, build);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('where a database is', () => {
  it.each<[string, Environment, object]>([
    ['a URL', { DATABASE_URL: url }, { kind: 'url', url: text(url) }],
    [
      'a URL in a file',
      { DATABASE_URL_FILE: '/run/url' },
      { kind: 'url', url: { kind: 'file', path: '/run/url', setting: 'DATABASE_URL_FILE' } },
    ],
    [
      'its parts',
      { DB_HOST: 'db', DB_USER: 'app', DB_PASSWORD: 'p' },
      { kind: 'password', host: 'db', port: 5432, database: 'domainflow', user: 'app', password: text('p') },
    ],
    [
      'its parts with the password in a file',
      { DB_HOST: 'db', DB_PORT: '6543', DB_NAME: 'shop', DB_USER: 'app', DB_PASSWORD_FILE: '/run/p' },
      {
        kind: 'password',
        ...{ host: 'db', port: 6543, database: 'shop', user: 'app' },
        password: { kind: 'file', path: '/run/p', setting: 'DB_PASSWORD_FILE' },
      },
    ],
    [
      'a secret',
      { DB_SECRET_ARN: arn, DB_NAME: 'shop' },
      {
        kind: 'secret',
        ...{ host: undefined, port: undefined, database: 'shop' },
        secret: { kind: 'secrets_manager', arn, setting: 'DB_SECRET_ARN' },
      },
    ],
  ])('is said by %s', (_way, env, source) => {
    expect(configOf(env).source).toEqual(source);
  });

  it.each<[string, Environment, RegExp]>([
    ['in no way', {}, /^DATABASE_URL is required, or instead of it DATABASE_URL_FILE, DB_SECRET_ARN/],
    ['twice', { DATABASE_URL: url, DB_SECRET_ARN: arn }, /^DATABASE_URL and DB_SECRET_ARN each say/],
    ['by a URL and a host', { DATABASE_URL: url, DB_HOST: 'db' }, /^DATABASE_URL and DB_HOST each say/],
    ['without a host', { DB_USER: 'app', DB_PASSWORD: 'p' }, /^DB_HOST is required/],
    ['without a user', { DB_HOST: 'db', DB_PASSWORD: 'p' }, /^DB_USER is required/],
    [
      'without a password',
      { DB_HOST: 'db', DB_USER: 'app' },
      /^Exactly one of DB_PASSWORD and DB_PASSWORD_FILE/,
    ],
    [
      'with two passwords',
      { DB_HOST: 'db', DB_USER: 'app', DB_PASSWORD: 'p', DB_PASSWORD_FILE: '/p' },
      /^Exactly one of DB_PASSWORD and DB_PASSWORD_FILE/,
    ],
    ['by what is no ARN', { DB_SECRET_ARN: 'db/app' }, /^DB_SECRET_ARN must be an ARN .* not "db\/app"$/],
    [
      'by another database',
      { DATABASE_URL: 'mysql://a:hunter2@h/d' },
      /^DATABASE_URL must be an absolute URL/,
    ],
  ])('said %s is one problem that names the setting', (_how, env, problem) => {
    expect(problemsOf(env)).toEqual([expect.stringMatching(problem)]);
    expect(problemsOf(env).join()).not.toContain('hunter2');
  });

  it('is said for a second login under its prefix, with the shared host', () => {
    const engine = (env: Environment) => readConfig(env, (read) => readDatabaseSource(read, 'ENGINE_'));
    expect(engine({ ENGINE_DATABASE_URL: url, DB_HOST: 'db' })).toEqual({ kind: 'url', url: text(url) });
    expect(engine({ ENGINE_DB_SECRET_ARN: arn, DB_HOST: 'db' })).toMatchObject({
      kind: 'secret',
      host: 'db',
      secret: { setting: 'ENGINE_DB_SECRET_ARN' },
    });
    const none = problemsOf({}, (read) => readDatabaseSource(read, 'ENGINE_'));
    expect(none).toEqual([expect.stringMatching(/^ENGINE_DATABASE_URL is required/)]);
  });
});

describe('where a replica is', () => {
  const parts = { DB_HOST: 'db', DB_USER: 'app', DB_PASSWORD: 'p' };

  it('is a URL of its own, or another host under the same login', () => {
    expect(configOf({ DATABASE_URL: url }).readSource).toBeUndefined();
    const other = configOf({ DATABASE_URL: url, DATABASE_READ_URL: 'postgresql://a@replica/d' });
    expect(other.readSource).toEqual({ kind: 'url', url: text('postgresql://a@replica/d') });
    const { source, readSource } = configOf({ ...parts, DB_READ_HOST: 'replica' });
    expect(readSource).toEqual({ ...source, host: 'replica' });
  });

  it('is refused as a host beside a URL, and when said twice', () => {
    const beside = problemsOf({ DATABASE_URL: url, DB_READ_HOST: 'replica' });
    expect(beside).toEqual([expect.stringContaining('DATABASE_READ_URL beside DATABASE_URL')]);
    const twice = problemsOf({ ...parts, DB_READ_HOST: 'replica', DATABASE_READ_URL: url });
    expect(twice).toEqual([expect.stringMatching(/^DATABASE_READ_URL and DB_READ_HOST each/)]);
  });
});

describe('the use of a database', () => {
  it('has the defaults that are documented', () => {
    const { pool, tls } = configOf({ DATABASE_URL: url });
    expect(tls).toEqual({ mode: undefined, caFile: undefined });
    expect(pool).toEqual({
      sizeKept: 10,
      overflowMax: 20,
      acquireTimeoutMs: 30_000,
      recycleMs: 3_600_000,
      held: { reportMs: 60_000, closeMs: 300_000 },
      breaker: { failuresMax: 5, resetMs: 2_000 },
    });
  });

  it('is set in seconds and connections', () => {
    const { pool, tls } = configOf({
      DATABASE_URL: url,
      DB_POOL_SIZE: '4',
      DB_MAX_OVERFLOW: '0',
      DB_POOL_TIMEOUT: '7',
      DB_POOL_RECYCLE: '60',
      DB_LEAK_REPORT_S: '2',
      DB_LEAK_CLOSE_S: '3',
      DB_BREAKER_FAILURES: '9',
      DB_BREAKER_RESET_S: '1',
      DB_SSLMODE: 'require',
      DB_SSL_CA_FILE: '/ca.pem',
    });
    expect(tls).toEqual({ mode: 'require', caFile: '/ca.pem' });
    expect(pool).toEqual({
      sizeKept: 4,
      overflowMax: 0,
      acquireTimeoutMs: 7_000,
      recycleMs: 60_000,
      held: { reportMs: 2_000, closeMs: 3_000 },
      breaker: { failuresMax: 9, resetMs: 1_000 },
    });
  });

  it('names every contradiction at once', () => {
    const problems = problemsOf({
      DATABASE_URL: url,
      DATABASE_URL_FILE: '/run/url',
      DB_SSLMODE: 'verify-ca',
      DB_LEAK_REPORT_S: '10',
      DB_LEAK_CLOSE_S: '5',
      DB_POOL_SIZE: '0',
    });
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
      'DATABASE_URL',
      'DB_SSL_CA_FILE',
      'DB_LEAK_CLOSE_S',
      'DB_POOL_SIZE',
    ]);
  });
});
