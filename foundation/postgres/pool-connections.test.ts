// How many connections a pool has, which of them it trusts, and what it says when there is none.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../../local/databases/free-port.ts';
import { startTestDatabases, type TestDatabases } from '../../local/databases/test-databases.ts';
import { emptyQuery, type PgProxy, startPgProxy } from './pg-proxy.for-test.ts';
import { createPostgres, type Postgres } from './pool.ts';
import { type PoolObserver, silentObserver } from './pool-observer.ts';
import type { PostgresOptions } from './postgres-options.ts';

let databases: TestDatabases;
let databaseUrl: string;
const toClose: { close(): Promise<void> }[] = [];
const time = { nowMs: 0 };

function open(options: Partial<PostgresOptions> = {}): Postgres {
  const postgres = createPostgres({
    url: databaseUrl,
    applicationName: 'connections test',
    sizeMax: 3,
    acquireTimeoutMs: 5_000,
    nowMs: () => time.nowMs,
    ...options,
  });
  toClose.unshift(postgres);
  return postgres;
}

async function proxy(): Promise<PgProxy> {
  const it = await startPgProxy(databaseUrl);
  toClose.push(it);
  return it;
}

/** An observer that counts, and a way to wait until so many connections were closed. */
function counting() {
  const counts = { opened: 0, closed: 0 };
  const waiters: (() => void)[] = [];
  const observer: PoolObserver = {
    ...silentObserver,
    connectionOpened: () => {
      counts.opened += 1;
    },
    connectionClosed: () => {
      counts.closed += 1;
      for (const wake of waiters.splice(0)) wake();
    },
  };
  const untilClosed = async (closed: number): Promise<void> => {
    while (counts.closed < closed) await new Promise<void>((resolve) => waiters.push(resolve));
  };
  return { counts, observer, untilClosed };
}

/** Holds `count` connections at the same time, then gives them back. */
async function holdTogether(postgres: Postgres, count: number): Promise<void> {
  const all = Promise.withResolvers<void>();
  let held = 0;
  const hold = () =>
    postgres.systemTransaction(async (client) => {
      await client.query({ name: 'test.one', text: 'select 1' });
      held += 1;
      if (held === count) all.resolve();
      await all.promise;
    });
  await Promise.all(Array.from({ length: count }, hold));
}

/** An ErrorResponse of PostgreSQL's protocol, version 3. */
function fatalError(sqlState: string, text: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${sqlState}\0M${text}\0\0`);
  const head = Buffer.from('E\0\0\0\0', 'latin1');
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}

const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

beforeAll(async () => {
  databases = await startTestDatabases();
  databaseUrl = await databases.createDatabase('pool_connections');
}, 30_000);

afterEach(async () => {
  time.nowMs = 0;
  for (const it of toClose.splice(0)) await it.close();
});

afterAll(() => databases.stop());

describe('connections beyond those that are kept', () => {
  it('are opened up to the most, and closed when they are idle', async () => {
    const { counts, observer, untilClosed } = counting();
    const postgres = open({ sizeKept: 1, sizeMax: 3, idleTimeoutMs: 20, observer });
    await holdTogether(postgres, 3);
    await untilClosed(2);
    expect(counts).toEqual({ opened: 3, closed: 2 });
    await postgres.ping();
    expect(counts).toEqual({ opened: 3, closed: 2 });
  });

  it('are as many as the settings say and no more', async () => {
    const { counts, observer } = counting();
    const postgres = open({ sizeKept: 1, sizeMax: 2, observer });
    await Promise.all([1, 2, 3, 4, 5].map(() => postgres.ping()));
    expect(counts.opened).toBe(2);
  });
});

describe('the figures of a pool', () => {
  it('tell what is kept, used and idle', async () => {
    const postgres = open({ sizeKept: 2, sizeMax: 3 });
    const none = { kept: 2, broken: 0 };
    expect(postgres.figures()).toEqual({ ...none, idle: 0, inUse: 0 });
    const inside = await postgres.systemTransaction(async () => postgres.figures());
    expect(inside).toEqual({ ...none, idle: 0, inUse: 1 });
    await holdTogether(postgres, 3);
    expect(postgres.figures()).toEqual({ ...none, idle: 3, inUse: 0 });
  });

  it('count connections that broke in use, and those that were found silent', async () => {
    const { cutAtReplyTo, mute, url } = await proxy();
    const postgres = open({ url, sizeMax: 2, answerTimeoutMs: 50 });
    cutAtReplyTo('select 42');
    await rejection(postgres.query({ name: 'test.cut', text: 'select 42' }));
    expect(postgres.figures()).toMatchObject({ broken: 1, inUse: 0 });
    await holdTogether(postgres, 2);
    mute();
    time.nowMs = 60_000;
    await postgres.ping();
    expect(postgres.figures()).toEqual({ kept: 2, idle: 1, inUse: 0, broken: 3 });
  });
});

describe('a connection that is lost with the last word of its login', () => {
  it('ends no process, serves nobody and is replaced', async () => {
    const { accepted, sayAfterLogin, url } = await proxy();
    const postgres = open({ url, sizeMax: 1 });
    sayAfterLogin(fatalError('57P01', 'terminating connection due to unexpected postmaster exit'));
    await postgres.ping();
    expect(accepted()).toBe(2);
    expect(postgres.figures()).toMatchObject({ broken: 1, idle: 1, inUse: 0 });
  });
});

describe('an old connection', () => {
  it('is replaced', async () => {
    const { counts, observer, untilClosed } = counting();
    const postgres = open({ sizeMax: 1, recycleMs: 30, observer });
    await postgres.ping();
    await untilClosed(1);
    await postgres.ping();
    expect(counts.opened).toBe(2);
  });
});

describe('an idle connection', () => {
  it('is asked whether it still reaches the server, unless it was used within a second', async () => {
    const { url, sent } = await proxy();
    const asked = (): number => sent().split(emptyQuery).length - 1;
    const postgres = open({ url, sizeMax: 1 });
    await postgres.ping();
    time.nowMs = 999;
    await postgres.ping();
    expect(asked()).toBe(0);
    time.nowMs += 1_000;
    await postgres.ping();
    expect(asked()).toBe(1);
  });

  it('that fell silent is replaced before anyone gets it, and with it all that were idle as long', async () => {
    const { accepted, mute, sent, url } = await proxy();
    const { counts, observer } = counting();
    const told: unknown[] = [];
    const silent = { ...observer, connectionFailed: (type: string) => void told.push(type) };
    const onError = (error: Error) => void told.push(error);
    const postgres = open({ url, sizeMax: 3, answerTimeoutMs: 50, observer: silent, onError });
    await holdTogether(postgres, 3);
    mute();
    time.nowMs = 60_000;
    await postgres.ping();
    expect(accepted()).toBe(4);
    expect(sent().split(emptyQuery)).toHaveLength(2);
    await holdTogether(postgres, 3);
    expect(counts.opened - counts.closed).toBe(3);
    expect(told).toEqual([]);
  });
});

describe('without a connection', () => {
  const failuresOf = (told: string[]): PoolObserver => ({
    ...silentObserver,
    connectionFailed: (type) => told.push(type),
  });

  it('an exhausted pool is told from a database that is away and from one that does not answer', async () => {
    const told: string[] = [];
    const observer = failuresOf(told);
    const full = open({ sizeMax: 1, acquireTimeoutMs: 500, observer });
    const exhausted = await full.systemTransaction(() => rejection(full.ping()));
    const nobody = Object.assign(new URL(databaseUrl), { port: String(await freePort()) });
    const away = await rejection(open({ url: nobody.toString(), observer }).ping());
    const deaf = await startDeafServer();
    const timedOut = await rejection(open({ url: deaf, acquireTimeoutMs: 30, observer }).ping());
    expect(told).toEqual(['pool_exhausted', 'ECONNREFUSED', 'timeout']);
    for (const error of [exhausted, away, timedOut]) {
      expect(error).toMatchObject({ reason: 'unavailable', message: 'The database is not available' });
    }
    expect(exhausted).toMatchObject({ cause: { name: 'PoolExhausted' } });
    expect(away).toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    expect(timedOut).toMatchObject({ cause: { name: 'AcquireTimeout' } });
  });

  it('a connection that comes after its caller gave up goes to the next', async () => {
    const known = Promise.withResolvers<string>();
    const opened = Promise.withResolvers<void>();
    const { sent, url } = await proxy();
    const observer = { ...silentObserver, connectionOpened: opened.resolve };
    const postgres = open({ url: () => known.promise, sizeMax: 1, acquireTimeoutMs: 500, observer });
    expect(await rejection(postgres.ping())).toMatchObject({ cause: { name: 'AcquireTimeout' } });
    known.resolve(url);
    await opened.promise;
    time.nowMs = 60_000; // idle for long, though nobody ever used it
    await Promise.all([postgres.ping(), postgres.ping()]);
    expect(sent().split(emptyQuery)).toHaveLength(2);
  });

  it('a closed pool refuses at once, which is no failure of the database', async () => {
    const told: string[] = [];
    const breaker = { observer: (_name: string, to: string) => void told.push(to) };
    const postgres = open({ observer: failuresOf(told), breaker });
    toClose.shift();
    await postgres.ping();
    await postgres.close();
    for (let call = 0; call < 6; call += 1) {
      const error = await rejection(postgres.ping());
      expect(error).toMatchObject({ reason: 'unavailable', cause: { name: 'PoolClosed' } });
    }
    expect(told).toEqual(['closed']);
  });

  it('a caller that gave up leaves its connection to the next', async () => {
    const postgres = open({ sizeMax: 1, acquireTimeoutMs: 500 });
    await postgres.systemTransaction(() => rejection(postgres.ping()));
    await Promise.all([postgres.ping(), postgres.ping(), postgres.ping()]);
  });
});

/** The URL of a server that accepts connections and never says a word. */
async function startDeafServer(): Promise<string> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  toClose.push({
    close: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  });
  return `postgresql://u:p@127.0.0.1:${(server.address() as AddressInfo).port}/d`;
}
