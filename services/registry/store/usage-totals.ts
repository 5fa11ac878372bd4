// The sums that budgets bound: one row for the tenant and one for the domain in a month, one for the run. Whoever changes them holds them
// until the commit, always in this order. A sum follows the ledger in the ledger's own transactions and is never counted anew.
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import type { BudgetScope } from '../core/budget.ts';
import type { PassedBudget, UsageTotal } from '../core/budget-verdict.ts';
import { monthOf } from '../core/usage-period.ts';

// The rows are locked in the order of the values.
const addMoney = `insert into registry.usage_totals as t (tenant_id, scope, scope_id, month, currency, money)
select $1::uuid, v.scope, v.scope_id, v.month, $2::text, $3::bigint
from unnest($4::text[], $5::text[], $6::text[]) with ordinality as v (scope, scope_id, month, place)
order by v.place
on conflict (tenant_id, scope, scope_id, month, currency) do update set money = t.money + excluded.money
returning t.scope, t.money::text as money, t.told_soft::text as told_soft`;

const tellSoft = `update registry.usage_totals set told_soft = $6
where tenant_id = $1 and scope = $2 and scope_id = $3 and month = $4 and currency = $5`;

/** Whose sums a call counts in. */
export interface CountedCall {
  readonly tenantId: string;
  readonly jobId: string;
  /** Empty outside of domains, where no sum of a domain counts it. */
  readonly domainId: string;
  /** Of its reservation, in the tenant's time zone. */
  readonly day: string;
  /** Undefined for a call without a price. */
  readonly currency: string | undefined;
}

/** Adds money, which may be less than nothing, to the sums of a call, and answers them. They are held from now on. */
export async function addToTotals(
  client: SqlClient,
  call: CountedCall,
  money: bigint,
): Promise<readonly UsageTotal[]> {
  const sums = sumsOf(call);
  const columns = [0, 1, 2].map((at) => sums.map((sum) => sum[at]));
  const { rows } = await client.query<{ scope: BudgetScope; money: string; told_soft: string | null }>({
    name: 'registry.add_usage_totals',
    text: addMoney,
    values: [call.tenantId, call.currency ?? '', money, ...columns],
    prepare: true,
  });
  return rows.map((row) => ({
    scope: row.scope,
    money: BigInt(row.money),
    toldSoft: row.told_soft === null ? undefined : BigInt(row.told_soft),
  }));
}

/** Notes that soft budgets were told as passed. */
export async function noteTold(
  client: SqlClient,
  call: CountedCall,
  passed: readonly PassedBudget[],
): Promise<void> {
  const sums = sumsOf(call).filter(([scope]) => passed.some((each) => each.scope === scope));
  for (const sum of sums) {
    const soft = passed.find(({ scope }) => scope === sum[0])?.soft;
    const values = [call.tenantId, ...sum, call.currency ?? '', soft];
    await client.query({ name: 'registry.tell_usage_total', text: tellSoft, values });
  }
}

type SumKey = readonly [scope: BudgetScope, scopeId: string, month: string];

function sumsOf({ jobId, domainId, day }: CountedCall): readonly SumKey[] {
  const month = monthOf(day);
  const ofDomain: readonly SumKey[] = domainId === '' ? [] : [['domain', domainId, month]];
  return [['tenant', '', month], ...ofDomain, ['run', jobId, '']];
}
