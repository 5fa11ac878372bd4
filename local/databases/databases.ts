// Both databases of a mesh on one machine, started and stopped together: a real PostgreSQL and a DynamoDB emulator.
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalDynamodb, startLocalDynamodb } from './dynamodb.ts';
import { type LocalPostgres, startLocalPostgres } from './postgres.ts';

/** Where the databases keep their data. */
export interface LocalDatabasesOptions {
  /** Kept from start to start; absent uses a temporary folder and memory, which are gone after `stop`. */
  readonly dataDir?: string | undefined;
  /** False gives up durability for speed, for tests only [true]. */
  readonly durable?: boolean;
  /** Memory in which PostgreSQL keeps pages, in MB; more than the default is for measuring [64]. */
  readonly pagesMb?: number;
}

/** Running databases. */
export interface LocalDatabases {
  /** The PostgreSQL superuser's URL, database `postgres`. */
  readonly adminUrl: string;
  /** The emulator's URL; any region and any credentials will do. */
  readonly dynamoEndpoint: string;
  /** Stops both. Stop everything that is connected to them first. */
  stop(): Promise<void>;
}

/**
 * Starts both databases at once, on free ports of 127.0.0.1. Should this process die, they end by themselves; a new start
 * on the same folder takes over at once, with every acknowledged write. Throws when a living mesh uses the folder.
 */
export async function startLocalDatabases(options: LocalDatabasesOptions): Promise<LocalDatabases> {
  const ephemeral = options.dataDir === undefined;
  const dataDir = options.dataDir ?? (await temporaryFolder());
  await mkdir(dataDir, { recursive: true });
  const [postgres, dynamodb] = await bothOrNone(
    startLocalPostgres({ ...options, dataDir, ephemeral }),
    (signal) => startLocalDynamodb({ path: ephemeral ? undefined : join(dataDir, 'dynamodb'), signal }),
  );
  return {
    adminUrl: postgres.adminUrl,
    dynamoEndpoint: dynamodb.endpoint,
    stop: async () => {
      await Promise.all([postgres.stop(), dynamodb.stop()]);
      if (ephemeral) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** A new folder that the server's user may pass through when root runs this. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'domainflow-'));
  await chmod(folder, 0o711);
  return folder;
}

/** One that cannot start ends the other. */
async function bothOrNone(
  postgresStart: Promise<LocalPostgres>,
  startDynamodb: (signal: AbortSignal) => Promise<LocalDynamodb>,
): Promise<[LocalPostgres, LocalDynamodb]> {
  const abort = new AbortController();
  postgresStart.catch(() => abort.abort());
  const [postgres, dynamodb] = await Promise.allSettled([postgresStart, startDynamodb(abort.signal)]);
  if (postgres.status === 'rejected') throw postgres.reason;
  if (dynamodb.status === 'fulfilled') return [postgres.value, dynamodb.value];
  await postgres.value.stop();
  throw dynamodb.reason;
}
