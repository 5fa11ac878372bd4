// Golden sets and gates through REST, and a count of everything that a mesh has stored of people's data.
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { ApiClient } from '../../clients/api/api-client.ts';
import type { Gate, StartGateBody } from '../../clients/api/gen/api-types.ts';
import { createDocumentClient } from '../../foundation/dynamodb/client.ts';
import { withOwnClient } from '../../foundation/postgres/own-client.ts';
import { pollUntil } from '../../local/demo/demo-run.ts';
import { databaseName } from '../../local/mesh/prepare-stores.ts';
import { tableNames } from '../../local/mesh/service-names.ts';
import type { TestMesh } from './test-mesh.ts';

const never = new AbortController().signal;

/** Holds a gate of the set `basics` to its end, read by another user. */
export async function gated(
  { admin, reader }: { readonly admin: ApiClient; readonly reader: ApiClient },
  domainId: string,
  candidate: StartGateBody['candidate'],
): Promise<Gate> {
  const gate = '/api/v1/domains/{domain_id}/gate';
  const path = { domain_id: domainId };
  const { gate_id } = await admin.post(gate, { path, body: { golden_set: 'basics', candidate } });
  const read = () => reader.get(`${gate}/{gate_id}`, { path: { ...path, gate_id } });
  return pollUntil(read, ({ status }) => status !== 'running', never);
}

/** How many items every table of documents holds, and how many rows every table of the report index. */
export async function countDocuments({ databases }: TestMesh): Promise<Readonly<Record<string, number>>> {
  const client = createDocumentClient({
    ...{ endpoint: databases.dynamoEndpoint, region: 'us-east-1', requestTimeoutMs: 10_000 },
  });
  try {
    const scans = Object.values(tableNames).map(async (TableName) => {
      const { Count = 0, LastEvaluatedKey } = await client.send(new ScanCommand({ TableName }));
      if (LastEvaluatedKey) throw new Error(`${TableName} does not fit into one page`);
      return [TableName, Count] as const;
    });
    return { ...Object.fromEntries(await Promise.all(scans)), ...(await countRows(databases.adminUrl)) };
  } finally {
    client.destroy();
  }
}

function countRows(adminUrl: string): Promise<Readonly<Record<string, number>>> {
  const connectionString = Object.assign(new URL(adminUrl), { pathname: `/${databaseName}` }).toString();
  return withOwnClient({ connectionString, application_name: 'test' }, async (sql) => {
    const { rows: tables } = await sql.query<{ name: string }>(
      `select table_name as name from information_schema.tables
      where table_schema = 'reports' and table_type = 'BASE TABLE' order by 1`,
    );
    // Lines of how often values occur are folded in the background: what both tables say together is what a write would change.
    const { rows: facets } = await sql.query<{ n: number }>(
      `select coalesce(sum(n), 0)::int as n from (
        select count as n from reports.facet_counts union all select change from reports.facet_deltas
      ) both_tables`,
    );
    const counts: Record<string, number> = { facets: facets[0]?.n ?? 0 };
    for (const { name } of tables.filter((table) => !/^facet_(?:counts|deltas)$/.test(table.name))) {
      const { rows } = await sql.query<{ n: number }>(`select count(*)::int as n from reports.${name}`);
      counts[name] = rows[0]?.n ?? 0;
    }
    return counts;
  });
}
