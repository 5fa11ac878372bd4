// What `migrate` does with the worker API's tables: make, check, set up and drop them. It says what it did in lines for people.
import type pg from 'pg';
import { resolveDatabaseUrl } from '../../foundation/postgres/database-url.ts';
import { appRole, engineRole, migrateOrchestratorSchema } from '../../services/orchestrator/store/schema.ts';
import {
  checkedServices,
  droppedTables,
  dropWorkTables,
  findWorkTables,
  restoreWorkTables,
  setUpServices,
  workTables,
} from '../../services/orchestrator/store/work-tables.ts';
import { withAdminClient } from '../database/admin-client.ts';
import type { AdminSettings } from '../database/admin-settings.ts';

/** What an action works with. */
export interface ActionDeps {
  readonly admin: AdminSettings;
  /** Takes a line without its end. */
  tell(line: string): void;
}

/** Brings the orchestrator's schema to the newest migration, and makes the tables again after a drop. Answers whether it could. */
export async function createTables({ admin, tell }: ActionDeps): Promise<boolean> {
  const missing = await withAdminClient(admin, missingRoles);
  if (missing.length > 0) {
    tell(`The database has no role ${missing.join(' and no role ')}: run db-init first, which makes them`);
    return false;
  }
  const applied = await migrateOrchestratorSchema(await resolveDatabaseUrl(admin.source, admin.tls));
  for (const name of applied) tell(`applied ${name}`);
  const restored = await withAdminClient(admin, restoreWorkTables);
  if (restored) tell('made the tables again that were dropped');
  if (applied.length === 0 && !restored) tell('the tables and their indexes are in place: nothing to do');
  return true;
}

/** Names each table and whether it is there; answers whether all are. */
export async function checkTables({ admin, tell }: ActionDeps): Promise<boolean> {
  const found = await withAdminClient(admin, (client) => findWorkTables(client, workTables));
  for (const [name, present] of found) tell(`${present ? 'present' : 'MISSING'}  orchestrator.${name}`);
  const isComplete = [...found.values()].every((present) => present);
  if (!isComplete) tell('A table is missing: run migrate -- --create');
  return isComplete;
}

/** Writes a row for each service whose health is kept; answers whether it could. */
export async function setUpTables({ admin, tell }: ActionDeps): Promise<boolean> {
  return withAdminClient(admin, async (client) => {
    const { service_health: present } = Object.fromEntries(await findWorkTables(client, ['service_health']));
    if (!present) {
      tell('The table orchestrator.service_health is missing: run migrate -- --create first');
      return false;
    }
    await setUpServices(client);
    tell(`service_health has rows for ${checkedServices.join(', ')}`);
    return true;
  });
}

/** Drops the worker API's tables once `confirm` answers `yes`; answers whether they are gone. */
export async function dropTables(
  { admin, tell }: ActionDeps,
  confirm: () => Promise<string>,
): Promise<boolean> {
  return withAdminClient(admin, async (client) => {
    tell(`This drops, with all that they hold, orchestrator.${droppedTables.join(', orchestrator.')}.`);
    tell(
      'Executions, their journals and the audit log stay; runs that wait for a worker can then only be cancelled.',
    );
    tell('Stop the orchestrator first. Type yes to go on:');
    if ((await confirm()) !== 'yes') {
      tell('Cancelled: nothing was dropped');
      return false;
    }
    const dropped = await dropWorkTables(client);
    tell(dropped.length === 0 ? 'There was nothing to drop' : `dropped ${dropped.join(', ')}`);
    return true;
  });
}

async function missingRoles(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ readonly name: string }>(
    'select name from unnest($1::text[]) as name where not exists (select from pg_roles where rolname = name)',
    [[appRole, engineRole]],
  );
  return rows.map(({ name }) => name);
}
