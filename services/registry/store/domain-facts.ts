// What the rules of definitions ask about stored domains, inside a transaction that someone else began.
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import { type DomainRow, domainColumns, domainOf, newestDomainVersion } from './domain-row.ts';
import { readDomain } from './domain-statements.ts';
import type { DefinitionFacts } from './store.ts';

/** The most domains that are judged when an agent changes, and one more. */
const domainsMax = 1_001;

// The agents that need `$2`, itself included, then the domains that list one of them. The pairs of agent and dependency are taken
// apart once, so that each step upwards is a join; union drops what was seen, so that a cycle ends.
const selectDomainsNeeding = `with recursive pairs (agent_id, needs) as materialized (
  select a.agent_id, dependency.agent_id
  from registry.agent_definitions a
  cross join lateral jsonb_array_elements_text(a.agent_dependencies) as dependency (agent_id)
  where a.tenant_id in ($1, registry.system_tenant_id())
), needing (agent_id) as (
  select $2::text
  union
  select pairs.agent_id::text
  from needing
  join pairs on pairs.needs = needing.agent_id
)
select ${domainColumns}
from registry.domain_configurations d
${newestDomainVersion}
where d.tenant_id = $1 and exists (
  select
  from (values (v.ingestion_playbook), (v.query_playbook), (v.management_playbook)) as playbook (document)
  cross join lateral jsonb_array_elements(playbook.document #> '{agent_execution_graph,nodes}') as node (document)
  where jsonb_typeof(node.document) = 'string'
    and node.document #>> '{}' in (select needing.agent_id from needing))
order by d.created_at, d.id
limit ${domainsMax}`;

/** Facts about the domains of a tenant and of the platform. */
export function domainFacts(
  client: SqlClient,
  tenantId: string,
): Pick<DefinitionFacts, 'domain' | 'domainsNeeding'> {
  return {
    domain: (asked) => readDomain(client, tenantId, asked),
    domainsNeeding: async (agentId) => {
      const values = [tenantId, agentId];
      const statement = { name: 'registry.select_domains_needing', text: selectDomainsNeeding };
      const { rows } = await client.query<DomainRow>({ ...statement, values });
      return rows.map(domainOf);
    },
  };
}
