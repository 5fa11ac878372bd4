// What the rules of definitions ask about stored agents, inside a transaction that someone else began.
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import { readAgent, readDependencies, readNeededAgents } from './agent-statements.ts';
import type { DefinitionFacts } from './store.ts';

/** The most dependents that are named. */
const dependentsMax = 100;

// A head holds the same as its newest version.
const selectDependents = `select a.agent_id
from registry.agent_definitions a
where a.tenant_id = $1 and a.agent_dependencies @> to_jsonb($2::text)
order by a.created_at, a.id
limit ${dependentsMax}`;

/** Facts about the agents of a tenant and of the platform. */
export function agentFacts(
  client: SqlClient,
  tenantId: string,
): Pick<DefinitionFacts, 'agent' | 'agentsWithDependencies' | 'dependencyGraph' | 'dependentsOf'> {
  return {
    agent: (asked) => readAgent(client, tenantId, asked),
    agentsWithDependencies: async (agentIds, max) =>
      agentIds.length === 0 ? new Map() : readNeededAgents(client, tenantId, { agentIds, max }),
    dependencyGraph: (agentIds) => readDependencies(client, tenantId, agentIds),
    dependentsOf: async (agentId) => {
      const values = [tenantId, agentId];
      const statement = { name: 'registry.select_dependents', text: selectDependents };
      const { rows } = await client.query<{ readonly agent_id: string }>({ ...statement, values });
      return rows.map((row) => row.agent_id);
    },
  };
}
