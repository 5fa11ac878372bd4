// Only connections that are fit for the next holder go back to the pool.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestDatabases, type TestDatabases } from '../../local/databases/test-databases.ts';
import { type Checkout, createCheckout } from './checkout.ts';

let databases: TestDatabases;
let databaseUrl: string;
let checkout: Checkout;

const pid = { name: 'test.pid', text: 'select pg_backend_pid() as pid' };

beforeAll(async () => {
  databases = await startTestDatabases();
  databaseUrl = await databases.createDatabase('checkout');
  checkout = createCheckout({
    url: databaseUrl,
    applicationName: 'test',
    sizeMax: 1,
    acquireTimeoutMs: 5_000,
    onError: () => undefined,
  });
}, 30_000);

afterAll(async () => {
  await checkout.close();
  await databases.stop();
});

/** The server's process behind the only connection, after its holder did something with it. */
async function pidAfter(
  use: (connection: Awaited<ReturnType<Checkout['acquire']>>) => Promise<unknown>,
): Promise<unknown> {
  const connection = await checkout.acquire();
  const { rows } = await connection.query(pid);
  await use(connection);
  connection.release();
  return rows[0]?.pid;
}

describe('a connection', () => {
  it('is used again after its release', async () => {
    const first = await pidAfter(async () => undefined);
    expect(await pidAfter(async () => undefined)).toBe(first);
  });

  it('fails its holder once it is broken off, and is replaced', async () => {
    let error: unknown;
    const broken = await pidAfter(async (connection) => {
      connection.breakOff();
      error = await connection.query(pid).catch((it: unknown) => it);
    });
    expect(error).toMatchObject({ reason: 'unavailable' });
    expect(await pidAfter(async () => undefined)).not.toBe(broken);
  });

  it('is replaced when it is released inside a transaction', async () => {
    const left = await pidAfter((connection) => connection.command('begin'));
    expect(await pidAfter(async () => undefined)).not.toBe(left);
  });
});
