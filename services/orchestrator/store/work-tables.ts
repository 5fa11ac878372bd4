// The tables of workers, tasks and workflows as an administrator sees them: which are there, dropping them, and making them again. Executions
// and their journals are other tables, which nothing here touches.
import type { ClientBase } from 'pg';
import { lockDatabaseShape } from '../../../foundation/postgres/advisory-lock.ts';
import { readMigrationFiles } from '../../../foundation/postgres/migration-files.ts';
import { migrationsDirectory } from './schema.ts';

/** The tables that a check names. */
export const workTables = ['workers', 'tasks', 'workflows', 'orchestration_logs', 'service_health'] as const;

/** One of `workTables`. */
export type WorkTable = (typeof workTables)[number];

/** The tables that are dropped, those that refer to others first. The audit log is not the worker API's own. */
export const droppedTables = ['workflow_firings', 'tasks', 'workflows', 'workers', 'service_health'] as const;

/** The services whose health is kept. */
export const checkedServices = [
  'gateway',
  'registry',
  'reports',
  'sessions',
  'orchestrator',
  'agents',
] as const;

/** The migrations that make `droppedTables` and nothing else that could not be made twice. */
const workMigrations = [11, 13, 14];

/** Some of the tables are there and others are not: making the rest would hide that something was lost. */
export class PartOfWorkTables extends Error {
  override readonly name = 'PartOfWorkTables';

  constructor(missing: readonly string[]) {
    super(
      `Of the worker API's tables ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing while others hold data: ` +
        'restore them from a backup, or drop all with --drop and make them anew with --create',
    );
  }
}

/** Whether each of the names is a table of the orchestrator's schema. */
export async function findWorkTables<T extends string>(
  client: ClientBase,
  names: readonly T[],
): Promise<ReadonlyMap<T, boolean>> {
  const { rows } = await client.query<{ readonly name: T; readonly present: boolean }>(
    `select name, to_regclass('orchestrator.' || name) is not null as present from unnest($1::text[]) as name`,
    [names],
  );
  return new Map(rows.map(({ name, present }) => [name, present]));
}

/**
 * Makes the tables again that `dropWorkTables` dropped, in one transaction; true when it did, false when they are all there. Throws
 * PartOfWorkTables when only some are. The record of migrations stays as it is: it says that they were applied, which is true again.
 */
export async function restoreWorkTables(client: ClientBase): Promise<boolean> {
  return inTransaction(client, async () => {
    const missing = [...(await findWorkTables(client, droppedTables))].flatMap(([name, present]) =>
      present ? [] : [name],
    );
    if (missing.length === 0) return false;
    if (missing.length < droppedTables.length) throw new PartOfWorkTables(missing);
    const files = await readMigrationFiles(migrationsDirectory);
    for (const { number, sql } of files) if (workMigrations.includes(number)) await client.query(sql);
    return true;
  });
}

/** Drops the tables with what they hold, in one transaction; answers the names of those that were there. */
export async function dropWorkTables(client: ClientBase): Promise<readonly string[]> {
  return inTransaction(client, async () => {
    const found = [...(await findWorkTables(client, droppedTables))].flatMap(([name, present]) =>
      present ? [name] : [],
    );
    for (const name of found) await client.query(`drop table orchestrator.${name}`);
    return found;
  });
}

/** Makes sure that each service has a row: unknown until it is first checked. What a check has found stays. */
export async function setUpServices(client: ClientBase): Promise<void> {
  await client.query(
    `insert into orchestrator.service_health (service, status) select service, 'unknown' from unnest($1::text[]) as service
     on conflict on constraint service_health_pkey do update set updated_at = clock_timestamp()`,
    [checkedServices],
  );
}

async function inTransaction<T>(client: ClientBase, work: () => Promise<T>): Promise<T> {
  await client.query('begin');
  try {
    await lockDatabaseShape(client);
    const answer = await work();
    await client.query('commit');
    return answer;
  } catch (error) {
    await client.query('rollback').catch(() => undefined); // the first error says more
    throw error;
  }
}
