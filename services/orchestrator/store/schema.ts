// What the orchestrator needs of a database before it starts: a schema, two roles and the newest migrations.
import { fileURLToPath } from 'node:url';
import { migrate } from '../../../foundation/postgres/migrations.ts';
import { ensureRole } from '../../../foundation/postgres/roles.ts';

/** Holds all that the service keeps. */
export const schema = 'orchestrator';

/** The folder of the numbered SQL files. */
export const migrationsDirectory = fileURLToPath(new URL('./migrations', import.meta.url));

/** The role that serves requests: bound to one tenant at a time. */
export const appRole = 'orchestrator_app';
/** The role of the engine, which holds executions of many tenants. */
export const engineRole = 'orchestrator_engine';

/** What is prepared and with which passwords. */
export interface OrchestratorDatabaseOptions {
  /** Of a role that may create roles and schemas. */
  readonly adminUrl: string;
  readonly appPassword: string;
  readonly enginePassword: string;
}

/** Makes roles and schema and brings them to the newest migration. Safe to repeat and to race. */
export async function prepareOrchestratorDatabase(options: OrchestratorDatabaseOptions): Promise<void> {
  const { adminUrl, appPassword, enginePassword } = options;
  await ensureRole({ adminUrl, role: appRole, password: appPassword, schema });
  await ensureRole({ adminUrl, role: engineRole, password: enginePassword, schema });
  await migrateOrchestratorSchema(adminUrl);
}

/** Brings the schema to the newest migration, as an administrator, where the roles exist; answers the names of the files that were applied. */
export async function migrateOrchestratorSchema(adminUrl: string): Promise<readonly string[]> {
  return migrate({ url: adminUrl, schema, directory: migrationsDirectory });
}
