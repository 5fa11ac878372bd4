// Writes a call of a model down before it is made, once however often it is asked for. One transaction, which throws what the budgets refuse
// and so leaves nothing behind.
import { Fault } from '../../../foundation/fault/fault.ts';
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import { passedBudgets, refuseOverBudget } from '../core/budget-verdict.ts';
import { greatestCost, type ModelPrice } from '../core/model-price.ts';
import type { UsageCall } from '../core/usage-call.ts';
import { dayIn } from '../core/usage-period.ts';
import { findUsageBounds } from './usage-bounds.ts';
import type { Reservation } from './usage-store.ts';
import { addToTotals, noteTold } from './usage-totals.ts';

// Its process was lost, or is about to say how the call ended.
const markLost = `update registry.usage_ledger set status = 'uncertain'
where tenant_id = $1 and job_id = $2 and task_id = $3 and attempt = $4 and number = $5 and id <> $6 and status = 'open'`;

const insertCall = `insert into registry.usage_ledger (tenant_id, job_id, task_id, attempt, number, repeat, id,
  agent_id, agent_version, domain_id, provider, model, input_tokens_estimate, output_tokens_max,
  reserved_at, day, money, price_version, currency, input_price, output_price, cached_input_price)
values ($1::uuid, $2::text, $3::text, $4::integer, $5::integer, (
    select coalesce(max(l.repeat), 0) + 1 from registry.usage_ledger l
    where l.tenant_id = $1 and l.job_id = $2 and l.task_id = $3 and l.attempt = $4 and l.number = $5
  ), $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
on conflict (tenant_id, id) do nothing`;

const selectReserved = `select from registry.usage_ledger
where tenant_id = $1 and job_id = $2 and task_id = $3 and attempt = $4 and number = $5 and id = $6`;

/** What is reserved, and when. */
export interface Reserving {
  readonly tenantId: string;
  readonly call: UsageCall;
  readonly nowMs: number;
}

/**
 * Reserves the greatest cost of the call; undefined when the tenant is unknown. The row of a lost call comes before the sums, as where a call
 * is settled, and the new row after them, so that no two calls have the same place, and that of one reservation the second finds the first.
 */
export async function reserveCall(
  client: SqlClient,
  { tenantId, call, nowMs }: Reserving,
): Promise<Reservation | undefined> {
  const bounds = await findUsageBounds(client, tenantId);
  if (!bounds) return undefined;
  const { budgets, timeZone } = bounds;
  const [id, day] = [call.reservationId, dayIn(timeZone, nowMs)];
  const { price } = call;
  const tokens = { input: call.inputTokensEstimate, output: call.outputTokensMax };
  const money = price && greatestCost(price, tokens);
  const counted = { tenantId, jobId: call.jobId, domainId: call.domainId, day, currency: price?.currency };
  const key = [tenantId, call.jobId, call.taskId, call.attempt, call.number, id];
  await client.query({ name: 'registry.mark_lost_call', text: markLost, values: key, prepare: true });
  const totals = await addToTotals(client, counted, money ?? 0n);
  const judged = { model: `${call.provider}/${call.model}`, currency: price?.currency };
  const told = [...callValues(call), new Date(nowMs), day, money ?? null, ...priceValues(price)];
  const insert = { name: 'registry.insert_usage_call', text: insertCall, prepare: true };
  const { count } = await client.query({ ...insert, values: [...key, ...told] });
  if (count === 0) {
    const totals = await addToTotals(client, counted, -(money ?? 0n));
    await refuseOtherCall(client, key);
    return { id, passed: passedBudgets(budgets, judged, totals) };
  }
  refuseOverBudget(budgets, judged, totals);
  const passed = passedBudgets(budgets, judged, totals);
  await noteTold(
    client,
    counted,
    passed.filter(({ isNew }) => isNew),
  );
  return { id, passed };
}

/** A reservation that is there already must be that of the same call. */
async function refuseOtherCall(client: SqlClient, key: readonly unknown[]): Promise<void> {
  const { count } = await client.query({
    name: 'registry.select_reserved',
    text: selectReserved,
    values: key,
  });
  if (count > 0) return;
  const reason = 'is that of another call; choose a new one for each call';
  const violations = [{ field: 'reservation_id', reason }];
  throw new Fault('already_exists', `reservation_id ${reason}`, { violations });
}

function callValues(call: UsageCall): readonly unknown[] {
  const { agentId, agentVersion, domainId, provider, model, inputTokensEstimate, outputTokensMax } = call;
  return [agentId, agentVersion, domainId, provider, model, inputTokensEstimate, outputTokensMax];
}

function priceValues(price: ModelPrice | undefined): readonly unknown[] {
  if (!price) return [null, null, null, null, null];
  return [price.version, price.currency, price.input, price.output, price.cachedInput];
}
