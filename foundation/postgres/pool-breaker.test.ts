// The breaker in front of a pool: no waiting while the database is away, and no caller needed for it to be back.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../../local/databases/free-port.ts';
import { startTestDatabases, type TestDatabases } from '../../local/databases/test-databases.ts';
import { BreakerOpen } from '../breaker/breaker.ts';
import { newId } from '../ids/ids.ts';
import { startPgProxy } from './pg-proxy.for-test.ts';
import { createPostgres, type Postgres } from './pool.ts';
import { databaseBreakerLimits } from './pool-breaker.ts';
import { silentObserver } from './pool-observer.ts';

let databases: TestDatabases;
let databaseUrl: string;
const toClose: { close(): Promise<void> }[] = [];
const time = { nowMs: 0 };

function setUp(url: string) {
  const told: string[] = [];
  const postgres = createPostgres({
    url,
    applicationName: 'breaker test',
    sizeMax: 1,
    acquireTimeoutMs: 5_000,
    nowMs: () => time.nowMs,
    observer: { ...silentObserver, connectionFailed: (type) => told.push(type) },
    breaker: { observer: (name, to) => told.push(`${name} ${to}`) },
  });
  toClose.unshift(postgres);
  return { postgres, told };
}

const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

async function fail(postgres: Postgres, times: number): Promise<void> {
  for (let at = 0; at < times; at += 1) await rejection(postgres.ping());
}

const urlOn = (port: number): string =>
  Object.assign(new URL(databaseUrl), { port: String(port) }).toString();

beforeAll(async () => {
  databases = await startTestDatabases();
  databaseUrl = await databases.createDatabase('pool_breaker');
}, 30_000);

afterEach(async () => {
  time.nowMs = 0;
  for (const it of toClose.splice(0)) await it.close();
});

afterAll(() => databases.stop());

describe('while the database is away', () => {
  it('five failures in a row make every further call fail at once, with the time to wait', async () => {
    const { postgres, told } = setUp(urlOn(await freePort()));
    await fail(postgres, 5);
    expect(told.splice(0)).toEqual(['database closed', ...Array(5).fill('ECONNREFUSED'), 'database open']);
    time.nowMs = 500;
    const work = { name: 'test.one', text: 'select 1' };
    const calls = [
      postgres.ping(),
      postgres.query(work),
      postgres.tenantRead(newId(), (client) => client.query(work)),
      postgres.tenantTransaction(newId(), (client) => client.query(work)),
    ];
    for (const error of await Promise.all(calls.map(rejection))) {
      expect(error).toMatchObject({ reason: 'unavailable', retryAfterMs: 1_500 });
      expect((error as Error).cause).toBeInstanceOf(BreakerOpen);
    }
    expect(told).toEqual([]);
  });

  it('an exhausted pool is no reason to refuse calls', async () => {
    const { postgres, told } = setUp(databaseUrl);
    const short = createPostgres({
      url: databaseUrl,
      applicationName: 'breaker test',
      sizeMax: 1,
      acquireTimeoutMs: 500,
      breaker: { observer: (_name, to) => told.push(to) },
    });
    toClose.push(short);
    await short.systemTransaction(() => Promise.all([1, 2, 3, 4, 5, 6].map(() => rejection(short.ping()))));
    await short.ping();
    await postgres.ping();
    expect(told).not.toContain('open');
  });
});

describe('once the database is back', () => {
  it('one health check is enough to let calls through again', async () => {
    const port = await freePort();
    const { postgres, told } = setUp(urlOn(port));
    await fail(postgres, 5);
    toClose.push(await startPgProxy(databaseUrl, port));
    expect(await rejection(postgres.ping())).toMatchObject({ cause: { name: 'BreakerOpen' } });
    time.nowMs = databaseBreakerLimits.resetMs;
    await postgres.ping();
    expect(told.slice(-2)).toEqual(['database half_open', 'database closed']);
    await Promise.all([postgres.ping(), postgres.ping(), postgres.ping()]);
  });

  it('a trial that fails keeps it shut for the same time again', async () => {
    const { postgres, told } = setUp(urlOn(await freePort()));
    await fail(postgres, 5);
    time.nowMs = databaseBreakerLimits.resetMs;
    await fail(postgres, 3);
    expect(told.slice(-3)).toEqual(['database half_open', 'ECONNREFUSED', 'database open']);
  });
});
