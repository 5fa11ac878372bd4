// Brings a schema to the newest of its numbered SQL files: forward only, each file in one transaction, safe when many processes race.
// A file may hold any number of statements but no begin or commit, and nothing that refuses transactions (such as `create index concurrently`).
import pg from 'pg';
import { lockDatabaseShape } from './advisory-lock.ts';
import {
  fillIn,
  type MigrationFile,
  type MigrationVariables,
  readMigrationFiles,
} from './migration-files.ts';
import { type MigrationRecord, nextFile, selectRecords } from './migration-records.ts';
import { withOwnClient } from './own-client.ts';

/** What to migrate. */
export interface MigrateOptions {
  /** Of a role that may create the schema and own what is in it. */
  readonly url: string;
  /** The schema that holds `migrations`, the record of what was applied; made when absent. */
  readonly schema: string;
  /** Holds `0001_name.sql`, `0002_…`; other endings are ignored. */
  readonly directory: string;
  /** Values for `{{name}}` in the files. */
  readonly variables?: MigrationVariables;
}

/**
 * Applies what is missing and answers the names of the files that this call applied, in order. Throws MigrationMismatch and
 * changes nothing when the database holds a migration that needs newer code than the directory's, or when a file differs from what was
 * applied under its number. A file that fails is rolled back; those before it stay.
 */
export async function migrate(options: MigrateOptions): Promise<readonly string[]> {
  const files = await readMigrationFiles(options.directory);
  const config = { connectionString: options.url, application_name: `migrate ${options.schema}` };
  return withOwnClient(config, async (client) => {
    const applied: string[] = [];
    for (;;) {
      const name = await applyNext(client, options, files);
      if (name === undefined) return applied;
      applied.push(name);
    }
  });
}

/** Applies the first file that the database lacks; undefined when it lacks none. */
async function applyNext(
  client: pg.Client,
  options: MigrateOptions,
  files: readonly MigrationFile[],
): Promise<string | undefined> {
  await client.query('begin');
  try {
    await lockDatabaseShape(client);
    const recordTable = await ensureRecordTable(client, options.schema);
    const next = nextFile(files, await readRecords(client, recordTable), options.schema);
    if (next) await apply(client, { recordTable, file: next, sql: fillIn(next, options.variables ?? {}) });
    await client.query('commit');
    return next?.name;
  } catch (error) {
    await client.query('rollback').catch(() => undefined); // the first error says more
    throw error;
  }
}

async function ensureRecordTable(client: pg.Client, schema: string): Promise<string> {
  const quoted = pg.escapeIdentifier(schema);
  await client.query(`create schema if not exists ${quoted}`);
  await client.query(`create table if not exists ${quoted}.migrations (
    number integer constraint migrations_pkey primary key,
    name text not null,
    checksum text not null,
    applied_at timestamptz not null default now()
  )`);
  await client.query(
    `alter table ${quoted}.migrations add column if not exists needs integer not null default 0`,
  );
  return `${quoted}.migrations`;
}

async function readRecords(client: pg.Client, recordTable: string): Promise<readonly MigrationRecord[]> {
  const { rows } = await client.query<MigrationRecord>(selectRecords(recordTable));
  return rows;
}

interface Application {
  readonly recordTable: string;
  readonly file: MigrationFile;
  readonly sql: string;
}

async function apply(client: pg.Client, { recordTable, file, sql }: Application): Promise<void> {
  await client.query(sql).catch((error: unknown) => {
    throw new Error(`${file.name} failed: ${(error as Error).message}`, { cause: error });
  });
  if (client.getTransactionStatus() !== 'T') throw new Error(`${file.name} must not end its transaction`);
  await client.query(`insert into ${recordTable} (number, name, checksum, needs) values ($1, $2, $3, $4)`, [
    file.number,
    file.name,
    file.checksum,
    file.needs,
  ]);
}
