// The settings of a service's PostgreSQL: where it is, who one is there, and how much of it is used. Files and secrets are
// described here and read elsewhere, when the pool opens.
import { type DatabaseSource, readDatabaseSource } from './database-source.ts';
import type { Readers } from './reader.ts';

/** How connections are encrypted, in the words and the meaning of libpq. */
export const sslModes = ['disable', 'require', 'verify-ca', 'verify-full'] as const;

/** One of `sslModes`. */
export type SslMode = (typeof sslModes)[number];

/** How connections are encrypted. */
export interface DatabaseTls {
  /** `DB_SSLMODE`; absent means verify-full, and plain text on this machine alone. */
  readonly mode: SslMode | undefined;
  /** `DB_SSL_CA_FILE`: the authorities that sign the server's certificate, as PEM; absent means those that Node knows. */
  readonly caFile: string | undefined;
}

/** How much of a database a pool uses. */
export interface DatabasePoolConfig {
  /** `DB_POOL_SIZE` [10]: connections that stay open. */
  readonly sizeKept: number;
  /** `DB_MAX_OVERFLOW` [20]: connections beyond them, closed again when idle. */
  readonly overflowMax: number;
  /** `DB_POOL_TIMEOUT` [30], in seconds there. */
  readonly acquireTimeoutMs: number;
  /** `DB_POOL_RECYCLE` [3600], in seconds there. */
  readonly recycleMs: number;
  /** `DB_LEAK_REPORT_S` [60] and `DB_LEAK_CLOSE_S` [300]. */
  readonly held: { readonly reportMs: number; readonly closeMs: number };
  /** `DB_BREAKER_FAILURES` [5] and `DB_BREAKER_RESET_S` [2]. */
  readonly breaker: { readonly failuresMax: number; readonly resetMs: number };
}

/** Settings of one database. */
export interface DatabaseConfig {
  readonly source: DatabaseSource;
  /** A replica for reads (`replica-source.ts`); absent reads where writes go. */
  readonly readSource: DatabaseSource | undefined;
  readonly tls: DatabaseTls;
  readonly pool: DatabasePoolConfig;
}

/** Reads the settings of a service's database, without a replica. */
export function readDatabaseConfig(read: Readers): DatabaseConfig {
  return {
    source: readDatabaseSource(read),
    readSource: undefined,
    tls: readTls(read),
    pool: readPool(read),
  };
}

/** Reads how connections are encrypted. */
export function readTls(read: Readers): DatabaseTls {
  const mode = read.optional.oneOf('DB_SSLMODE', sslModes);
  const caFile = read.optional.text('DB_SSL_CA_FILE');
  if (mode === 'verify-ca' && caFile === undefined) {
    read.problem(
      'DB_SSL_CA_FILE is required with DB_SSLMODE=verify-ca: any public authority would do otherwise',
    );
  }
  return { mode, caFile };
}

function readPool(read: Readers): DatabasePoolConfig {
  const reportS = read.integer('DB_LEAK_REPORT_S', { min: 1, max: 86_400, default: 60 });
  const closeS = read.integer('DB_LEAK_CLOSE_S', { min: 1, max: 86_400, default: 300 });
  if (closeS < reportS) read.problem('DB_LEAK_CLOSE_S must not be less than DB_LEAK_REPORT_S');
  return {
    sizeKept: read.integer('DB_POOL_SIZE', { min: 1, max: 200, default: 10 }),
    overflowMax: read.integer('DB_MAX_OVERFLOW', { min: 0, max: 200, default: 20 }),
    acquireTimeoutMs: read.integer('DB_POOL_TIMEOUT', { min: 1, max: 300, default: 30 }) * 1_000,
    recycleMs: read.integer('DB_POOL_RECYCLE', { min: 1, max: 86_400, default: 3_600 }) * 1_000,
    held: { reportMs: reportS * 1_000, closeMs: closeS * 1_000 },
    breaker: {
      failuresMax: read.integer('DB_BREAKER_FAILURES', { min: 1, max: 1_000, default: 5 }),
      resetMs: read.integer('DB_BREAKER_RESET_S', { min: 1, max: 3_600, default: 2 }) * 1_000,
    },
  };
}
