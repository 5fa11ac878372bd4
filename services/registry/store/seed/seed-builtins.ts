// Loads what the platform brings along: the system tenant and user, the builtin agents and tools with their grants, and the sample domain.
// What is there stays as it is.
import type { ClientBase } from 'pg';
import { nameId } from '../../../../foundation/ids/ids.ts';
import { systemTenantId, systemUserId } from '../../core/system-tenant.ts';
import { type BuiltinAgent, outputSchema } from './builtin-agent.ts';
import { builtinAgents } from './builtin-agents.ts';
import { type BuiltinTool, builtinTools } from './builtin-tools.ts';
import { sampleDomain } from './sample-domain.ts';

const insertTenant = `insert into registry.tenants (id, tenant_name) values ($1, 'system')
on conflict (id) do nothing`;

const insertUser = `insert into registry.users (id, tenant_id, username) values ($1, $2, 'system-builtin')
on conflict (id) do nothing`;

const insertAgent = `insert into registry.agent_definitions (
  id, agent_id, tenant_id, agent_name, agent_class, system_prompt, tools, agent_dependencies,
  output_schema, description, enabled, is_inbuilt, version, created_by)
values ($1, $2, $3, $4, $5, $6, $7, '[]', $8, $9, true, true, 1, $10)
on conflict (agent_id) do nothing`;

// A version is the head's copy, so that both always say the same.
const insertAgentVersion = `insert into registry.agent_versions (
  tenant_id, agent_definition_id, version, agent_id, agent_name, agent_class, system_prompt, tools,
  agent_dependencies, max_output_keys, output_schema, description, enabled, settings, created_at, created_by)
select tenant_id, id, version, agent_id, agent_name, agent_class, system_prompt, tools,
  agent_dependencies, max_output_keys, output_schema, description, enabled, $2, created_at, created_by
from registry.agent_definitions
where id = $1 and version = 1
on conflict (tenant_id, agent_definition_id, version) do nothing`;

const insertDomain = `insert into registry.domain_configurations (
  id, domain_id, tenant_id, domain_name, description,
  ingestion_playbook, query_playbook, management_playbook, created_by)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
on conflict (tenant_id, domain_id) do nothing`;

const insertDomainVersion = `insert into registry.domain_versions (
  tenant_id, domain_configuration_id, version, domain_id, domain_name, description,
  ingestion_playbook, query_playbook, management_playbook, created_at, created_by)
select tenant_id, id, 1, domain_id, domain_name, description,
  ingestion_playbook, query_playbook, management_playbook, created_at, created_by
from registry.domain_configurations
where id = $1
on conflict (tenant_id, domain_configuration_id, version) do nothing`;

// A description or schema that this version words anew replaces the one that is stored; the same again changes nothing.
const insertTool = `insert into registry.tools as t (
  tenant_id, id, tool_name, tool_type, description, auth_method, parameters_schema, effect, is_builtin, created_by)
values ($1, $2, $3, $4, $5, $6, $7, 'read', true, $8)
on conflict (tenant_id, tool_name) do update
set tool_type = excluded.tool_type, description = excluded.description, auth_method = excluded.auth_method,
  parameters_schema = excluded.parameters_schema
where (t.tool_type, t.description, t.auth_method, t.parameters_schema)
  is distinct from (excluded.tool_type, excluded.description, excluded.auth_method, excluded.parameters_schema)`;

const insertPermission = `insert into registry.tool_permissions (tenant_id, agent_id, tool_name, granted_by)
values ($1, $2, $3, $4)
on conflict (tenant_id, agent_id, tool_name) do nothing`;

/** The fixed UUID of an object of the platform, by its public id. */
export function builtinId(publicId: string): string {
  return nameId(publicId, systemTenantId);
}

/** Inserts what is missing, in one transaction of an admin's connection. Loading again changes nothing; racing loads are safe. */
export async function seedBuiltins(client: ClientBase): Promise<void> {
  await client.query('begin');
  try {
    await client.query(insertTenant, [systemTenantId]);
    await client.query(insertUser, [systemUserId, systemTenantId]);
    for (const tool of builtinTools) await seedTool(client, tool);
    for (const agent of builtinAgents) await seedAgent(client, agent);
    await seedSampleDomain(client);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined); // the first error says more
    throw error;
  }
}

async function seedAgent(client: ClientBase, agent: BuiltinAgent): Promise<void> {
  const id = builtinId(agent.agentId);
  await client.query(insertAgent, [
    id,
    agent.agentId,
    systemTenantId,
    agent.agentName,
    agent.agentClass,
    agent.systemPrompt,
    JSON.stringify(agent.tools),
    JSON.stringify(outputSchema(agent.outputs)),
    agent.description,
    systemUserId,
  ]);
  const settings = agent.inputKeys ? { input_keys: agent.inputKeys } : {};
  await client.query(insertAgentVersion, [id, JSON.stringify(settings)]);
  for (const toolName of agent.tools) {
    await client.query(insertPermission, [systemTenantId, agent.agentId, toolName, systemUserId]);
  }
}

async function seedTool(client: ClientBase, tool: BuiltinTool): Promise<void> {
  await client.query(insertTool, [
    systemTenantId,
    builtinId(tool.toolName),
    tool.toolName,
    tool.toolType,
    tool.description,
    tool.authMethod,
    JSON.stringify(tool.parametersSchema),
    systemUserId,
  ]);
}

async function seedSampleDomain(client: ClientBase): Promise<void> {
  const { domainId, domainName, description, playbooks } = sampleDomain;
  const id = builtinId(domainId);
  await client.query(insertDomain, [
    id,
    domainId,
    systemTenantId,
    domainName,
    description,
    JSON.stringify(playbooks.ingestion),
    JSON.stringify(playbooks.query),
    JSON.stringify(playbooks.management),
    systemUserId,
  ]);
  await client.query(insertDomainVersion, [id]);
}
