// All that the stores of a mesh hold of a tenant, as texts that can be compared. It reads past every service, as the databases' owner.
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import pg from 'pg';
import { createDocumentClient } from '../../foundation/dynamodb/client.ts';
import { withOwnClient } from '../../foundation/postgres/own-client.ts';
import { databaseName } from '../../local/mesh/prepare-stores.ts';
import { tableNames } from '../../local/mesh/service-names.ts';
import type { TestMesh } from '../e2e/test-mesh.ts';

/** Everything stored, a text for each row or item that begins with its table, in a fixed order. */
export type StoredTenant = readonly string[];

/**
 * What says nothing that the rows do not say, or nothing of what anybody has: what is folded together or forgotten in the background, and how
 * often somebody has asked.
 */
const countingTables = [
  ...['reports.facet_counts', 'reports.facet_deltas', 'reports.domain_changes', 'orchestrator.rates'],
];

/** When a key was last used changes with every refused use as well. */
const usedAt = ['last_used_at'];

/** What is stored of tenants in the mesh, each row and item of all of them; see {@link ofTenant}. */
export async function readStores({ databases }: TestMesh): Promise<StoredTenant> {
  const documents = await readDocuments(databases.dynamoEndpoint);
  const rows = await readRows(databases.adminUrl);
  return [...documents, ...rows].toSorted();
}

/** The rows and items that belong to the tenant, and those that belong to another one. */
export function ofTenant(stored: StoredTenant, tenantId: string): readonly [StoredTenant, StoredTenant] {
  const own = stored.filter((row) => row.includes(tenantId));
  return [own, stored.filter((row) => !row.includes(tenantId))];
}

async function readDocuments(endpoint: string): Promise<StoredTenant> {
  const client = createDocumentClient({ endpoint, region: 'us-east-1', requestTimeoutMs: 10_000 });
  try {
    const scans = Object.values(tableNames).map(async (TableName) => {
      const { Items = [], LastEvaluatedKey } = await client.send(new ScanCommand({ TableName }));
      if (LastEvaluatedKey) throw new Error(`${TableName} does not fit into one page`);
      return Items.map((item) => `${TableName} ${JSON.stringify(item)}`);
    });
    return (await Promise.all(scans)).flat();
  } finally {
    client.destroy();
  }
}

function readRows(adminUrl: string): Promise<StoredTenant> {
  const connectionString = Object.assign(new URL(adminUrl), { pathname: `/${databaseName}` }).toString();
  return withOwnClient({ connectionString, application_name: 'test' }, async (sql) => {
    const { rows: tables } = await sql.query<{ schema: string; name: string }>(
      `select c.table_schema as schema, c.table_name as name from information_schema.columns c
      join pg_catalog.pg_class p on p.oid = format('%I.%I', c.table_schema, c.table_name)::regclass
      where c.column_name = 'tenant_id' and c.table_schema in ('registry', 'reports', 'orchestrator')
        and p.relkind in ('r', 'p') and not p.relispartition
      order by 1, 2`,
    );
    const kept = tables.filter(({ schema, name }) => !countingTables.includes(`${schema}.${name}`));
    const found: string[] = [];
    for (const { schema, name } of kept) {
      const table = `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`;
      const { rows } = await sql.query<{ row: string }>(
        `select (to_jsonb(t) - $1::text[])::text as row from ${table} t`,
        [usedAt],
      );
      found.push(...rows.map(({ row }) => `${schema}.${name} ${row}`));
    }
    return found;
  });
}
