// Writes permissions, and reads what the rules about them ask, inside a transaction that someone else began.
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import type { Actor } from '../core/actor.ts';
import { recordWrite } from './record-write.ts';
import type { ToolChange } from './store.ts';
import { type PermissionRow, permissionColumns, permissionOf } from './tool-row.ts';

const selectOrigin = `select a.is_inbuilt is true as is_inbuilt, a.created_by
from registry.agent_definitions a
where a.tenant_id in ($1, registry.system_tenant_id()) and a.agent_id = $2
limit 1`;

const selectPermission = `select ${permissionColumns}
from registry.tool_permissions p
where p.tenant_id = $1 and p.agent_id = $2 and p.tool_name = $3
limit 1`;

const countPermissions = `select count(*)::integer as total
from registry.tool_permissions p
where p.tenant_id = $1`;

const insertPermission = `insert into registry.tool_permissions as p (tenant_id, agent_id, tool_name, granted_by)
values ($1, $2, $3, $4)
returning ${permissionColumns}`;

const deletePermission = `delete from registry.tool_permissions p
where p.tenant_id = $1 and p.agent_id = $2 and p.tool_name = $3`;

interface OriginRow {
  readonly is_inbuilt: boolean;
  readonly created_by: string;
}

/** Writes of the actor's tenant. */
export function permissionWrites(
  client: SqlClient,
  actor: Actor,
): Pick<ToolChange, 'agent' | 'permission' | 'permissionCount' | 'insertPermission' | 'deletePermission'> {
  const { tenantId, userId } = actor;
  const run = async <Row>(name: string, text: string, values: readonly unknown[]) => {
    const statement = { name: `registry.${name}`, text, values: [tenantId, ...values] };
    return (await client.query<Row>(statement)).rows;
  };
  return {
    agent: async (agentId) => {
      const [row] = await run<OriginRow>('select_agent_origin', selectOrigin, [agentId]);
      return row && { isInbuilt: row.is_inbuilt, createdBy: row.created_by };
    },
    permission: async ({ agentId, toolName }) => {
      const asked = [agentId, toolName];
      const [row] = await run<PermissionRow>('select_tool_permission', selectPermission, asked);
      return row && permissionOf(row);
    },
    permissionCount: async () => {
      const [row] = await run<{ readonly total: number }>('count_tool_permissions', countPermissions, []);
      return row?.total ?? 0;
    },
    insertPermission: async ({ agentId, toolName }, record) => {
      const values = [agentId, toolName, userId];
      const [row] = await run<PermissionRow>('insert_tool_permission', insertPermission, values);
      await recordWrite(client, actor, record);
      if (!row) throw new Error('Writing a permission answered no row');
      return permissionOf(row);
    },
    deletePermission: async ({ agentId, toolName }, record) => {
      await run('delete_tool_permission', deletePermission, [agentId, toolName]);
      await recordWrite(client, actor, record);
    },
  };
}
