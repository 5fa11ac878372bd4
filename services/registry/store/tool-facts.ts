// What the rules of definitions ask about stored tools, inside a transaction that someone else began.
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import { toolReferenceOf } from '../core/tool-name.ts';
import type { DefinitionFacts } from './store.ts';

/** The most names that are looked up; an agent lists far fewer. */
const namesMax = 1_000;

// The part before the first dot names the tool itself or, where there is a dot, the MCP server that the tool comes from.
const selectKnownTools = `select named.tool_name
from jsonb_array_elements_text($2::jsonb) as named (tool_name)
where exists (
  select from registry.tools t
  where t.tenant_id in ($1, registry.system_tenant_id()) and t.tool_name = split_part(named.tool_name, '.', 1)
    and (strpos(named.tool_name, '.') = 0 or t.tool_type = 'mcp_server')
)
limit ${namesMax}`;

/** Facts about the tools of a tenant and of the platform. */
export function toolFacts(client: SqlClient, tenantId: string): Pick<DefinitionFacts, 'knownTools'> {
  return {
    knownTools: async (names) => {
      const sound = names.filter(toolReferenceOf);
      if (sound.length === 0) return new Set();
      const { rows } = await client.query<{ tool_name: string }>({
        name: 'registry.select_known_tools',
        text: selectKnownTools,
        values: [tenantId, JSON.stringify(sound)],
        prepare: true,
      });
      return new Set(rows.map((row) => row.tool_name));
    },
  };
}
