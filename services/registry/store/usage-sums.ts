// Sums over the ledger, counted anew for each question from the rows of one tenant and one stretch of time.
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import { uncertainAfterMs } from '../core/usage-call.ts';
import { type UsageGrouping, type UsageSum, usageGroupsMax } from '../core/usage-sum.ts';
import type { UsageAsked } from './usage-store.ts';

const keys: Readonly<Record<UsageGrouping, string>> = {
  agent: 'l.agent_id',
  domain: 'l.domain_id',
  model: `l.provider || '/' || l.model`,
  day: 'l.day::text',
};

const countedColumns = `sum(calls)::text as calls, sum(uncertain_calls)::text as uncertain_calls,
  sum(estimated_calls)::text as estimated_calls, sum(input_tokens)::text as input_tokens,
  sum(output_tokens)::text as output_tokens, sum(money)::text as money`;

/** Tenant, from, to, the time before which an open reservation is uncertain, the most groups. Answers the groups in their order. */
export function selectSums(grouping: UsageGrouping): string {
  const order = grouping === 'day' ? 'key, currency' : 'calls desc, key, currency';
  return `with grouped as (
  select ${keys[grouping]} as key, coalesce(l.currency, '') as currency, count(*) as calls,
    count(*) filter (where l.status = 'uncertain' or (l.status = 'open' and l.reserved_at < $4)) as uncertain_calls,
    count(*) filter (where l.tokens_estimated) as estimated_calls,
    coalesce(sum(l.input_tokens), 0) as input_tokens, coalesce(sum(l.output_tokens), 0) as output_tokens,
    coalesce(sum(l.money), 0) as money
  from registry.usage_ledger l
  where l.tenant_id = $1 and l.reserved_at >= $2 and l.reserved_at < $3 and l.status <> 'not_sent'
  group by 1, 2
), placed as (
  select g.*, row_number() over (order by ${order}) as place,
    (select case when count(*) <= $5 then count(*) else $5 - count(distinct currency) end from grouped) as kept
  from grouped g
)
select key, currency, place, calls::text, uncertain_calls::text, estimated_calls::text, input_tokens::text, output_tokens::text, money::text
from placed where place <= kept
union all
select 'other', currency, $5 + row_number() over (order by currency), ${countedColumns}
from placed where place > kept group by currency
order by place limit $5`;
}

interface SumRow {
  readonly key: string;
  readonly currency: string;
  readonly calls: string;
  readonly uncertain_calls: string;
  readonly estimated_calls: string;
  readonly input_tokens: string;
  readonly output_tokens: string;
  readonly money: string;
}

/** The groups of a question in their order; see `UsageStore.sumUsage`. */
export async function sumUsage(
  client: SqlClient,
  tenantId: string,
  { groupBy, range, nowMs }: UsageAsked,
): Promise<readonly UsageSum[]> {
  const times = [range.fromMs, range.toMs, nowMs - uncertainAfterMs].map((ms) => new Date(ms));
  const { rows } = await client.query<SumRow>({
    name: 'registry.sum_usage',
    text: selectSums(groupBy),
    values: [tenantId, ...times, usageGroupsMax],
  });
  return rows.map((row) => ({
    key: row.key,
    currency: row.currency,
    calls: BigInt(row.calls),
    uncertainCalls: BigInt(row.uncertain_calls),
    estimatedCalls: BigInt(row.estimated_calls),
    inputTokens: BigInt(row.input_tokens),
    outputTokens: BigInt(row.output_tokens),
    money: BigInt(row.money),
  }));
}
