// How an agent is read: the columns that every statement on agents selects, and the agent that a row is.
import type { JsonObject } from '../../../foundation/json/json.ts';
import type { Agent, AgentClass, AgentSettings } from '../core/agent.ts';
import { fromStored } from './json-keys.ts';
import type { ListRow } from './list-page.ts';

/** Columns of head `a` and version `v`: what stays the same comes from the head, what a version says from the version. */
export const agentColumns = `a.id, a.agent_id, a.tenant_id, a.is_inbuilt, a.created_at, a.created_by,
  a.created_at::text as position_at,
  v.version, v.agent_name, v.agent_class, v.system_prompt, v.tools, v.agent_dependencies, v.max_output_keys,
  v.output_schema, v.description, v.enabled, v.settings, v.created_at as updated_at`;

/** Joins the newest version `v` to a head `a`. */
export const newestAgentVersion = `join registry.agent_versions v
  on v.tenant_id = a.tenant_id and v.agent_definition_id = a.id and v.version = a.version`;

/** A row of `agentColumns`. */
export interface AgentRow extends ListRow {
  readonly agent_id: string;
  readonly tenant_id: string;
  readonly is_inbuilt: boolean | null;
  readonly created_at: Date;
  readonly created_by: string;
  readonly version: number;
  readonly agent_name: string;
  readonly agent_class: AgentClass;
  readonly system_prompt: string;
  readonly tools: readonly string[];
  readonly agent_dependencies: readonly string[];
  readonly max_output_keys: number;
  readonly output_schema: JsonObject;
  readonly description: string | null;
  readonly enabled: boolean;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly updated_at: Date;
}

/** The agent that a row is. */
export function agentOf(row: AgentRow): Agent {
  return {
    id: row.id,
    agentId: row.agent_id,
    tenantId: row.tenant_id,
    agentName: row.agent_name,
    agentClass: row.agent_class,
    systemPrompt: row.system_prompt,
    tools: row.tools,
    agentDependencies: row.agent_dependencies,
    maxOutputKeys: row.max_output_keys,
    outputSchema: row.output_schema,
    description: row.description ?? '',
    enabled: row.enabled,
    isInbuilt: row.is_inbuilt === true,
    version: row.version,
    settings: fromStored<AgentSettings>(row.settings),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    createdBy: row.created_by,
  };
}
