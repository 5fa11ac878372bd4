// Everything that a mesh keeps for its tenants, read past the services: documents, their index, and definitions. What counts calls of models
// and what is only counted from documents is left out.
import { ScanCommand, type ScanCommandOutput } from '@aws-sdk/lib-dynamodb';
import { createDocumentClient } from '../../foundation/dynamodb/client.ts';
import { withOwnClient } from '../../foundation/postgres/own-client.ts';
import { pollUntil } from '../../local/demo/demo-run.ts';
import { ensureDatabase } from '../../local/mesh/prepare-stores.ts';
import { tableNames } from '../../local/mesh/service-names.ts';
import type { Mesh } from '../../local/mesh.ts';

/** Each stored thing as text, under the name of its table and its key. */
type Snapshot = ReadonlyMap<string, string>;

const rowsOf: Readonly<Record<string, string>> = {
  'reports.report_index': "t->>'incident_id'",
  'registry.agent_definitions': "t->>'id'",
  'registry.agent_versions': "concat(t->>'agent_id', ' ', t->>'version')",
  'registry.api_keys': "t->>'id'",
  'registry.audit_log': "t->>'id'",
  'registry.domain_configurations': "t->>'id'",
  'registry.domain_versions': "concat(t->>'tenant_id', t->>'domain_id', ' ', t->>'version')",
  'registry.teams': "t->>'id'",
  'registry.tenant_settings': "t->>'tenant_id'",
  'registry.tenants': "t->>'id'",
  'registry.tool_permissions': "concat(t->>'tenant_id', ' ', t->>'agent_id', ' ', t->>'tool_name')",
  'registry.tools': "t->>'id'",
  'registry.users': "t->>'id'",
};

/** The state of all tenants, once the index has followed every report. */
async function takeSnapshot(mesh: Pick<Mesh, 'databases'>): Promise<Snapshot> {
  const read = async () => [await documentsOf(mesh), await tableRowsOf(mesh)] as const;
  const isFollowed = ([{ pending }]: Awaited<ReturnType<typeof read>>) => pending === 0;
  const [{ found }, rows] = await pollUntil(read, isFollowed, never);
  return new Map([...found, ...rows]);
}

const never = new AbortController().signal;

/** Tells at each call what has changed since the one before; the first one begins now. */
export async function watchChanges(mesh: Pick<Mesh, 'databases'>): Promise<() => Promise<readonly string[]>> {
  let last = await takeSnapshot(mesh);
  return async () => {
    const before = last;
    last = await takeSnapshot(mesh);
    return differences(before, last);
  };
}

/** Names of what is not the same in both, in order. */
function differences(before: Snapshot, after: Snapshot): readonly string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => before.get(name) !== after.get(name)).sort();
}

interface Documents {
  readonly found: readonly (readonly [string, string])[];
  /** Documents that the index has not followed yet. */
  readonly pending: number;
}

async function documentsOf({ databases }: Pick<Mesh, 'databases'>): Promise<Documents> {
  const client = createDocumentClient({
    ...{ endpoint: databases.dynamoEndpoint, region: 'us-east-1', requestTimeoutMs: 10_000 },
  });
  try {
    const found: [string, string][] = [];
    let pending = 0;
    for (const table of Object.values(tableNames)) {
      let from: ScanCommandOutput['LastEvaluatedKey'];
      do {
        const page: ScanCommandOutput = await client.send(
          new ScanCommand({ TableName: table, ...(from ? { ExclusiveStartKey: from } : {}) }),
        );
        for (const item of page.Items ?? []) {
          const { pk, session_key: session = '', ...rest } = item;
          if (rest.pending_partition !== undefined) pending += 1;
          found.push([`${table} ${pk} ${session}`, JSON.stringify(sorted(rest))]);
        }
        from = page.LastEvaluatedKey;
      } while (from);
    }
    return { found, pending };
  } finally {
    client.destroy();
  }
}

function sorted(item: object): object {
  return Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function tableRowsOf({ databases }: Pick<Mesh, 'databases'>): Promise<[string, string][]> {
  const connectionString = await ensureDatabase(databases.adminUrl);
  return withOwnClient({ connectionString, application_name: 'snapshot' }, async (client) => {
    const found: [string, string][] = [];
    for (const [table, key] of Object.entries(rowsOf)) {
      const text = `select ${key} as key, t::text as content from (select to_jsonb(r) as t from ${table} r) s`;
      const { rows } = await client.query<{ key: string; content: string }>(text);
      found.push(...rows.map((row): [string, string] => [`${table} ${row.key}`, row.content]));
    }
    return found;
  });
}
