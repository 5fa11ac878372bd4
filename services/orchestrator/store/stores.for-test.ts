// The orchestrator's stores on a database of their own, under the roles that production uses.
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { createPostgres, type Postgres } from '../../../foundation/postgres/pool.ts';
import type { TestDatabases } from '../../../local/databases/test-databases.ts';
import { createPostgresDeletionQueue, createPostgresDeletionStore } from './postgres-deletion-store.ts';
import { createPostgresEngineStore } from './postgres-engine-store.ts';
import { createPostgresExecutionStore } from './postgres-execution-store.ts';
import { createPostgresJournalStore, journalSessionSettings } from './postgres-journal-store.ts';
import { createPostgresOwnerStore } from './postgres-owner-store.ts';
import { appRole, engineRole, prepareOrchestratorDatabase } from './schema.ts';
import type { DeletionQueue, DeletionStore, EngineStore, ExecutionStore, OwnerStore } from './store.ts';

const password = 'for-tests';

/** URLs of one prepared database. */
export interface TestUrls {
  /** The superuser's. */
  readonly admin: string;
  readonly app: string;
  readonly engine: string;
}

/** Stores with everything a test needs beside them. Close them before the databases stop. */
export interface TestStores {
  readonly urls: TestUrls;
  readonly executions: ExecutionStore;
  readonly engine: EngineStore;
  readonly owners: OwnerStore;
  readonly deletions: DeletionStore;
  readonly deletionQueue: DeletionQueue;
  /** Under the role that serves requests. */
  readonly app: Postgres;
  /** Under the role of the engine. */
  readonly enginePool: Postgres;
  /** The superuser's connection: no row-level security. */
  readonly admin: pg.Client;
  /** Registers an owner and answers its id. */
  newOwner(): Promise<string>;
  /** Resolves once so many statements wait for a lock. */
  untilBlocked(statements: number): Promise<void>;
  close(): Promise<void>;
}

/** How a pool differs from the usual one. */
export interface TestPoolOptions {
  readonly sessionSettings?: Readonly<Record<string, string>>;
  /** [6] */
  readonly sizeMax?: number;
}

/** A pool of a few connections. */
export function openTestPool(url: string, { sessionSettings, sizeMax = 6 }: TestPoolOptions = {}): Postgres {
  return createPostgres({
    url,
    applicationName: 'test',
    sizeMax,
    acquireTimeoutMs: 5_000,
    onError: () => undefined,
    sessionSettings,
  });
}

/** A new database with the schema, and its URLs for each role. */
export async function prepareTestDatabase(databases: TestDatabases, name: string): Promise<TestUrls> {
  const adminUrl = await databases.createDatabase(name);
  await prepareOrchestratorDatabase({ adminUrl, appPassword: password, enginePassword: password });
  const as = (username: string) => Object.assign(new URL(adminUrl), { username, password }).toString();
  return { admin: adminUrl, app: as(appRole), engine: as(engineRole) };
}

/** Stores on a new database of this name. */
export async function openTestStores(databases: TestDatabases, name: string): Promise<TestStores> {
  const urls = await prepareTestDatabase(databases, name);
  const [app, enginePool] = [openTestPool(urls.app), openTestPool(urls.engine)];
  const journalPool = openTestPool(urls.engine, { sessionSettings: journalSessionSettings });
  const admin = new pg.Client({ connectionString: urls.admin });
  await admin.connect();
  const owners = createPostgresOwnerStore(enginePool);
  return {
    urls,
    executions: createPostgresExecutionStore(app),
    engine: createPostgresEngineStore(enginePool, createPostgresJournalStore(journalPool)),
    owners,
    deletions: createPostgresDeletionStore(app),
    deletionQueue: createPostgresDeletionQueue(enginePool),
    app,
    enginePool,
    admin,
    async newOwner() {
      const ownerId = randomUUID();
      await owners.register({ ownerId, replicaName: ownerId, address: '127.0.0.1:1' });
      return ownerId;
    },
    async untilBlocked(statements) {
      for (let blocked = -1; blocked < statements; ) {
        const { rows } = await admin.query<{ blocked: number }>(
          `select count(*)::int as blocked from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        );
        blocked = rows[0]?.blocked ?? 0;
      }
    },
    close: async () => {
      await Promise.all([app.close(), enginePool.close(), journalPool.close(), admin.end()]);
    },
  };
}
