// Reading agents. Each statement says itself which tenants' rows it wants; `$1` is always the caller's tenant. Those that walk dependencies
// are written so that PostgreSQL sees no gain in planning them anew for each call, which would take longer than running them.
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import type { Agent } from '../core/agent.ts';
import { agentKeysMax } from '../core/agent-keys.ts';
import { dependencyAgentsMax, type GraphAgent } from '../core/dependency-graph.ts';
import { type AgentRow, agentColumns, agentOf, newestAgentVersion } from './agent-row.ts';
import { listPage, sliceValues } from './list-page.ts';
import type { AgentStore, VersionAsked } from './store.ts';

// An agent_id is unique in the platform, so that no order between the tenants is needed.
const selectAgent = `select ${agentColumns}
from registry.agent_definitions a
join registry.agent_versions v on v.tenant_id = a.tenant_id and v.agent_definition_id = a.id
where a.tenant_id in ($1, registry.system_tenant_id()) and a.agent_id = $2
  and v.version = case when $3::integer = 0 then a.version else $3 end
limit 1`;

// The newest version of the agent that `needed` names. A lateral join with a limit keeps the planner on the index: it cannot know how
// few agents are needed, and would read all of the tenant's.
const newestNeeded = (columns: string): string => `cross join lateral (
    select ${columns}
    from registry.agent_definitions a
    ${newestAgentVersion}
    where a.agent_id = needed.agent_id and a.tenant_id in ($1, registry.system_tenant_id())
    limit 1
  ) agent`;

const named = 'jsonb_array_elements_text($2::jsonb)';

// The agents named in `$2` and all that they depend on. Union drops what was seen, so that a cycle ends.
const withNeeded = `with recursive needed (agent_id) as (
  select ${named}
  union
  select dependency.agent_id
  from needed
  ${newestNeeded('v.agent_dependencies')}
  cross join lateral jsonb_array_elements_text(agent.agent_dependencies) as dependency (agent_id)
)`;

const selectDependencies = `${withNeeded}
select agent.*
from needed
${newestNeeded('a.agent_id, v.agent_name, v.agent_class, v.agent_dependencies')}
limit ${dependencyAgentsMax + 1}`;

const selectNamedAgents = `select agent.*
from ${named} as needed (agent_id)
${newestNeeded(agentColumns)}
limit (select $3::integer)`;

const selectNeededAgents = `${withNeeded}
select agent.*
from needed
${newestNeeded(agentColumns)}
limit (select $3::integer)`;

// The page is cut out of the heads before versions are read.
const selectAgents = `select ${agentColumns}
from (
  select head.id, head.agent_id, head.tenant_id, head.is_inbuilt, head.version, head.created_at, head.created_by
  from registry.agent_definitions head
  where head.tenant_id in ($1, registry.system_tenant_id())
    and ($2::text is null or head.agent_class = $2)
    and ($3::timestamptz is null or (head.created_at, head.id) < ($3::timestamptz, $4::uuid))
  order by head.created_at desc, head.id desc
  limit $5 offset $6
) a
${newestAgentVersion}
order by a.created_at desc, a.id desc`;

// Each key at its place; a head that is gone takes its versions out of sight.
const selectKeys = `select agent.*
from jsonb_to_recordset($2::jsonb) as asked (place integer, agent_id text, version integer)
cross join lateral (
  select ${agentColumns}
  from registry.agent_definitions a
  join registry.agent_versions v on v.tenant_id = a.tenant_id and v.agent_definition_id = a.id
  where a.agent_id = asked.agent_id and a.tenant_id in ($1, registry.system_tenant_id())
    and v.version = case when asked.version = 0 then a.version else asked.version end
  limit 1
) agent
order by asked.place
limit ${agentKeysMax}`;

const countAgents = `select count(*)::integer as total
from registry.agent_definitions a
where a.tenant_id in ($1, registry.system_tenant_id()) and ($2::text is null or a.agent_class = $2)`;

/**
 * Reads agents from PostgreSQL. Statements that do not need each other's answers share one round trip. Lists may come from a replica;
 * whoever names an agent sees what was written last.
 */
export function createAgentStatements(postgres: Postgres): AgentStore {
  return {
    findAgent: (tenantId, asked) =>
      postgres.tenantRead(
        tenantId,
        async (client) => {
          const agent = await readAgent(client, tenantId, asked);
          if (!agent) return undefined;
          return { agent, dependencies: await readDependencies(client, tenantId, agent.agentDependencies) };
        },
        { fresh: true },
      ),
    listAgents: (tenantId, slice) =>
      postgres.tenantRead(tenantId, async (client) => {
        const matching = [tenantId, slice.agentClass ?? null];
        const page = { name: 'registry.select_agents', text: selectAgents };
        const count = { name: 'registry.count_agents', text: countAgents, values: matching };
        const [{ rows }, total] = await Promise.all([
          client.query<AgentRow>({ ...page, values: [...matching, ...sliceValues(slice)] }),
          slice.after ? undefined : client.query<{ total: number }>(count),
        ]);
        return listPage({ slice, rows, total, itemOf: agentOf });
      }),
    findAgents: (tenantId, keys) =>
      postgres.tenantRead(
        tenantId,
        async (client) => {
          const asked = keys.map(({ id, version }, place) => ({ place, agent_id: id, version }));
          const values = [tenantId, JSON.stringify(asked)];
          const statement = { name: 'registry.select_agent_keys', text: selectKeys, prepare: true };
          const { rows } = await client.query<AgentRow>({ ...statement, values });
          return rows.map(agentOf);
        },
        { fresh: true },
      ),
  };
}

/** One version, without what it depends on; undefined when it is absent. */
export async function readAgent(
  client: SqlClient,
  tenantId: string,
  { id, version }: VersionAsked,
): Promise<Agent | undefined> {
  const statement = { name: 'registry.select_agent', text: selectAgent, prepare: true };
  const { rows } = await client.query<AgentRow>({ ...statement, values: [tenantId, id, version] });
  return rows[0] && agentOf(rows[0]);
}

/** Which agents are needed. */
export interface AgentsNeeded {
  readonly agentIds: readonly string[];
  /** One more than this is read at most: enough to see that there are too many. */
  readonly max: number;
}

/**
 * Newest versions, by agent_id, of the named agents and all that they depend on; absent ones are left out. Takes one statement, or a
 * second one when an agent depends on others than those.
 */
export async function readNeededAgents(
  client: SqlClient,
  tenantId: string,
  { agentIds, max }: AgentsNeeded,
): Promise<ReadonlyMap<string, Agent>> {
  const values = [tenantId, JSON.stringify(agentIds), max + 1];
  const read = async (name: string, text: string): Promise<ReadonlyMap<string, Agent>> => {
    const { rows } = await client.query<AgentRow>({ name, text, values, prepare: true });
    return new Map(rows.map((row) => [row.agent_id, agentOf(row)]));
  };
  const agents = await read('registry.select_named_agents', selectNamedAgents);
  const known = new Set(agentIds);
  const isWhole = [...agents.values()].every(({ agentDependencies }) =>
    agentDependencies.every((id) => known.has(id)),
  );
  return isWhole ? agents : read('registry.select_needed_agents', selectNeededAgents);
}

/** The named agents and all that they depend on; absent ones are left out. One agent more than 2,000 is read at most, the named ones first. */
export async function readDependencies(
  client: SqlClient,
  tenantId: string,
  agentIds: readonly string[],
): Promise<readonly GraphAgent[]> {
  if (agentIds.length === 0) return [];
  const values = [tenantId, JSON.stringify(agentIds)];
  const statement = { name: 'registry.select_dependencies', text: selectDependencies, prepare: true };
  const { rows } = await client.query<DependencyRow>({ ...statement, values });
  return rows.map(graphAgentOf);
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
