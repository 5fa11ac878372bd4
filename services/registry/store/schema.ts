// Prepares a database for the registry with an admin's rights: role, schema, builtin content. The service itself never does.
import { fileURLToPath } from 'node:url';
import { migrate } from '../../../foundation/postgres/migrations.ts';
import { withOwnClient } from '../../../foundation/postgres/own-client.ts';
import { ensureRole } from '../../../foundation/postgres/roles.ts';
import { ensureIncidentLocation } from './postgis.ts';
import { seedBuiltins } from './seed/seed-builtins.ts';

/** The registry's schema, the role it works under and the numbered migrations that make it. */
export const registrySchema = {
  schema: 'registry',
  role: 'registry_app',
  directory: fileURLToPath(new URL('./migrations', import.meta.url)),
} as const;

/** What to prepare. */
export interface PrepareOptions {
  /** Of a role that may create roles and schemas. */
  readonly adminUrl: string;
  /** Password that the role `registry_app` gets; printable ASCII. */
  readonly appPassword: string;
  /** Whether builtin agents and the sample domain are loaded [true]. */
  readonly seed?: boolean;
}

/** What was prepared. */
export interface PreparedRegistry {
  /** The service's `DATABASE_URL`: the admin's with the role `registry_app`. */
  readonly databaseUrl: string;
  /** Migrations that this call applied, in order. */
  readonly migrations: readonly string[];
  /** What the server lacks, and what is left out for it. */
  readonly warnings: readonly string[];
}

/** Brings role, schema and builtin content to their present state. Safe to repeat and to race; repeating it changes only the password. */
export async function prepareRegistryDatabase(options: PrepareOptions): Promise<PreparedRegistry> {
  const { adminUrl, appPassword, seed = true } = options;
  const { schema, role, directory } = registrySchema;
  await ensureRole({ adminUrl, role, password: appPassword, schema });
  const migrations = await migrate({ url: adminUrl, schema, directory });
  const warning = await withOwnClient(connectionOf(adminUrl), ensureIncidentLocation);
  if (seed) await seedRegistryDatabase(adminUrl);
  const databaseUrl = Object.assign(new URL(adminUrl), { username: role, password: appPassword }).toString();
  return { databaseUrl, migrations, warnings: warning === undefined ? [] : [warning] };
}

/** Loads the builtin content into a database that was prepared. Loading again changes nothing. */
export function seedRegistryDatabase(adminUrl: string): Promise<void> {
  return withOwnClient(connectionOf(adminUrl), seedBuiltins);
}

const connectionOf = (url: string) => ({ connectionString: url, application_name: 'prepare registry' });
