// A tool as the registry knows it, and who may call it. Its credentials are no part of it: they are kept sealed beside it. How a tool
// is called is the business of others.
import type { JsonObject } from '../../../foundation/json/json.ts';

/** What kind of thing a tool is; an `mcp_server` is no tool itself but a source of tools. */
export const toolTypes = ['aws_service', 'external_api', 'custom', 'data_api', 'mcp_server'] as const;

/** One of them. */
export type ToolType = (typeof toolTypes)[number];

/** How the platform proves itself to a tool. */
export const authMethods = ['iam', 'api_key', 'oauth', 'custom', 'none'] as const;

/** One of them. */
export type AuthMethod = (typeof authMethods)[number];

/** What a call may do to records. */
export const toolEffects = ['read', 'create', 'update'] as const;

/** One of them. */
export type ToolEffect = (typeof toolEffects)[number];

/** The most tools of a tenant. */
export const toolsMax = 1_000;

/** The most permissions that a tenant may grant. */
export const grantsMax = 9_000;

/** The language model, which every agent may call. */
export const implicitTool = 'bedrock';

/** What its tenant decides about a tool. */
export interface ToolContent {
  /** Unique in its tenant and unlike every tool of the platform; fixed for the life of the tool. */
  readonly toolName: string;
  readonly toolType: ToolType;
  /** Empty when none was given. */
  readonly description: string;
  /** URL, or the ARN of a service of AWS; empty for tools of the platform. */
  readonly endpoint: string;
  readonly authMethod: AuthMethod;
  /** JSON Schema of the arguments of a call; an empty one allows all. */
  readonly parametersSchema: JsonObject;
  readonly effect: ToolEffect;
}

/** A stored tool. */
export interface Tool extends ToolContent {
  /** UUID. */
  readonly id: string;
  readonly tenantId: string;
  readonly hasCredentials: boolean;
  readonly isBuiltin: boolean;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** UUID of the user who created it. */
  readonly createdBy: string;
}

/** Lets an agent call a tool. */
export interface ToolPermission {
  readonly agentId: string;
  /** `<tool_name>`, or `<tool_name>.<name>` for one tool of an MCP server. */
  readonly toolName: string;
  readonly grantedAt: Date;
  /** UUID of the user who granted it. */
  readonly grantedBy: string;
  /** True for what the platform's agents come with. */
  readonly isBuiltin: boolean;
}

/** What the audit log hashes of a tool: that it has credentials, and never which. */
export function toolRecord(content: ToolContent, hasCredentials: boolean): object {
  return {
    tool_name: content.toolName,
    tool_type: content.toolType,
    description: content.description,
    endpoint: content.endpoint,
    auth_method: content.authMethod,
    parameters_schema: content.parametersSchema,
    effect: content.effect,
    has_credentials: hasCredentials,
  };
}
