// Keeps a process from serving a schema that is not the one its code was written for: older, changed, or too new for it. It migrates nothing.
import pg from 'pg';
import { sqlState } from './database-fault.ts';
import { readMigrationFiles } from './migration-files.ts';
import { MigrationMismatch, type MigrationRecord, nextFile, selectRecords } from './migration-records.ts';
import type { SqlClient } from './statement.ts';

/** What has to fit, and whom to tell when it does not. */
export interface MigrationGateOptions {
  /** Of a role that may read the record table. */
  readonly client: SqlClient;
  readonly schema: string;
  /** The migrations of this code. */
  readonly directory: string;
  /** Told what does not fit, once for each reason. */
  readonly onMismatch: (reason: string) => void;
}

/** No such table, no such schema, and no right to read it: all mean that migrations are missing. */
const statesOfMissing = new Set(['42P01', '3F000', '42501']);

/**
 * Resolves when the schema holds the migrations of the code, and those of newer releases that say that it lives with them; from then on
 * without asking: a process that serves goes on when a newer release migrates. Throws MigrationMismatch while it does not, and Faults while the database is away.
 */
export function createMigrationGate(options: MigrationGateOptions): () => Promise<void> {
  let passed = false;
  let told = '';
  return async () => {
    if (passed) return;
    try {
      await requireMigrations(options);
      passed = true;
    } catch (error) {
      if (error instanceof MigrationMismatch && error.message !== told) {
        told = error.message;
        options.onMismatch(told);
      }
      throw error;
    }
  };
}

async function requireMigrations({ client, schema, directory }: MigrationGateOptions): Promise<void> {
  const files = await readMigrationFiles(directory);
  const missing = nextFile(files, await readRecords(client, schema), schema);
  if (missing) throw new MigrationMismatch(`${schema} lacks migration ${missing.name}`);
}

async function readRecords(client: SqlClient, schema: string): Promise<readonly MigrationRecord[]> {
  const text = selectRecords(`${pg.escapeIdentifier(schema)}.migrations`);
  try {
    const { rows } = await client.query<MigrationRecord>({ name: `${schema}.select_migrations`, text });
    return rows;
  } catch (error) {
    if (statesOfMissing.has(sqlState(error) ?? '')) return [];
    throw error;
  }
}
