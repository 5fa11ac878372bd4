// How a tool is read: the columns that every statement on tools selects, and the tool that a row is. Credentials are not among them.
import type { JsonObject } from '../../../foundation/json/json.ts';
import type { AuthMethod, Tool, ToolEffect, ToolPermission, ToolType } from '../core/tool.ts';

/** Columns of `registry.tools` as `t`. */
export const toolColumns = `t.id, t.tenant_id, t.tool_name, t.tool_type, t.description, t.endpoint, t.auth_method,
  t.parameters_schema, t.effect, t.credentials is not null as has_credentials, t.is_builtin, t.created_at, t.updated_at,
  t.created_by`;

/** A row of `toolColumns`. */
export interface ToolRow {
  readonly id: string;
  readonly tenant_id: string;
  readonly tool_name: string;
  readonly tool_type: ToolType;
  readonly description: string | null;
  readonly endpoint: string | null;
  readonly auth_method: AuthMethod;
  readonly parameters_schema: JsonObject;
  readonly effect: ToolEffect;
  readonly has_credentials: boolean;
  readonly is_builtin: boolean;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly created_by: string;
}

/** The tool that a row is. */
export function toolOf(row: ToolRow): Tool {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    toolName: row.tool_name,
    toolType: row.tool_type,
    description: row.description ?? '',
    endpoint: row.endpoint ?? '',
    authMethod: row.auth_method,
    parametersSchema: row.parameters_schema,
    effect: row.effect,
    hasCredentials: row.has_credentials,
    isBuiltin: row.is_builtin,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    createdBy: row.created_by,
  };
}

/** Columns of `registry.tool_permissions` as `p`. */
export const permissionColumns = `p.agent_id, p.tool_name, p.granted_at, p.granted_by,
  p.tenant_id = registry.system_tenant_id() as is_builtin`;

/** A row of `permissionColumns`. */
export interface PermissionRow {
  readonly agent_id: string;
  readonly tool_name: string;
  readonly granted_at: Date;
  readonly granted_by: string;
  readonly is_builtin: boolean;
}

/** The permission that a row is. */
export function permissionOf(row: PermissionRow): ToolPermission {
  return {
    agentId: row.agent_id,
    toolName: row.tool_name,
    grantedAt: row.granted_at,
    grantedBy: row.granted_by,
    isBuiltin: row.is_builtin,
  };
}
