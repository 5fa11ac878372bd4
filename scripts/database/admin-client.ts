// A connection of an admin for one command: opened from the settings, closed in any case.
import type pg from 'pg';
import { resolveDatabaseUrl } from '../../foundation/postgres/database-url.ts';
import { withOwnClient } from '../../foundation/postgres/own-client.ts';
import type { AdminSettings } from './admin-settings.ts';

const connectTimeoutMs = 30_000;
const statementTimeoutMs = 60_000;

/** What the work answers, on a connection of its own. */
export async function withAdminClient<T>(
  { source, tls }: AdminSettings,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const config = {
    connectionString: await resolveDatabaseUrl(source, tls),
    application_name: 'domainflow admin',
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
  };
  return withOwnClient(config, work);
}
