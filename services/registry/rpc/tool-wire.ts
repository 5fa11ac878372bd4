// Tools and permissions of the core as messages.
import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  AuthMethod as AuthMethodMessage,
  ToolEffect as ToolEffectMessage,
  type Tool as ToolMessage,
  type ToolPermission as ToolPermissionMessage,
  ToolPermissionSchema,
  ToolSchema,
  ToolType as ToolTypeMessage,
} from '../../../proto/gen/domainflow/registry/v1/tool_pb.js';
import {
  type AuthMethod,
  type Tool,
  type ToolEffect,
  type ToolPermission,
  type ToolType,
  toolTypes,
} from '../core/tool.ts';

const typeMessages: Readonly<Record<ToolType, ToolTypeMessage>> = {
  aws_service: ToolTypeMessage.AWS_SERVICE,
  external_api: ToolTypeMessage.EXTERNAL_API,
  custom: ToolTypeMessage.CUSTOM,
  data_api: ToolTypeMessage.DATA_API,
  mcp_server: ToolTypeMessage.MCP_SERVER,
};

const authMessages: Readonly<Record<AuthMethod, AuthMethodMessage>> = {
  iam: AuthMethodMessage.IAM,
  api_key: AuthMethodMessage.API_KEY,
  oauth: AuthMethodMessage.OAUTH,
  custom: AuthMethodMessage.CUSTOM,
  none: AuthMethodMessage.NONE,
};

const effectMessages: Readonly<Record<ToolEffect, ToolEffectMessage>> = {
  read: ToolEffectMessage.READ,
  create: ToolEffectMessage.CREATE,
  update: ToolEffectMessage.UPDATE,
};

/** A type as it was received; undefined for the unspecified one and for values that this version does not know. */
export function toolTypeOf(message: ToolTypeMessage): ToolType | undefined {
  return toolTypes.find((toolType) => typeMessages[toolType] === message);
}

/** A tool as it is sent. */
export function toolMessage(tool: Tool): ToolMessage {
  return create(ToolSchema, {
    ...tool,
    toolType: typeMessages[tool.toolType],
    authMethod: authMessages[tool.authMethod],
    effect: effectMessages[tool.effect],
    createdAt: timestampFromDate(tool.createdAt),
    updatedAt: timestampFromDate(tool.updatedAt),
  });
}

/** A permission as it is sent. */
export function permissionMessage(permission: ToolPermission): ToolPermissionMessage {
  return create(ToolPermissionSchema, {
    ...permission,
    grantedAt: timestampFromDate(permission.grantedAt),
  });
}
