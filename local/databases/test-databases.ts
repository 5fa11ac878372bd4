// Databases for one test file: real, started in about a second, gone afterwards. They give up durability, which no test of a store needs.
import pg from 'pg';
import { withOwnClient } from '../../foundation/postgres/own-client.ts';
import { type LocalDatabases, startLocalDatabases } from './databases.ts';

/** Running databases with a way to get empty ones. Call `stop` in `afterAll`. */
export interface TestDatabases extends LocalDatabases {
  /** Makes an empty database and answers the superuser's URL of it. The name is new: lower-case letters, digits, underscores. */
  createDatabase(name: string): Promise<string>;
}

/** Starts a pair of databases that this test file alone uses. */
export async function startTestDatabases(): Promise<TestDatabases> {
  const databases = await startLocalDatabases({ durable: false });
  const createDatabase = async (name: string): Promise<string> => {
    await withOwnClient({ connectionString: databases.adminUrl }, (client) =>
      client.query(`create database ${pg.escapeIdentifier(name)}`),
    );
    return Object.assign(new URL(databases.adminUrl), { pathname: `/${name}` }).toString();
  };
  return { ...databases, createDatabase };
}
