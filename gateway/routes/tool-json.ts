// Tools and permissions to call them as the API shows them. Credentials are no part of either.
import {
  AuthMethod,
  type Tool,
  ToolEffect,
  type ToolPermission,
  ToolType,
} from '../../proto/gen/domainflow/registry/v1/tool_pb.js';
import { enumWord } from './enum-words.ts';
import { timeJson } from './time-json.ts';

/** A tool; `endpoint` is null for tools of the platform. */
export function toolJson(tool: Tool): object {
  return {
    tool_name: tool.toolName,
    tool_type: enumWord(ToolType, tool.toolType),
    description: tool.description || null,
    endpoint: tool.endpoint || null,
    auth_method: enumWord(AuthMethod, tool.authMethod),
    parameters_schema: tool.parametersSchema ?? {},
    effect: enumWord(ToolEffect, tool.effect),
    has_credentials: tool.hasCredentials,
    is_builtin: tool.isBuiltin,
    id: tool.id,
    tenant_id: tool.tenantId,
    created_at: timeJson(tool.createdAt),
    updated_at: timeJson(tool.updatedAt),
    created_by: tool.createdBy,
  };
}

/** A permission. */
export function permissionJson(permission: ToolPermission): object {
  return {
    agent_id: permission.agentId,
    tool_name: permission.toolName,
    granted_at: timeJson(permission.grantedAt),
    granted_by: permission.grantedBy,
    is_builtin: permission.isBuiltin,
  };
}
