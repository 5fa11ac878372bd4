// Reads on a replica: who answers what, and what happens while the replica is away. Two databases stand for primary and replica.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type OwnTestDatabases, startOwnTestDatabases } from '../../local/databases/test-databases.ts';
import { newId } from '../ids/ids.ts';
import { createPostgres, type Postgres } from './pool.ts';
import { withReadReplica } from './read-replica.ts';
import type { SqlClient } from './statement.ts';

let databases: OwnTestDatabases;
const urls = { primary: '', replica: '' };
const tenantId = newId();
let fallbacks: string[];
let open: Postgres[];

function connect(url: string): Postgres {
  return createPostgres({ url, applicationName: 'test', sizeMax: 2, acquireTimeoutMs: 5_000 });
}

function openBoth(replicaUrl = urls.replica): Postgres {
  const postgres = withReadReplica(connect(urls.primary), connect(replicaUrl), ({ reason }) =>
    fallbacks.push(reason),
  );
  open.push(postgres);
  return postgres;
}

async function whoAnswers(client: SqlClient): Promise<unknown> {
  const { rows } = await client.query({ name: 'test.who', text: 'select current_database() as name' });
  return rows[0]?.name;
}

async function admin(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(text);
  await client.end();
}

const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

beforeAll(async () => {
  databases = await startOwnTestDatabases();
  urls.primary = await databases.createDatabase('primary');
  urls.replica = await databases.createDatabase('replica');
}, 30_000);

beforeEach(() => {
  fallbacks = [];
  open = [];
});

afterEach(async () => {
  await Promise.all(open.map((postgres) => postgres.close()));
});

afterAll(() => databases.stop());

describe('with a replica', () => {
  it('reads go to it, and everything else to the primary', async () => {
    const postgres = openBoth();
    expect(await postgres.tenantRead(tenantId, whoAnswers)).toBe('replica');
    expect(await postgres.tenantRead(tenantId, whoAnswers, { fresh: false })).toBe('replica');
    expect(await postgres.tenantRead(tenantId, whoAnswers, { fresh: true })).toBe('primary');
    expect(await postgres.tenantTransaction(tenantId, whoAnswers)).toBe('primary');
    expect(await postgres.systemTransaction(whoAnswers)).toBe('primary');
    expect(await whoAnswers(postgres)).toBe('primary');
    expect(fallbacks).toEqual([]);
  });

  it('reads are answered by the primary while the replica is away, and by the replica when it is back', async () => {
    const postgres = openBoth();
    await admin(databases.adminUrl, 'alter database replica with allow_connections false');
    expect(await postgres.tenantRead(tenantId, whoAnswers)).toBe('primary');
    await postgres.ping();
    expect(fallbacks).toEqual(['unavailable']);
    await admin(databases.adminUrl, 'alter database replica with allow_connections true');
    expect(await postgres.tenantRead(tenantId, whoAnswers)).toBe('replica');
  });

  it('a read that the replica gives up for what its primary changed is answered by the primary', async () => {
    const postgres = openBoth();
    const read = async (client: SqlClient): Promise<unknown> => {
      const text = `do $$ begin
        if current_database() = 'replica' then raise sqlstate '40001'; end if;
      end $$`;
      await client.query({ name: 'test.conflict', text });
      return whoAnswers(client);
    };
    expect(await postgres.tenantRead(tenantId, read)).toBe('primary');
    expect(fallbacks).toEqual(['aborted']);
  });

  it('an error of the read itself is not asked twice', async () => {
    const postgres = openBoth();
    let runs = 0;
    const wrong = async (client: SqlClient): Promise<unknown> => {
      runs += 1;
      return client.query({ name: 'test.wrong', text: 'select 1/0' });
    };
    expect(await rejection(postgres.tenantRead(tenantId, wrong))).toMatchObject({ code: '22012' });
    expect([runs, fallbacks]).toEqual([1, []]);
  });
});
