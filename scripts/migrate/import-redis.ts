// The import as one piece: opens Redis and the orchestrator's database, imports everything and closes both.
import { createClient } from '@redis/client';
import { systemClock } from '../../foundation/clock.ts';
import { type DatabaseTls, readTls } from '../../foundation/config/database-config.ts';
import { type DatabaseSource, readDatabaseSource } from '../../foundation/config/database-source.ts';
import { type Environment, readConfig } from '../../foundation/config/reader.ts';
import type { Network } from '../../foundation/net/address.ts';
import { resolveDatabaseUrl } from '../../foundation/postgres/database-url.ts';
import { createPostgres } from '../../foundation/postgres/pool.ts';
import { type ImportCounts, importRecords } from './import-records.ts';
import { createInserters } from './insert-records.ts';
import type { LegacyKind } from './legacy-record.ts';
import { type RedisClient, readRecord, readRecords } from './read-redis.ts';

/** Where records come from and go to. */
export interface ImportSettings {
  readonly redisUrl: string;
  readonly database: { readonly source: DatabaseSource; readonly tls: DatabaseTls };
  /** Networks whose private addresses workers may name. */
  readonly networks: readonly Network[];
}

const connectTimeoutMs = 10_000;
const poolSize = 2;

/** Reads `REDIS_URL`, the orchestrator's own `DATABASE_URL` or what may stand for it, and `WORKER_NETWORKS`; ConfigError with every problem. */
export function readImportSettings(env: Environment): ImportSettings {
  return readConfig(env, (read) => ({
    redisUrl: read.url('REDIS_URL', { protocols: ['redis:', 'rediss:'], secret: true }),
    database: { source: readDatabaseSource(read), tls: readTls(read) },
    networks: read.networks('WORKER_NETWORKS', { default: [] }),
  }));
}

/** Redis cannot be reached. The message holds no part of its URL. */
export class RedisAway extends Error {
  override readonly name = 'RedisAway';
}

/** Imports all records for the tenant; `complain` takes a line for each that could not be. */
export async function importRedis(
  { redisUrl, database, networks }: ImportSettings,
  tenantId: string,
  complain: (line: string) => void,
): Promise<Readonly<Record<LegacyKind, ImportCounts>>> {
  const postgres = createPostgres({
    url: await resolveDatabaseUrl(database.source, database.tls),
    applicationName: 'domainflow migrate',
    sizeMax: poolSize,
    acquireTimeoutMs: connectTimeoutMs,
    onError: () => undefined, // the statement under way tells it
  });
  try {
    return await withRedis(redisUrl, async (client) => {
      const find = (kind: LegacyKind, id: string) => readRecord(client, kind, id);
      const inserters = createInserters({ postgres, tenantId, networks, clock: systemClock, find });
      return importRecords({
        read: (kind) => readRecords(client, kind),
        insert: (kind, record) => inserters[kind](record),
        complain,
      });
    });
  } finally {
    await postgres.close();
  }
}

// What is lost is not waited for: the import can be repeated.
async function withRedis<T>(url: string, work: (client: RedisClient) => Promise<T>): Promise<T> {
  const client = createClient({
    url,
    socket: { connectTimeout: connectTimeoutMs, reconnectStrategy: false },
    disableOfflineQueue: true,
  });
  client.on('error', () => undefined); // told by the command under way
  try {
    await client.connect();
  } catch (cause) {
    const code = String(Object(cause).code ?? Object(cause).message ?? '');
    throw new RedisAway(`Redis cannot be reached at the REDIS_URL${code ? ` (${code})` : ''}`, { cause });
  }
  try {
    return await work(client as unknown as RedisClient);
  } finally {
    client.destroy();
  }
}
