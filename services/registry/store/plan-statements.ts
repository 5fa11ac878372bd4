// Reading what a plan is compiled from: the heads that it rests on in one statement, then those versions of agents that are not at hand in
// a second one. A version never changes, so it is kept in the process under its key; what is deleted has no head and is never looked up.
import { type BoundedCache, createBoundedCache } from '../../../foundation/cache/bounded-cache.ts';
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import type { Agent } from '../core/agent.ts';
import { type AgentRow, agentColumns, agentOf } from './agent-row.ts';
import { askedDomain } from './domain-statements.ts';
import { playbookOf, type StoredPlaybook } from './playbook-json.ts';
import type { DomainStore, PlanAsked, PlanRead } from './store.ts';

/** How much the kept versions of agents may weigh, in characters of their prompts and schemas. */
const versionsWeightMax = 32 * 1024 * 1024;

/** What an agent weighs beside its texts. */
const versionWeightMin = 1_000;

// An agent_id is unique in the platform. A lateral join with a limit keeps the planner on its index, and a limit that is a subquery keeps it
// from planning anew for each call, which takes longer than running.
const headOf = (columns: string): string => `cross join lateral (
    select ${columns}
    from registry.agent_definitions a
    where a.agent_id = needed.agent_id and a.tenant_id in ($1, registry.system_tenant_id())
    limit 1
  ) head`;

// Union drops what was seen, so that a cycle ends.
const selectPlanHeads = `with recursive asked as (
  select d.domain_id, v.version,
    case $4::text when 'ingestion' then v.ingestion_playbook when 'query' then v.query_playbook
      else v.management_playbook end as playbook
  from registry.domain_configurations d
  join registry.domain_versions v on v.tenant_id = d.tenant_id and v.domain_configuration_id = d.id
  where ${askedDomain}
  order by v.version desc
  limit 1
), needed (agent_id) as (
  select node.document #>> '{}'
  from asked
  cross join lateral jsonb_array_elements(asked.playbook #> '{agent_execution_graph,nodes}') as node (document)
  where jsonb_typeof(node.document) = 'string'
  union
  select dependency.agent_id
  from needed
  ${headOf('a.agent_dependencies')}
  cross join lateral jsonb_array_elements_text(head.agent_dependencies) as dependency (agent_id)
), heads as (
  select head.*
  from needed
  ${headOf('a.agent_id, a.tenant_id, a.id, a.version')}
  limit (select $5::integer)
)
select asked.domain_id, asked.version, asked.playbook,
  (select coalesce(jsonb_agg(to_jsonb(heads)), '[]') from heads) as heads
from asked`;

const selectAgentVersions = `select agent.*
from jsonb_to_recordset($2::jsonb) as missing (tenant_id uuid, id uuid, version integer)
cross join lateral (
  select ${agentColumns}
  from registry.agent_definitions a
  join registry.agent_versions v
    on v.tenant_id = a.tenant_id and v.agent_definition_id = a.id and v.version = missing.version
  where a.tenant_id = missing.tenant_id and a.tenant_id in ($1, registry.system_tenant_id()) and a.id = missing.id
  limit 1
) agent
limit (select $3::integer)`;

/** Reads what plans are compiled from. */
export function createPlanStatements(postgres: Postgres): Pick<DomainStore, 'findPlanSource'> {
  const versions = createBoundedCache<Agent>({ weightMax: versionsWeightMax, weightOf: weightOfAgent });
  return {
    findPlanSource: (tenantId, asked) =>
      postgres.tenantRead(
        tenantId,
        async (client) => {
          const found = await readHeads(client, tenantId, asked);
          if (!found) return undefined;
          const { domain_id: domainId, version, playbook, heads } = found;
          const agents = await readVersions({ client, tenantId, heads, versions });
          return { domainId, version, playbook: playbookOf(playbook), agents };
        },
        { fresh: true }, // a run that follows a save sees it
      ),
  };
}

interface AgentHead {
  readonly agent_id: string;
  readonly tenant_id: string;
  readonly id: string;
  readonly version: number;
}

interface PlanHeads {
  readonly domain_id: string;
  readonly version: number;
  readonly playbook: StoredPlaybook;
  readonly heads: readonly AgentHead[];
}

async function readHeads(
  client: SqlClient,
  tenantId: string,
  { id, version, playbook, agentsMax }: PlanAsked,
): Promise<PlanHeads | undefined> {
  const { rows } = await client.query<PlanHeads>({
    name: 'registry.select_plan_heads',
    text: selectPlanHeads,
    values: [tenantId, id, version, playbook, agentsMax + 1],
    prepare: true,
  });
  return rows[0];
}

interface VersionsNeeded {
  readonly client: SqlClient;
  readonly tenantId: string;
  readonly heads: readonly AgentHead[];
  readonly versions: BoundedCache<Agent>;
}

/** An agent that was deleted since its head was read is left out like one that was deleted before. */
async function readVersions(needed: VersionsNeeded): Promise<PlanRead['agents']> {
  const { client, tenantId, heads, versions } = needed;
  const kept = new Map(heads.map((head) => [head.agent_id, versions.get(keyOf(head))]));
  const missing = heads.filter(({ agent_id }) => !kept.get(agent_id));
  if (missing.length > 0) {
    const { rows } = await client.query<AgentRow>({
      name: 'registry.select_agent_versions',
      text: selectAgentVersions,
      values: [tenantId, JSON.stringify(missing), missing.length],
      prepare: true,
    });
    for (const row of rows) {
      const agent = agentOf(row);
      versions.set(keyOf(row), agent);
      kept.set(agent.agentId, agent);
    }
  }
  return new Map([...kept].flatMap(([agentId, agent]) => (agent ? [[agentId, agent] as const] : [])));
}

/** A head was found by the caller's own right before its key is looked up. */
function keyOf({ tenant_id, id, version }: Omit<AgentHead, 'agent_id'>): string {
  return `${tenant_id} ${id} ${version}`;
}

function weightOfAgent({ systemPrompt, outputSchema, description }: Agent): number {
  return versionWeightMin + systemPrompt.length + description.length + JSON.stringify(outputSchema).length;
}
