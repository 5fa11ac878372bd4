// What the ledger needs of a tenant's settings: its budgets, and the zone in which its months begin.
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import type { Budgets } from '../core/budget.ts';

const selectBounds = `select s.settings -> 'budgets' as budgets, s.settings ->> 'time_zone' as time_zone
from registry.tenants t left join registry.tenant_settings s on s.tenant_id = t.id
where t.id = $1`;

/** Budgets and time zone of a tenant. */
export interface UsageBounds {
  /** Undefined for none. */
  readonly budgets: Budgets | undefined;
  /** Empty for UTC. */
  readonly timeZone: string;
}

/** Those of a tenant; none and UTC of one that has stored nothing. Undefined when the tenant is unknown. */
export async function findUsageBounds(client: SqlClient, tenantId: string): Promise<UsageBounds | undefined> {
  const { rows } = await client.query<{
    readonly budgets: Budgets | null;
    readonly time_zone: string | null;
  }>({
    name: 'registry.select_usage_bounds',
    text: selectBounds,
    values: [tenantId],
    prepare: true,
  });
  const [row] = rows;
  return row && { budgets: row.budgets ?? undefined, timeZone: row.time_zone ?? '' };
}
