// Writes tools with their sealed credentials, inside a transaction that someone else began.
import type { JsonObject } from '../../../foundation/json/json.ts';
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import type { Actor } from '../core/actor.ts';
import type { ToolContent } from '../core/tool.ts';
import type { CredentialSeal } from './credential-seal.ts';
import { recordWrite } from './record-write.ts';
import type { ToolChange } from './store.ts';
import { type ToolRow, toolColumns, toolOf } from './tool-row.ts';

const countTools = `select count(*)::integer as total from registry.tools t where t.tenant_id = $1`;

const insertTool = `insert into registry.tools as t (tenant_id, id, tool_type, description, endpoint, auth_method,
  parameters_schema, effect, credentials, tool_name, is_builtin, created_by)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, false, $11)
returning ${toolColumns}`;

const updateTool = `update registry.tools as t
set tool_type = $3, description = $4, endpoint = $5, auth_method = $6, parameters_schema = $7, effect = $8,
  credentials = case when $10::boolean then t.credentials else $9::bytea end
where t.tenant_id = $1 and t.id = $2
returning ${toolColumns}`;

const deleteTool = `delete from registry.tools t where t.tenant_id = $1 and t.id = $2`;

// With what was granted of it, when it is an MCP server.
const deletePermissionsFor = `delete from registry.tool_permissions p
where p.tenant_id = $1 and (p.tool_name = $2::text or starts_with(p.tool_name, $2::text || '.'))`;

/** Writes of the actor's tenant. */
export function toolWrites(
  client: SqlClient,
  actor: Actor,
  seal: CredentialSeal,
): Pick<ToolChange, 'toolCount' | 'insertTool' | 'updateTool' | 'deleteTool'> {
  const { tenantId, userId } = actor;
  const sealed = (credentials: JsonObject | null | undefined, toolId: string): Buffer | null =>
    credentials ? seal.seal(credentials, { tenantId, toolId }) : null;
  const run = async (name: string, text: string, values: readonly unknown[]) => {
    const { rows } = await client.query<ToolRow>({ name: `registry.${name}`, text, values });
    return rows;
  };
  const forget = (toolName: string): Promise<unknown> =>
    run('delete_tool_permissions', deletePermissionsFor, [tenantId, toolName]);
  return {
    toolCount: async () => {
      const statement = { name: 'registry.count_tools', text: countTools, values: [tenantId] };
      const { rows } = await client.query<{ readonly total: number }>(statement);
      return rows[0]?.total ?? 0;
    },
    insertTool: async (id, { content, credentials }, record) => {
      const values = [...contentOf(tenantId, id, content), sealed(credentials, id), content.toolName, userId];
      const [row] = await run('insert_tool', insertTool, values);
      await recordWrite(client, actor, record);
      return written(row);
    },
    updateTool: async ({ id, toolName, toolType }, { content, credentials }, record) => {
      const kept = credentials === undefined;
      const values = [...contentOf(tenantId, id, content), sealed(credentials, id), kept];
      const [row] = await run('update_tool', updateTool, values);
      const wasServer = toolType === 'mcp_server';
      if (wasServer !== (content.toolType === 'mcp_server')) await forget(toolName);
      await recordWrite(client, actor, record);
      return written(row);
    },
    deleteTool: async ({ id, toolName }, record) => {
      await run('delete_tool', deleteTool, [tenantId, id]);
      await forget(toolName);
      await recordWrite(client, actor, record);
    },
  };
}

function contentOf(tenantId: string, id: string, content: ToolContent): readonly unknown[] {
  return [
    tenantId,
    id,
    content.toolType,
    content.description === '' ? null : content.description,
    content.endpoint,
    content.authMethod,
    JSON.stringify(content.parametersSchema),
    content.effect,
  ];
}

/** The tool of a row that a write answered. The tools of a tenant are locked, so that there is one. */
function written(row: ToolRow | undefined) {
  if (!row) throw new Error('A write of a tool answered no row');
  return toolOf(row);
}
