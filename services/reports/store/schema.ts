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

/** What preparing the database takes. */
export interface PrepareReportsOptions {
  /** URL of a role that may create roles and schemas. */
  readonly adminUrl: string;
  /** Password that the service's role gets; printable ASCII. */
  readonly password: string;
}

/** Makes the role and brings the schema to the newest version. Safe to repeat and to race. */
export async function prepareReportsDatabase({ adminUrl, password }: PrepareReportsOptions): Promise<void> {
  const { schema, role, directory } = reportsSchema;
  await ensureRole({ adminUrl, role, password, schema });
  await migrate({ url: adminUrl, schema, directory });
}
