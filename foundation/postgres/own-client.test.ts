// A connection of its own on a real server: closed whatever happens, and its loss is told by a statement, never by the end of the process.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type OwnTestDatabases, startOwnTestDatabases } from '../../local/databases/test-databases.ts';
import { withOwnClient } from './own-client.ts';

let databases: OwnTestDatabases;
beforeAll(async () => {
  databases = await startOwnTestDatabases();
}, 30_000);
afterAll(() => databases?.stop());

const configOf = (name: string) => ({ connectionString: databases.adminUrl, application_name: name });

const openOnes = (name: string) =>
  withOwnClient(configOf('observer'), async (client) => {
    const text = 'select count(*)::int as count from pg_stat_activity where application_name = $1';
    return (await client.query<{ count: number }>(text, [name])).rows[0]?.count;
  });

async function until(name: string, count: number): Promise<void> {
  while ((await openOnes(name)) !== count);
}

describe('withOwnClient', () => {
  it('answers what the work answers and closes the connection', async () => {
    const answer = withOwnClient(configOf('worker'), async (client) => {
      await until('worker', 1);
      return (await client.query<{ two: number }>('select 2 as two')).rows[0]?.two;
    });
    expect(await answer).toBe(2);
    await until('worker', 0);
  });

  it('closes the connection when the work fails, and tells its failure', async () => {
    const failing = withOwnClient(configOf('failing'), (client) => client.query('select * from nowhere'));
    await expect(failing).rejects.toThrow('relation "nowhere" does not exist');
    await until('failing', 0);
  });

  it('lets the next statement tell that the server ended a connection at rest', async () => {
    const work = withOwnClient(configOf('at rest'), async (client) => {
      const { promise: ended, resolve } = Promise.withResolvers<void>();
      client.once('end', resolve);
      await withOwnClient(configOf('killer'), (killer) =>
        killer.query(
          `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'at rest'`,
        ),
      );
      await ended;
      await client.query('select 1');
    });
    await expect(work).rejects.toThrow('not queryable');
  });
});
