// Reading tools and permissions. `$1` is always the caller's tenant, whose tools are searched before the platform's. What decides about
// access is read where writes go, so that what was revoked a moment ago is seen.
import type { JsonObject } from '../../../foundation/json/json.ts';
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import { grantsMax, type Tool, toolsMax } from '../core/tool.ts';
import type { CredentialSeal } from './credential-seal.ts';
import type { ToolStore } from './store.ts';
import {
  type PermissionRow,
  permissionColumns,
  permissionOf,
  type ToolRow,
  toolColumns,
  toolOf,
} from './tool-row.ts';

/** Room in every list for what the platform brings along. */
const builtinMax = 1_000;

const visible = 'in ($1, registry.system_tenant_id())';

const selectTool = `select ${toolColumns}
from registry.tools t
where t.tenant_id ${visible} and t.tool_name = $2
order by t.tenant_id = $1 desc
limit 1`;

const selectTools = `select ${toolColumns}
from registry.tools t
where t.tenant_id ${visible} and ($2::text is null or t.tool_type = $2)
order by t.tool_name collate "C"
limit ${toolsMax + builtinMax}`;

const selectCredentials = `select t.credentials
from registry.tools t
where t.tenant_id ${visible} and t.id = $2
limit 1`;

const selectPermissions = `select ${permissionColumns}
from registry.tool_permissions p
where p.tenant_id ${visible} and ($2::text is null or p.agent_id = $2)
order by p.agent_id collate "C", p.tool_name collate "C"
limit ${grantsMax + builtinMax}`;

const selectAccess = `select
  exists (select from registry.agent_definitions a where a.tenant_id ${visible} and a.agent_id = $2) as agent_known,
  exists (
    select from registry.tool_permissions p where p.tenant_id ${visible} and p.agent_id = $2 and p.tool_name = $3
  ) as granted`;

/** Reads tools from PostgreSQL. */
export function createToolStatements(
  postgres: Postgres,
  seal: CredentialSeal,
): Omit<ToolStore, 'changeTools'> {
  return {
    findTool: (tenantId, toolName) =>
      postgres.tenantRead(tenantId, (client) => readTool(client, tenantId, toolName), { fresh: true }),
    listTools: (tenantId, toolType) =>
      postgres.tenantRead(tenantId, async (client) => {
        const values = [tenantId, toolType ?? null];
        const { rows } = await client.query<ToolRow>({
          name: 'registry.select_tools',
          text: selectTools,
          values,
        });
        return rows.map(toolOf);
      }),
    listToolPermissions: (tenantId, agentId) =>
      postgres.tenantRead(tenantId, (client) => readPermissions(client, tenantId, agentId), { fresh: true }),
    findToolAccess: (tenantId, { agentId, toolName, sourceName }) =>
      postgres.tenantRead(
        tenantId,
        async (client) => {
          const access = { name: 'registry.select_tool_access', text: selectAccess, prepare: true };
          const [tool, { rows }] = await Promise.all([
            readTool(client, tenantId, sourceName),
            client.query<AccessRow>({ ...access, values: [tenantId, agentId, toolName] }),
          ]);
          const [row] = rows;
          return { tool, agentKnown: row?.agent_known === true, granted: row?.granted === true };
        },
        { fresh: true },
      ),
    findCredentials: (tenantId, tool) =>
      postgres.tenantRead(tenantId, (client) => readCredentials(client, { tenantId, tool, seal }), {
        fresh: true,
      }),
  };
}

interface AccessRow {
  readonly agent_known: boolean;
  readonly granted: boolean;
}

/** The tool of this name, the tenant's own before the platform's; undefined when it is absent. */
export async function readTool(
  client: SqlClient,
  tenantId: string,
  toolName: string,
): Promise<Tool | undefined> {
  const statement = { name: 'registry.select_tool', text: selectTool, prepare: true };
  const { rows } = await client.query<ToolRow>({ ...statement, values: [tenantId, toolName] });
  return rows[0] && toolOf(rows[0]);
}

async function readPermissions(client: SqlClient, tenantId: string, agentId: string | undefined) {
  const { rows } = await client.query<PermissionRow>({
    name: 'registry.select_tool_permissions',
    text: selectPermissions,
    values: [tenantId, agentId ?? null],
    prepare: true,
  });
  return rows.map(permissionOf);
}

interface CredentialsAsked {
  readonly tenantId: string;
  readonly tool: Tool;
  readonly seal: CredentialSeal;
}

async function readCredentials(
  client: SqlClient,
  { tenantId, tool, seal }: CredentialsAsked,
): Promise<JsonObject | undefined> {
  const { rows } = await client.query<{ readonly credentials: Buffer | null }>({
    name: 'registry.select_tool_credentials',
    text: selectCredentials,
    values: [tenantId, tool.id],
  });
  const sealed = rows[0]?.credentials;
  return sealed ? seal.open(sealed, { tenantId: tool.tenantId, toolId: tool.id }) : undefined;
}
