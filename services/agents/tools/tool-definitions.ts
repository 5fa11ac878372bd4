// Definitions of tools as the registry keeps them, for agents that may call them. Tools of the platform and of tenants are read alike.
import { Fault } from '../../../foundation/fault/fault.ts';
import {
  AuthMethod,
  type Tool,
  ToolType,
  ToolEffect as WireEffect,
} from '../../../proto/gen/domainflow/registry/v1/tool_pb.js';
import type { JsonObject } from '../core/skill.ts';
import type { ToolEffect } from '../core/tool-effect.ts';
import { type RegistryReach, shareable } from './tool-grants.ts';

/** How a tool is proved to that a call may be made. */
export type ToolAuth = 'iam' | 'api_key' | 'oauth' | 'custom' | 'none';

/** A tool, or the MCP server that it comes from. */
export interface ToolDefinition {
  /** UUID; another one when a tool was deleted and made again. */
  readonly id: string;
  /** Another one with each change; empty when that is not told. */
  readonly changedAt: string;
  /** Without the part of a tool of an MCP server. */
  readonly toolName: string;
  readonly description: string;
  /** URL or ARN; empty for tools of the platform. */
  readonly endpoint: string;
  readonly auth: ToolAuth;
  readonly effect: ToolEffect;
  /** JSON Schema; empty for any arguments. */
  readonly parameters: JsonObject;
  readonly isBuiltin: boolean;
  readonly isMcpServer: boolean;
}

/** What an agent wants to call. */
export interface WantedTool {
  readonly agentId: string;
  /** `<tool_name>` or `<tool_name>.<name>`. */
  readonly name: string;
}

/** The definition; undefined when the agent may not call the tool, or there is none. Other Faults of the registry pass through. */
export function readToolDefinition(
  { agentId, name }: WantedTool,
  { clients, kept, tenantId, callOptions }: RegistryReach,
): Promise<ToolDefinition | undefined> {
  return kept.get(`tool ${tenantId} ${agentId} ${name}`, {
    tags: [
      { tenantId, entityType: 'tool_access' },
      { tenantId, entityType: 'tool' },
      { tenantId, entityType: 'agent', entityId: agentId },
    ],
    load: async () => {
      try {
        const asked = { agentId, toolName: name };
        const { tool } = await clients.access.verifyToolAccess(asked, shareable(callOptions()));
        return tool && definitionOf(tool);
      } catch (error) {
        if (isDenial(error)) return undefined;
        throw error;
      }
    },
  });
}

/** True for the registry's answer that an agent may not call a tool; false for a caller who may not ask. */
export function isDenial(error: unknown): boolean {
  const { reason, violations } = error instanceof Fault ? error : { reason: undefined, violations: [] };
  return reason === 'permission_denied' && violations.some(({ field }) => field === 'tool_name');
}

/** A tool as the registry tells it. */
export function definitionOf(tool: Tool): ToolDefinition {
  const { id, toolName, description, endpoint, isBuiltin, updatedAt } = tool;
  return {
    ...{ id, toolName, description, endpoint, isBuiltin },
    changedAt: updatedAt ? `${updatedAt.seconds}.${updatedAt.nanos}` : '',
    auth: auths[tool.authMethod],
    effect: effects[tool.effect],
    parameters: tool.parametersSchema ?? {},
    isMcpServer: tool.toolType === ToolType.MCP_SERVER,
  };
}

const auths: Readonly<Record<AuthMethod, ToolAuth>> = {
  // A way that this version does not know is none that it may use.
  [AuthMethod.UNSPECIFIED]: 'iam',
  [AuthMethod.IAM]: 'iam',
  [AuthMethod.API_KEY]: 'api_key',
  [AuthMethod.OAUTH]: 'oauth',
  [AuthMethod.CUSTOM]: 'custom',
  [AuthMethod.NONE]: 'none',
};

const effects: Readonly<Record<WireEffect, ToolEffect>> = {
  [WireEffect.UNSPECIFIED]: 'update',
  [WireEffect.READ]: 'read',
  [WireEffect.CREATE]: 'create',
  [WireEffect.UPDATE]: 'update',
};
