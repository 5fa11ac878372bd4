// Reading agents. Each statement says itself which tenants' rows it wants; `$1` is always the caller's tenant and the system's.
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import type { Agent } from '../core/agent.ts';
import { dependencyAgentsMax, type GraphAgent } from '../core/dependency-graph.ts';
import { systemTenantId } from '../core/system-tenant.ts';
import { type AgentRow, agentColumns, agentOf, newestAgentVersion } from './agent-row.ts';
import { listPage, sliceValues } from './list-page.ts';
import type { AgentStore } from './store.ts';

// An agent_id is unique in the platform, so that no order between the tenants is needed.
const selectAgent = `select ${agentColumns}
from registry.agent_definitions a
join registry.agent_versions v on v.tenant_id = a.tenant_id and v.agent_definition_id = a.id
where a.tenant_id = any($1::uuid[]) and a.agent_id = $2
  and v.version = case when $3::integer = 0 then a.version else $3 end
limit 1`;

// The newest version of the agent that `needed` names. A lateral join with a limit keeps the planner on the index: it cannot know how
// few agents are needed, and would read all of the tenant's.
const newestOf = (needed: string, columns: string): string => `cross join lateral (
    select ${columns}
    from registry.agent_definitions a
    ${newestAgentVersion}
    where a.agent_id = ${needed}.agent_id and a.tenant_id = any($1::uuid[])
    limit 1
  ) agent`;

// Agents that the beginning leads to, through any number of newest versions. Union drops what was seen, so that a cycle ends.
const withNeeded = (beginning: string): string => `with recursive needed (agent_id) as (
  ${beginning}
  union
  select dependency.agent_id
  from needed
  ${newestOf('needed', 'v.agent_dependencies')}
  cross join lateral jsonb_array_elements_text(agent.agent_dependencies) as dependency (agent_id)
)`;

const selectDependencies = `${withNeeded(`select dependency.agent_id
  from registry.agent_definitions a
  join registry.agent_versions v on v.tenant_id = a.tenant_id and v.agent_definition_id = a.id
  cross join lateral jsonb_array_elements_text(v.agent_dependencies) as dependency (agent_id)
  where a.tenant_id = any($1::uuid[]) and a.agent_id = $2
    and v.version = case when $3::integer = 0 then a.version else $3 end`)}
select agent.*
from needed
${newestOf('needed', 'a.agent_id, v.agent_name, v.agent_class, v.agent_dependencies')}
limit ${dependencyAgentsMax + 1}`;

const selectNeededAgents = `${withNeeded('select unnest($2::text[])')}
select agent.*
from needed
${newestOf('needed', agentColumns)}
limit $3`;

// The page is cut out of the heads before versions are read.
const selectAgents = `select ${agentColumns}
from (
  select head.id, head.agent_id, head.tenant_id, head.is_inbuilt, head.version, head.created_at, head.created_by
  from registry.agent_definitions head
  where head.tenant_id = any($1::uuid[])
    and ($2::text is null or head.agent_class = $2)
    and ($3::timestamptz is null or (head.created_at, head.id) < ($3::timestamptz, $4::uuid))
  order by head.created_at desc, head.id desc
  limit $5 offset $6
) a
${newestAgentVersion}
order by a.created_at desc, a.id desc`;

const countAgents = `select count(*)::integer as total
from registry.agent_definitions a
where a.tenant_id = any($1::uuid[]) and ($2::text is null or a.agent_class = $2)`;

const findStatements = {
  agent: { name: 'registry.select_agent', text: selectAgent, prepare: true },
  dependencies: { name: 'registry.select_dependencies', text: selectDependencies, prepare: true },
};

/** Reads agents from PostgreSQL. Statements that do not need each other's answers share one round trip. */
export function createAgentStatements(postgres: Postgres): AgentStore {
  return {
    findAgent: (tenantId, { id, version }) =>
      postgres.tenantRead(tenantId, async (client) => {
        const values = [visibleTenants(tenantId), id, version];
        const [found, dependencies] = await Promise.all([
          client.query<AgentRow>({ ...findStatements.agent, values }),
          client.query<DependencyRow>({ ...findStatements.dependencies, values }),
        ]);
        const [row] = found.rows;
        return row && { agent: agentOf(row), dependencies: dependencies.rows.map(graphAgentOf) };
      }),
    listAgents: (tenantId, slice) =>
      postgres.tenantRead(tenantId, async (client) => {
        const matching = [visibleTenants(tenantId), slice.agentClass ?? null];
        const page = { name: 'registry.select_agents', text: selectAgents };
        const count = { name: 'registry.count_agents', text: countAgents, values: matching };
        const [{ rows }, total] = await Promise.all([
          client.query<AgentRow>({ ...page, values: [...matching, ...sliceValues(slice)] }),
          slice.after ? undefined : client.query<{ total: number }>(count),
        ]);
        return listPage({ slice, rows, total, itemOf: agentOf });
      }),
  };
}

/** The tenants whose definitions a tenant may read. */
export function visibleTenants(tenantId: string): readonly string[] {
  return [tenantId, systemTenantId];
}

/** Newest versions, by agent_id, of the named agents and all that they depend on; at most `limit`. Absent ones are left out. */
export async function readNeededAgents(
  client: SqlClient,
  { tenantId, agentIds, limit }: { tenantId: string; agentIds: readonly string[]; limit: number },
): Promise<ReadonlyMap<string, Agent>> {
  const { rows } = await client.query<AgentRow>({
    name: 'registry.select_needed_agents',
    text: selectNeededAgents,
    values: [visibleTenants(tenantId), agentIds, limit],
    prepare: true,
  });
  return new Map(rows.map((row) => [row.agent_id, agentOf(row)]));
}

type DependencyRow = Pick<AgentRow, 'agent_id' | 'agent_name' | 'agent_class' | 'agent_dependencies'>;

function graphAgentOf(row: DependencyRow): GraphAgent {
  return {
    agentId: row.agent_id,
    agentName: row.agent_name,
    agentClass: row.agent_class,
    agentDependencies: row.agent_dependencies,
  };
}
