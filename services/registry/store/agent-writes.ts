// Writes agents and their versions, inside a transaction that someone else began.
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import type { Actor } from '../core/actor.ts';
import type { Agent } from '../core/agent.ts';
import { toStored } from './json-keys.ts';
import { recordWrite } from './record-write.ts';
import type { DefinitionWrites } from './store.ts';

// What a head and a version have in common, in this order from `$4` on.
const contentColumns = `agent_name, system_prompt, tools, agent_dependencies, max_output_keys, output_schema, description,
  enabled, version`;
const contentValues = '$4, $5, $6::jsonb, $7::jsonb, $8::integer, $9::jsonb, $10, $11::boolean, $12::integer';

const insertHead = `insert into registry.agent_definitions (tenant_id, id, agent_id, ${contentColumns}, agent_class,
  is_inbuilt, created_at, created_by, updated_at)
values ($1, $2, $3, ${contentValues}, $13, false, $14, $15, $14)`;

const updateHead = `update registry.agent_definitions
set (${contentColumns}) = (${contentValues})
where tenant_id = $1 and id = $2 and agent_id = $3`;

// The same version cannot be written twice: its key is the primary key.
const insertVersion = `insert into registry.agent_versions (tenant_id, agent_definition_id, agent_id, ${contentColumns},
  agent_class, created_at, created_by, settings)
values ($1, $2, $3, ${contentValues}, $13, $14, $15, $16::jsonb)`;

// Permissions of the agent go with it by their foreign key.
const deleteHead = `delete from registry.agent_definitions where tenant_id = $1 and id = $2`;

/** Writes of the actor's tenant. */
export function agentWrites(
  client: SqlClient,
  actor: Actor,
): Pick<DefinitionWrites, 'insertAgent' | 'insertAgentVersion' | 'deleteAgent'> {
  const { tenantId, userId } = actor;
  const run = (name: string, text: string, values: readonly unknown[]): Promise<unknown> =>
    client.query({ name, text, values });
  const writeVersion = (agent: Agent): Promise<unknown> => {
    const settings = JSON.stringify(toStored(agent.settings));
    const values = [...contentOf(tenantId, agent), agent.agentClass, agent.updatedAt, userId, settings];
    return run('registry.insert_agent_version', insertVersion, values);
  };
  return {
    insertAgent: async (agent, record) => {
      const values = [...contentOf(tenantId, agent), agent.agentClass, agent.createdAt, agent.createdBy];
      await run('registry.insert_agent', insertHead, values);
      await writeVersion(agent);
      await recordWrite(client, actor, record);
    },
    insertAgentVersion: async (agent, record) => {
      await run('registry.update_agent', updateHead, contentOf(tenantId, agent));
      await writeVersion(agent);
      await recordWrite(client, actor, record);
    },
    deleteAgent: async (agent, record) => {
      await run('registry.delete_agent', deleteHead, [tenantId, agent.id]);
      await recordWrite(client, actor, record);
    },
  };
}

function contentOf(tenantId: string, agent: Agent): readonly unknown[] {
  return [
    tenantId,
    agent.id,
    agent.agentId,
    agent.agentName,
    agent.systemPrompt,
    JSON.stringify(agent.tools),
    JSON.stringify(agent.agentDependencies),
    agent.maxOutputKeys,
    JSON.stringify(agent.outputSchema),
    agent.description === '' ? null : agent.description,
    agent.enabled,
    agent.version,
  ];
}
