// Rows for tests, written past the service with an admin's rights: principals, tools, agents and domains in any version.
import type pg from 'pg';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { newId } from '../../../foundation/ids/ids.ts';

/** A principal of a tenant that nobody knows yet. */
export function newPrincipal(changes: Partial<Principal> = {}): Principal {
  return { tenantId: newId(), userId: newId(), username: 'alice', roles: ['admin'], ...changes };
}

/** Writes the principal's tenant and user. */
export async function insertPrincipal(admin: pg.Client, { tenantId, userId }: Principal): Promise<void> {
  await admin.query("insert into registry.tenants (id, tenant_name) values ($1, 'A tenant')", [tenantId]);
  const values = [userId, tenantId, userId];
  await admin.query('insert into registry.users (id, tenant_id, username) values ($1, $2, $3)', values);
}

/** An agent to write; what is absent gets a plain value. */
export interface AgentForTest {
  readonly agentId?: string;
  readonly agentClass?: string;
  readonly dependencies?: readonly string[];
  readonly enabled?: boolean;
  readonly settings?: object;
  /** ISO 8601, as exact as the database keeps it; absent for now. */
  readonly createdAt?: string;
}

/** Writes version 1 of an agent as the principal's and answers its agent_id. */
export async function insertAgent(
  admin: pg.Client,
  { tenantId, userId }: Principal,
  agent: AgentForTest = {},
): Promise<string> {
  const id = newId();
  const agentId = agent.agentId ?? `agent-${id.replaceAll('-', '')}`;
  const values = [
    id,
    agentId,
    tenantId,
    `Name of ${agentId}`,
    agent.agentClass ?? 'query',
    JSON.stringify(agent.dependencies ?? []),
    agent.enabled ?? true,
    userId,
    agent.createdAt ?? new Date().toISOString(),
  ];
  await admin.query(
    `insert into registry.agent_definitions (id, agent_id, tenant_id, agent_name, agent_class, system_prompt,
      agent_dependencies, output_schema, enabled, created_by, created_at)
    values ($1, $2, $3, $4, $5, 'Answer.', $6, '{"answer": {"type": "string"}}', $7, $8, $9)`,
    values,
  );
  await insertAgentVersion(admin, agentId, { version: 1, settings: agent.settings ?? {} });
  return agentId;
}

/** Writes a version of an agent from its head, with the changes. */
export async function insertAgentVersion(
  admin: pg.Client,
  agentId: string,
  { version, name, dependencies, settings = {} }: AgentVersionForTest,
): Promise<void> {
  await admin.query(
    `update registry.agent_definitions
    set version = $2, agent_name = coalesce($3, agent_name), agent_dependencies = coalesce($4, agent_dependencies)
    where agent_id = $1`,
    [agentId, version, name ?? null, dependencies ? JSON.stringify(dependencies) : null],
  );
  await admin.query(
    `insert into registry.agent_versions (tenant_id, agent_definition_id, version, agent_id, agent_name, agent_class,
      system_prompt, tools, agent_dependencies, max_output_keys, output_schema, description, enabled, settings, created_by)
    select tenant_id, id, version, agent_id, agent_name, agent_class,
      system_prompt, tools, agent_dependencies, max_output_keys, output_schema, description, enabled, $2, created_by
    from registry.agent_definitions where agent_id = $1`,
    [agentId, JSON.stringify(settings)],
  );
}

/** What a version changes; absent fields stay as they are. */
export interface AgentVersionForTest {
  readonly version: number;
  readonly name?: string;
  readonly dependencies?: readonly string[];
  readonly settings?: object;
}

/** Versions of a domain to write, the oldest first: the query playbook of each. */
export interface DomainForTest {
  readonly domainId: string;
  readonly versions: readonly object[];
}

/** A playbook as it is stored. */
export function storedPlaybook(
  nodes: readonly unknown[],
  edges: readonly (readonly [string, string])[] = [],
) {
  return { agent_execution_graph: { nodes, edges: edges.map(([from, to]) => ({ from, to })) }, settings: {} };
}

/** Writes a domain with its versions as the principal's. */
export async function insertDomain(
  admin: pg.Client,
  { tenantId, userId }: Principal,
  { domainId, versions }: DomainForTest,
): Promise<void> {
  const id = newId();
  const playbooks = (query: object | undefined): string[] =>
    [storedPlaybook([]), query, storedPlaybook([])].map((playbook) => JSON.stringify(playbook));
  const head = [id, domainId, tenantId, userId];
  await admin.query(
    `insert into registry.domain_configurations (id, domain_id, tenant_id, created_by, domain_name,
      ingestion_playbook, query_playbook, management_playbook)
    values ($1, $2, $3, $4, 'Domain', $5, $6, $7)`,
    [...head, ...playbooks(versions.at(-1))],
  );
  for (const [at, query] of versions.entries()) {
    await admin.query(
      `insert into registry.domain_versions (domain_configuration_id, domain_id, tenant_id, created_by, domain_name,
        version, ingestion_playbook, query_playbook, management_playbook)
      values ($1, $2, $3, $4, 'Domain', $5, $6, $7, $8)`,
      [...head, at + 1, ...playbooks(query)],
    );
  }
}

/** Writes a tool as the principal's; `type` is `custom` unless another is given. */
export async function insertTool(
  admin: pg.Client,
  { tenantId, userId }: Principal,
  { name, type = 'custom' }: { readonly name: string; readonly type?: string },
): Promise<void> {
  await admin.query(
    `insert into registry.tools (tenant_id, id, tool_name, tool_type, auth_method, effect, created_by)
    values ($1, $2, $3, $4, 'none', 'read', $5)`,
    [tenantId, newId(), name, type, userId],
  );
}
