// Databases for one test file: real, and gone afterwards. They give up durability, which no test of a store needs. Most test files share the
// PostgreSQL of their process, which the first of them starts; one that stops, restarts or reconfigures its server, makes roles, or
// needs DynamoDB beside it has its own.
import pg from 'pg';
import { withOwnClient } from '../../foundation/postgres/own-client.ts';
import { type LocalDatabases, startLocalDatabases, temporaryFolder } from './databases.ts';
import { startLocalPostgres } from './postgres.ts';

/** Empty databases on a running PostgreSQL. Call `stop` in `afterAll`. */
export interface TestDatabases {
  /** Makes an empty database and answers the superuser's URL of it. The name has lower-case letters, digits, underscores, 50 at most. */
  createDatabase(name: string): Promise<string>;
  /** Ends the connections to every database that was made here and removes it. */
  stop(): Promise<void>;
}

/** A pair of databases that this test file alone uses. Names of databases are exactly those that are asked for. */
export interface OwnTestDatabases extends LocalDatabases, TestDatabases {}

const sharedServer = startOnce(async () => {
  const dataDir = await temporaryFolder();
  return startLocalPostgres({ dataDir, durable: false, ephemeral: true, background: true });
});
const numbers = countUp();

/**
 * Databases on the server that all test files of this process share. Their names get a number that is used once; roles stay, so
 * passwords are those of who prepared a schema last.
 */
export async function startTestDatabases(): Promise<TestDatabases> {
  const { adminUrl } = await sharedServer();
  const made: string[] = [];
  return {
    createDatabase: (name) => {
      const numbered = `${name}_${numbers()}`;
      made.push(numbered);
      return createDatabase(adminUrl, numbered);
    },
    stop: () =>
      withOwnClient({ connectionString: adminUrl }, async (client) => {
        for (const name of made.splice(0))
          await client.query(`drop database if exists ${pg.escapeIdentifier(name)} with (force)`);
      }),
  };
}

/** Starts a pair of databases that this test file alone uses, in about a second. */
export async function startOwnTestDatabases(): Promise<OwnTestDatabases> {
  const databases = await startLocalDatabases({ durable: false });
  return { ...databases, createDatabase: (name) => createDatabase(databases.adminUrl, name) };
}

async function createDatabase(adminUrl: string, name: string): Promise<string> {
  await withOwnClient({ connectionString: adminUrl }, (client) =>
    client.query(`create database ${pg.escapeIdentifier(name)}`),
  );
  return Object.assign(new URL(adminUrl), { pathname: `/${name}` }).toString();
}

/** What the first call starts; a start that fails is tried again by the next call. */
function startOnce<T>(start: () => Promise<T>): () => Promise<T> {
  let started: Promise<T> | undefined;
  return () => {
    started ??= start();
    started.catch(() => {
      started = undefined;
    });
    return started;
  };
}

function countUp(): () => number {
  let last = 0;
  return () => {
    last += 1;
    return last;
  };
}
