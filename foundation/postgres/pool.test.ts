// Transactions, tenants and faults of the pool on a real server.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { startTestDatabases, type TestDatabases } from '../../local/databases/test-databases.ts';
import { Fault } from '../fault/fault.ts';
import { newId } from '../ids/ids.ts';
import { violatedConstraint } from './database-fault.ts';
import { startPgProxy } from './pg-proxy.for-test.ts';
import { createPostgres, type Postgres } from './pool.ts';
import { type PoolObserver, silentObserver } from './pool-observer.ts';
import type { PostgresOptions } from './postgres-options.ts';
import type { SqlClient } from './statement.ts';

let databases: TestDatabases;
let url: string;
const open: Postgres[] = [];

function connect(options: Partial<PostgresOptions> = {}): Postgres {
  const postgres = createPostgres({
    url,
    applicationName: 'pool test',
    sizeMax: 3,
    acquireTimeoutMs: 5_000,
    onError: () => undefined,
    ...options,
  });
  open.push(postgres);
  return postgres;
}

async function admin(text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(text);
  await client.end();
}

const insert = (id: number, value = 'a') => ({
  name: 'test.insert_item',
  text: 'insert into item (id, value) values ($1, $2)',
  values: [id, value],
});

async function itemIds(postgres: SqlClient): Promise<number[]> {
  const { rows } = await postgres.query<{ id: number }>({
    name: 'test.list',
    text: 'select id from item order by id',
  });
  return rows.map((row) => row.id);
}

async function tenantOf(client: SqlClient): Promise<string | undefined> {
  const text = "select nullif(current_setting('app.tenant', true), '') as tenant";
  const { rows } = await client.query<{ tenant: string | null }>({ name: 'test.tenant', text });
  return rows[0]?.tenant ?? undefined;
}

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** A gate that opens once `count` callers have come. */
function gate(count: number): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let came = 0;
  return () => {
    came += 1;
    if (came === count) resolve();
    return promise;
  };
}

beforeAll(async () => {
  databases = await startTestDatabases();
  url = await databases.createDatabase('pool_test');
  await admin('create table item (id integer constraint item_pkey primary key, value text)');
}, 30_000);

afterEach(async () => {
  await Promise.all(open.splice(0).map((postgres) => postgres.close()));
  await admin('truncate item');
});

afterAll(() => databases.stop());

describe('a transaction', () => {
  it('commits what its work did', async () => {
    const postgres = connect();
    const answer = await postgres.tenantTransaction(newId(), async (client) => {
      await client.query(insert(1));
      return 'done';
    });
    expect([answer, await itemIds(postgres)]).toEqual(['done', [1]]);
  });

  it('rolls back on any throw and passes the error on', async () => {
    const postgres = connect();
    const error = await rejection(
      postgres.systemTransaction(async (client) => {
        await client.query(insert(1));
        throw new RangeError('no');
      }),
    );
    expect(error).toBeInstanceOf(RangeError);
    expect(await itemIds(postgres)).toEqual([]);
  });

  it('tells which constraint was broken', async () => {
    const postgres = connect();
    await postgres.query(insert(1));
    const error = await rejection(postgres.systemTransaction((client) => client.query(insert(1))));
    expect(violatedConstraint(error)).toEqual({ kind: 'unique', name: 'item_pkey' });
  });

  it('reports work that hid the error of a statement, since nothing was committed', async () => {
    const postgres = connect();
    const error = await rejection(
      postgres.systemTransaction(async (client) => {
        await client.query(insert(1));
        await rejection(client.query(insert(1)));
      }),
    );
    expect(error).toBeInstanceOf(Error);
    expect(await itemIds(postgres)).toEqual([]);
  });

  it('refuses a statement that comes after its end', async () => {
    const postgres = connect();
    const kept = await postgres.systemTransaction(async (client) => client);
    expect(await rejection(kept.query(insert(1)))).toBeInstanceOf(Error);
    expect(await itemIds(postgres)).toEqual([]);
  });

  it('is run again after a serialization fault', async () => {
    const postgres = connect();
    await postgres.query(insert(1, '0'));
    const bothHaveRead = gate(2);
    const raise = { name: 'test.raise', text: 'update item set value = (value::int + 1)::text where id = 1' };
    const attempt = async (client: SqlClient): Promise<void> => {
      await client.query({ name: 'test.level', text: 'set transaction isolation level repeatable read' });
      await itemIds(client);
      await bothHaveRead();
      await client.query(raise);
    };
    await Promise.all([postgres.systemTransaction(attempt), postgres.systemTransaction(attempt)]);
    const { rows } = await postgres.query({ name: 'test.read', text: 'select value from item' });
    expect(rows).toEqual([{ value: '2' }]);
  });

  it('is run again after a deadlock', async () => {
    const postgres = connect();
    await Promise.all([postgres.query(insert(1)), postgres.query(insert(2))]);
    const bothHold = gate(2);
    const update = (id: number) => ({
      name: 'test.update',
      text: 'update item set value = $2 where id = $1',
      values: [id, 'b'],
    });
    const crossing = (first: number, second: number) => async (client: SqlClient) => {
      await client.query(update(first));
      await bothHold();
      await client.query(update(second));
    };
    await Promise.all([
      postgres.systemTransaction(crossing(1, 2)),
      postgres.systemTransaction(crossing(2, 1)),
    ]);
    expect(await itemIds(postgres)).toEqual([1, 2]);
  });

  it('gives up a conflict after three more attempts with a fault that says to come back', async () => {
    const postgres = connect();
    let attempts = 0;
    const error = await rejection(
      postgres.systemTransaction(async (client) => {
        attempts += 1;
        await client.query({ name: 'test.fail', text: "do $$ begin raise sqlstate '40001'; end $$" });
      }),
    );
    expect(attempts).toBe(4);
    expect(error).toMatchObject({ reason: 'aborted', retryAfterMs: expect.any(Number) });
  });
});

describe('a tenant', () => {
  it('is set in its transactions and reads, and unset on every connection after checkout', async () => {
    const postgres = connect();
    const tenants = Array.from({ length: 30 }, () => newId());
    const seen = await Promise.all(
      tenants.map((tenant, at) =>
        at % 2 ? postgres.tenantRead(tenant, tenantOf) : postgres.tenantTransaction(tenant, tenantOf),
      ),
    );
    expect(seen).toEqual(tenants);
    const fail = async (client: SqlClient): Promise<never> => {
      await client.query({ name: 'test.wrong', text: 'select 1/0' });
      throw new Error('unreachable');
    };
    await Promise.all(tenants.map((tenant) => rejection(postgres.tenantTransaction(tenant, fail))));
    await Promise.all(tenants.map((tenant) => rejection(postgres.tenantRead(tenant, fail))));
    const allCheckedOut = gate(3);
    const look = async (client: SqlClient): Promise<{ session: unknown; tenant: string | undefined }> => {
      const { rows } = await client.query({
        name: 'test.session',
        text: 'select pg_backend_pid() as session',
      });
      await allCheckedOut();
      return { session: rows[0]?.session, tenant: await tenantOf(client) };
    };
    const looks = await Promise.all([1, 2, 3].map(() => postgres.systemTransaction(look)));
    expect(new Set(looks.map((it) => it.session)).size).toBe(3);
    expect(looks.map((it) => it.tenant)).toEqual([undefined, undefined, undefined]);
    expect(await tenantOf(postgres)).toBeUndefined();
  });

  it('that is no UUID is refused before anything is done', async () => {
    const postgres = connect();
    const error = await rejection(
      postgres.tenantTransaction("x'; drop table item; --", (client) => client.query(insert(1))),
    );
    expect(error).toBeInstanceOf(RangeError);
    expect(await rejection(postgres.tenantRead('', itemIds))).toBeInstanceOf(RangeError);
    expect(await itemIds(postgres)).toEqual([]);
  });
});

describe('a read', () => {
  it('cannot write', async () => {
    const postgres = connect();
    expect(await rejection(postgres.tenantRead(newId(), (client) => client.query(insert(1))))).toBeInstanceOf(
      Error,
    );
    expect(await itemIds(postgres)).toEqual([]);
  });
});

describe('the pool', () => {
  it('answers unavailable when it stays exhausted, and works again afterwards', async () => {
    const postgres = connect({ sizeMax: 1, acquireTimeoutMs: 50 });
    const error = await postgres.systemTransaction(() => rejection(postgres.ping()));
    expect(error).toMatchObject({ reason: 'unavailable', retryAfterMs: expect.any(Number) });
    await postgres.ping();
  });

  it('answers unavailable when nobody listens', async () => {
    const away = Object.assign(new URL(url), { port: '1' }).toString();
    const error = await rejection(connect({ url: away }).ping());
    expect(error).toBeInstanceOf(Fault);
    expect(error).toMatchObject({ reason: 'unavailable', retryAfterMs: expect.any(Number) });
  });

  it('answers deadline_exceeded for a statement that takes too long', async () => {
    const postgres = connect({ statementTimeoutMs: 20 });
    const error = await rejection(postgres.query({ name: 'test.sleep', text: 'select pg_sleep(10)' }));
    expect(error).toMatchObject({ reason: 'deadline_exceeded' });
  });

  it('runs a transaction again whose connection broke before the commit', async () => {
    const postgres = connect();
    let attempts = 0;
    await postgres.systemTransaction(async (client) => {
      attempts += 1;
      await client.query(insert(attempts));
      const { rows } = await client.query<{ pid: number }>({
        name: 'test.pid',
        text: 'select pg_backend_pid() as pid',
      });
      if (attempts === 1) await admin(`select pg_terminate_backend(${rows[0]?.pid}, 5000)`);
      await client.query(insert(attempts + 10));
    });
    expect(await itemIds(postgres)).toEqual([2, 12]);
  });

  it('does not run a transaction again whose commit may have happened, and says so', async () => {
    const proxy = await startPgProxy(url);
    const postgres = connect({ url: proxy.url, sizeMax: 1 });
    let attempts = 0;
    proxy.cutAtReplyTo('commit');
    const error = await rejection(
      postgres.systemTransaction((client) => {
        attempts += 1;
        return client.query(insert(attempts));
      }),
    );
    expect(error).toMatchObject({ reason: 'unavailable', message: 'The outcome of the write is not known' });
    expect(await itemIds(postgres)).toEqual([1]);
    await Promise.all(open.splice(0).map((it) => it.close()));
    await proxy.close();
  });

  it('reports idle connections that broke and replaces them', async () => {
    const broken = Promise.withResolvers<Error>();
    const postgres = connect({ sizeMax: 1, onError: broken.resolve });
    await postgres.ping();
    await admin(
      "select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = 'pool test'",
    );
    expect(await broken.promise).toBeInstanceOf(Error);
    await postgres.ping();
  });

  it('waits for running transactions when it is closed', async () => {
    const postgres = connect();
    open.splice(0);
    const started = gate(1);
    const running = postgres.systemTransaction(async (client) => {
      await started();
      await client.query(insert(1));
    });
    await started();
    await Promise.all([running, postgres.close()]);
    expect(await itemIds(connect())).toEqual([1]);
  });

  it('has closed every connection once it is closed', async () => {
    let [opened, closed] = [0, 0];
    const observer: PoolObserver = {
      ...silentObserver,
      connectionOpened: () => {
        opened += 1;
      },
      connectionClosed: () => {
        closed += 1;
      },
    };
    const observed = connect({ observer });
    open.splice(0);
    await Promise.all(
      [1, 2, 3].map(() => observed.query({ name: 'test.sleep', text: 'select pg_sleep(0.01)' })),
    );
    await observed.close();
    expect([opened, closed]).toEqual([3, 3]);
  });

  it('tells its observer what went on', async () => {
    const told: string[] = [];
    const observer: PoolObserver = {
      ...silentObserver,
      connectionsActive: (count) => told.push(`active ${count}`),
      transactionEnded: (operation) => told.push(`${operation} ended`),
      statementEnded: () => told.push('statement ended'),
      connectionFailed: (type) => told.push(`failed ${type}`),
    };
    const postgres = connect({ observer });
    await postgres.tenantTransaction(newId(), itemIds);
    await rejection(
      postgres.systemTransaction((client) => client.query({ name: 'test.wrong', text: 'select 1/0' })),
    );
    const away = Object.assign(new URL(url), { port: '1' }).toString();
    await rejection(connect({ url: away, observer }).ping());
    expect(told).toEqual([
      'active 1',
      'statement ended',
      'active 0',
      'write ended',
      'active 1',
      'statement ended',
      'active 0',
      'system ended',
      'failed ECONNREFUSED',
    ]);
  });
});
