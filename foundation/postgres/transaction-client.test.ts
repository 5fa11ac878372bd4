// Savepoints: what is undone, what goes on, and what is refused.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { startTestDatabases, type TestDatabases } from '../../local/databases/test-databases.ts';
import { newId } from '../ids/ids.ts';
import { violatedConstraint } from './database-fault.ts';
import { createPostgres, type Postgres } from './pool.ts';
import type { SqlClient } from './statement.ts';
import { savepointsMax, type TransactionClient } from './transaction-client.ts';

let databases: TestDatabases;
let databaseUrl: string;
let postgres: Postgres;
let admin: pg.Client;

const insert = (client: SqlClient, id: number) =>
  client.query({ name: 'test.insert', text: 'insert into item (id) values ($1)', values: [id] });

async function ids(): Promise<number[]> {
  const { rows } = await admin.query<{ id: number }>('select id from item order by id');
  return rows.map(({ id }) => id);
}

const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

beforeAll(async () => {
  databases = await startTestDatabases();
  databaseUrl = await databases.createDatabase('transaction_client');
  admin = new pg.Client({ connectionString: databaseUrl });
  await admin.connect();
  await admin.query('create table item (id integer constraint item_pkey primary key)');
  postgres = createPostgres({
    url: databaseUrl,
    applicationName: 'test',
    sizeMax: 2,
    acquireTimeoutMs: 5_000,
  });
}, 30_000);

afterEach(() => admin.query('truncate item'));

afterAll(async () => {
  await postgres.close();
  await admin.end();
  await databases.stop();
});

describe('a savepoint', () => {
  it('answers what its work answers, and is committed with the transaction', async () => {
    const answer = await postgres.systemTransaction(async (client) => {
      await insert(client, 1);
      const inner = await client.savepoint(async (nested) => {
        await insert(nested, 2);
        return 'inner';
      });
      await insert(client, 3);
      return inner;
    });
    expect([answer, await ids()]).toEqual(['inner', [1, 2, 3]]);
  });

  it('undoes its work alone when it throws, and the transaction goes on', async () => {
    await postgres.systemTransaction(async (client) => {
      await insert(client, 1);
      const error = await rejection(
        client.savepoint(async (nested) => {
          await insert(nested, 2);
          await insert(nested, 1);
        }),
      );
      expect(violatedConstraint(error)).toEqual({ kind: 'unique', name: 'item_pkey' });
      await insert(client, 3);
    });
    expect(await ids()).toEqual([1, 3]);
  });

  it('is undone with the one around it', async () => {
    await postgres.systemTransaction(async (client) => {
      await insert(client, 1);
      await rejection(
        client.savepoint(async (outer) => {
          await insert(outer, 2);
          await outer.savepoint((inner) => insert(inner, 3));
          throw new Error('no');
        }),
      );
      await client.savepoint(async (outer) => {
        await rejection(outer.savepoint((inner) => insert(inner, 1)));
        await insert(outer, 4);
      });
    });
    expect(await ids()).toEqual([1, 4]);
  });

  it('is undone with its transaction', async () => {
    await rejection(
      postgres.systemTransaction(async (client) => {
        await client.savepoint((nested) => insert(nested, 1));
        throw new Error('no');
      }),
    );
    expect(await ids()).toEqual([]);
  });

  it('reports work that hid the error of a statement', async () => {
    await postgres.systemTransaction(async (client) => {
      await insert(client, 1);
      const error = await rejection(
        client.savepoint(async (nested) => {
          await insert(nested, 2);
          await rejection(insert(nested, 1));
        }),
      );
      expect(error).toBeInstanceOf(Error);
    });
    expect(await ids()).toEqual([1]);
  });

  it('works in reads too', async () => {
    const { rows } = await postgres.tenantRead(newId(), async (client) => {
      const error = await rejection(
        client.savepoint((nested) => nested.query({ name: 'test.wrong', text: 'select 1/0' })),
      );
      expect(error).toMatchObject({ code: '22012' });
      const inside = { name: 'test.two', text: 'select 2 as two' };
      expect((await client.savepoint((nested) => nested.query(inside))).rows).toEqual([{ two: 2 }]);
      return client.query({ name: 'test.one', text: 'select 1 as one' });
    });
    expect(rows).toEqual([{ one: 1 }]);
  });

  it('keeps the clients around it from statements that it would undo, and its own from coming late', async () => {
    const refused: unknown[] = [];
    let late: TransactionClient | undefined;
    await postgres.systemTransaction(async (client) => {
      await client.savepoint(async (nested) => {
        late = nested;
        refused.push(await rejection(insert(client, 1)), await rejection(client.savepoint(async () => 1)));
        await insert(nested, 2);
      });
      if (late)
        refused.push(await rejection(insert(late, 3)), await rejection(late.savepoint(async () => 1)));
    });
    expect(refused.map((error) => error instanceof Error)).toEqual([true, true, true, true]);
    expect(await ids()).toEqual([2]);
  });

  it('that nobody waited for touches nothing after the end of its transaction', async () => {
    const ended = Promise.withResolvers<void>();
    let stray: Promise<unknown> = Promise.resolve();
    await postgres.systemTransaction(async (client) => {
      const begun = Promise.withResolvers<void>();
      stray = rejection(
        client.savepoint(async (nested) => {
          await insert(nested, 1);
          begun.resolve();
          await ended.promise;
          await insert(nested, 2);
        }),
      );
      await begun.promise;
    });
    await postgres.systemTransaction(async (client) => {
      ended.resolve();
      expect(await stray).toBeInstanceOf(Error);
      await insert(client, 3);
    });
    expect(await ids()).toEqual([1, 3]);
  });

  it('does not nest without end', async () => {
    const nest = async (client: TransactionClient): Promise<void> => client.savepoint(nest);
    const error = await rejection(postgres.systemTransaction(nest));
    expect(error).toEqual(new RangeError(`More than ${savepointsMax} nested savepoints`));
  });
});
