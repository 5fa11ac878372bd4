// What the newest tasks of agents have used, read from the ledger for each question; how much is read is bounded whatever the ledger holds.
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import type { AgentCallHistory, HistoryAsked, TaskUse } from '../core/call-history.ts';

/** Calls of an agent that its newest tasks are looked for in, for each task that is asked for. */
const callsPerTask = 10;

const modelsMax = 20;

// Tenant, agents, versions, the most tasks, the most calls, the most models. A task whose calls are not all settled, or are priced in
// several currencies, is left out: nobody can say what it has used.
const selectHistory = `select w.place, v.version, t.calls, t.input_tokens::text as input_tokens, t.output_tokens::text as output_tokens,
  t.money::text as money, t.currency, t.began_at, t.models
from unnest($2::text[], $3::integer[]) with ordinality as w (agent_id, version, place)
cross join lateral (
  select max(l.agent_version) as version from (
    (select agent_version from registry.usage_ledger
      where tenant_id = $1 and agent_id = w.agent_id and agent_version = w.version limit 1)
    union all
    (select agent_version from registry.usage_ledger
      where tenant_id = $1 and agent_id = w.agent_id and not exists (
        select from registry.usage_ledger where tenant_id = $1 and agent_id = w.agent_id and agent_version = w.version)
      order by agent_version desc limit 1)
  ) l
) v
cross join lateral (
  select c.job_id, c.task_id, count(*)::integer as calls, sum(c.input_tokens) as input_tokens, sum(c.output_tokens) as output_tokens,
    sum(c.money) as money, min(c.currency) as currency, min(c.reserved_at) as began_at,
    (array_agg(distinct c.provider || '/' || c.model))[1:$6] as models
  from (
    select n.job_id, n.task_id from (
      select job_id, task_id, reserved_at from registry.usage_ledger
      where tenant_id = $1 and agent_id = w.agent_id and agent_version = v.version
      order by reserved_at desc limit $5
    ) n
    group by n.job_id, n.task_id order by max(n.reserved_at) desc limit $4
  ) k
  join registry.usage_ledger c on c.tenant_id = $1 and c.job_id = k.job_id and c.task_id = k.task_id and c.status <> 'not_sent'
  group by c.job_id, c.task_id
  having bool_and(c.status in ('succeeded', 'failed')) and count(distinct coalesce(c.currency, '')) = 1
) t
order by w.place, t.began_at desc`;

interface HistoryRow {
  /** From 1. */
  readonly place: string;
  readonly version: number;
  readonly calls: number;
  readonly input_tokens: string;
  readonly output_tokens: string;
  readonly money: string | null;
  readonly currency: string | null;
  readonly began_at: Date;
  readonly models: readonly string[];
}

/** One history for each agent, in their order; see `UsageStore.findCallHistory`. */
export async function findCallHistory(
  client: SqlClient,
  tenantId: string,
  { agents, tasksMax }: HistoryAsked,
): Promise<readonly AgentCallHistory[]> {
  const columns = [agents.map(({ agentId }) => agentId), agents.map(({ version }) => version)];
  const { rows } = await client.query<HistoryRow>({
    name: 'registry.select_call_history',
    text: selectHistory,
    values: [tenantId, ...columns, tasksMax, tasksMax * callsPerTask, modelsMax],
  });
  const byPlace = Map.groupBy(rows, ({ place }) => Number(place));
  return agents.map((_, at) => historyOf(byPlace.get(at + 1) ?? []));
}

function historyOf(rows: readonly HistoryRow[]): AgentCallHistory {
  const [newest, oldest] = [rows[0], rows.at(-1)];
  if (!newest || !oldest) return { version: 0, tasks: [], models: [] };
  const models = [...new Set(rows.flatMap((row) => row.models))].sort().slice(0, modelsMax);
  return {
    version: newest.version,
    tasks: rows.map(useOf),
    from: oldest.began_at,
    to: newest.began_at,
    models,
  };
}

function useOf({ calls, input_tokens, output_tokens, money, currency }: HistoryRow): TaskUse {
  const tokens = { inputTokens: BigInt(input_tokens), outputTokens: BigInt(output_tokens) };
  const paid = money === null || currency === null ? {} : { money: BigInt(money), currency };
  return { calls, ...tokens, ...paid };
}
