// The reports service's schema in PostgreSQL, for whoever holds admin rights: what to migrate and which role the service works under.
import { fileURLToPath } from 'node:url';
import { migrate } from '../../../foundation/postgres/migrations.ts';
import { ensureRole } from '../../../foundation/postgres/roles.ts';

/** The schema, the folder of its migrations and the login role of the service. */
export const reportsSchema = {
  schema: 'reports',
  role: 'reports_app',
  directory: fileURLToPath(new URL('migrations', import.meta.url)),
} as const;

/** What to prepare. */
export interface PrepareOptions {
  /** Of a role that may create roles and schemas. */
  readonly adminUrl: string;
  /** Password that the role `reports_app` gets; printable ASCII. */
  readonly appPassword: string;
}

/** What was prepared. */
export interface PreparedReports {
  /** The service's `DATABASE_URL`: the admin's with the role `reports_app`. */
  readonly databaseUrl: string;
  /** Migrations that this call applied, in order. */
  readonly migrations: readonly string[];
}

/** Brings role and schema to their present state. Safe to repeat and to race; repeating it changes only the password. */
export async function prepareReportsDatabase(options: PrepareOptions): Promise<PreparedReports> {
  const { adminUrl, appPassword: password } = options;
  const { schema, role, directory } = reportsSchema;
  await ensureRole({ adminUrl, role, password, schema });
  const migrations = await migrate({ url: adminUrl, schema, directory });
  const databaseUrl = Object.assign(new URL(adminUrl), { username: role, password }).toString();
  return { databaseUrl, migrations };
}
