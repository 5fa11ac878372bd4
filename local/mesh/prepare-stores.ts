// Brings the stores of a mesh to where its services can use them: the database, schemas with their roles and seed, and the tables.
import pg from 'pg';
import { createDocumentClient } from '../../foundation/dynamodb/client.ts';
import { ensureTables } from '../../foundation/dynamodb/tables.ts';
import { withOwnClient } from '../../foundation/postgres/own-client.ts';
import { prepareOrchestratorDatabase } from '../../services/orchestrator/store/schema.ts';
import { prepareRegistryDatabase } from '../../services/registry/store/schema.ts';
import { prepareReportsDatabase } from '../../services/reports/store/schema.ts';
import { reportsTables } from '../../services/reports/store/tables.ts';
import { sessionsTables } from '../../services/sessions/store/tables.ts';
import type { MeshSecrets } from './mesh-secrets.ts';
import { tableNames } from './service-names.ts';

/** The database that the services of a mesh share, each in a schema of its own. */
export const databaseName = 'domainflow';

const requestTimeoutMs = 10_000;

/** Makes the database when it is absent and answers the superuser's URL of it. */
export async function ensureDatabase(serverUrl: string): Promise<string> {
  const config = { connectionString: serverUrl, application_name: 'local mesh' };
  await withOwnClient(config, async (client) => {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [databaseName]);
    if (rowCount === 0) await client.query(`create database ${pg.escapeIdentifier(databaseName)}`);
  });
  return Object.assign(new URL(serverUrl), { pathname: `/${databaseName}` }).toString();
}

/** Migrates every schema and sets the roles' passwords. Safe to repeat; the builtin agents and the sample domain come with it. */
export async function prepareSchemas(adminUrl: string, secrets: MeshSecrets): Promise<void> {
  const { registryPassword, reportsPassword, appPassword, enginePassword } = secrets;
  await Promise.all([
    prepareRegistryDatabase({ adminUrl, appPassword: registryPassword }),
    prepareReportsDatabase({ adminUrl, appPassword: reportsPassword }),
    prepareOrchestratorDatabase({ adminUrl, appPassword, enginePassword }),
  ]);
}

/** Makes the tables that are missing. Safe to repeat. */
export async function prepareTables(endpoint: string): Promise<void> {
  const client = createDocumentClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    requestTimeoutMs,
  });
  try {
    await ensureTables(client, [...reportsTables(tableNames), ...sessionsTables(tableNames)]);
  } finally {
    client.destroy();
  }
}
