// The settings of a read replica, for services whose reads say themselves when they must see the last write.
import { type DatabaseConfig, readDatabaseConfig } from './database-config.ts';
import type { DatabaseSource } from './database-source.ts';
import type { Readers } from './reader.ts';

/**
 * Reads the settings of a service's database and of its replica: `DATABASE_READ_URL`, `DATABASE_READ_URL_FILE`, or
 * `DB_READ_HOST` with the same login. None of them means that there is no replica.
 */
export function readReplicatedDatabase(read: Readers): DatabaseConfig {
  const database = readDatabaseConfig(read);
  return { ...database, readSource: readReplicaSource(read, database.source) };
}

function readReplicaSource(read: Readers, source: DatabaseSource): DatabaseSource | undefined {
  const protocols = ['postgresql:', 'postgres:'];
  const url = read.optional.url('DATABASE_READ_URL', { protocols, secret: true });
  const file = read.optional.text('DATABASE_READ_URL_FILE');
  const host = read.optional.text('DB_READ_HOST');
  const given = ['DATABASE_READ_URL', 'DATABASE_READ_URL_FILE', 'DB_READ_HOST'].filter(read.given);
  if (given.length > 1) read.problem(`${given.join(' and ')} each name the replica: set one of them`);
  if (host !== undefined && source.kind === 'url') {
    read.problem(
      'DB_READ_HOST goes with DB_HOST or DB_SECRET_ARN: set DATABASE_READ_URL beside DATABASE_URL',
    );
  }
  if (url !== undefined) return { kind: 'url', url: { kind: 'text', text: url } };
  if (file !== undefined)
    return { kind: 'url', url: { kind: 'file', path: file, setting: 'DATABASE_READ_URL_FILE' } };
  return host === undefined || source.kind === 'url' ? undefined : { ...source, host };
}
