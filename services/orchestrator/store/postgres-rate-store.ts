// The accounts of callers on PostgreSQL, under the engine's own role. Replicas settle the same callers at the same time: every statement locks
// rows in the order of their keys or leaves out what is locked, so that nobody waits crosswise.
import { int4Array, textArray, uuidArray } from '../../../foundation/postgres/binary-array.ts';
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import { accountName, daySeconds, type RateAccount, type RateUse } from '../core/rate-use.ts';
import type { RatePlace, RateStore } from './rate-store.ts';

// A row that is proposed holds what was used as what is missing: `burst - tokens` is what was spent.
const settleUses = `insert into orchestrator.rates as r
    (tenant_id, caller, per_second, burst, tokens, filled_at, counted, window_ends_at)
  select k.tenant_id, k.caller, k.per_second, k.burst, k.burst - k.spent, t.now, k.uncounted,
    case when k.window_seconds = ${daySeconds} then date_trunc('day', t.now, 'UTC') + interval '1 day'
      else t.now + make_interval(secs => k.window_seconds) end
  from unnest($1::uuid[], $2::text[], $3::integer[], $4::integer[], $5::integer[], $6::integer[], $7::integer[])
      as k (tenant_id, caller, per_second, burst, spent, window_seconds, uncounted),
    (select clock_timestamp() as now) as t
  order by k.tenant_id, k.caller
  on conflict on constraint rates_pkey do update set
    per_second = excluded.per_second,
    burst = excluded.burst,
    tokens = least(excluded.burst,
        r.tokens + excluded.per_second * greatest(0, extract(epoch from excluded.filled_at - r.filled_at)))
      - (excluded.burst - excluded.tokens),
    filled_at = greatest(r.filled_at, excluded.filled_at),
    counted = excluded.counted + case when r.window_ends_at <= excluded.filled_at then 0 else r.counted end,
    window_ends_at = case when r.window_ends_at <= excluded.filled_at then excluded.window_ends_at else r.window_ends_at end
  returning tenant_id, caller, tokens, counted::text,
    greatest(0, ceil(extract(epoch from window_ends_at - clock_timestamp()) * 1000))::integer as left_ms`;

const isIdle = `r.window_ends_at <= t.now
  and r.tokens + r.per_second * extract(epoch from t.now - r.filled_at) >= r.burst`;

const removeIdle = `with t as materialized (select clock_timestamp() as now),
  part as materialized (
    select r.tenant_id, r.caller, ${isIdle} as idle from orchestrator.rates r, t
    where $1::uuid is null or (r.tenant_id, r.caller) > ($1, $2::text)
    order by r.tenant_id, r.caller limit $3
  ),
  held as materialized (
    select r.tenant_id, r.caller from part join orchestrator.rates r using (tenant_id, caller), t
    where part.idle and ${isIdle} for update of r skip locked
  ),
  gone as (
    delete from orchestrator.rates r using held where r.tenant_id = held.tenant_id and r.caller = held.caller
  )
  select tenant_id, caller from part order by tenant_id, caller offset $3 - 1`;

interface PlaceRow {
  readonly tenant_id: string;
  readonly caller: string;
}

interface AccountRow extends PlaceRow {
  readonly tokens: number;
  readonly counted: string;
  readonly left_ms: number;
}

function placeOf({ tenant_id: tenantId, caller }: PlaceRow): RatePlace {
  return { tenantId, caller };
}

function valuesOf(uses: readonly RateUse[]): unknown[] {
  const numbers = (read: (use: RateUse) => number) => int4Array(uses.map(read));
  return [
    uuidArray(uses.map(({ tenantId }) => tenantId)),
    textArray(uses.map(({ caller }) => caller)),
    numbers(({ perSecond }) => perSecond),
    numbers(({ burst }) => burst),
    numbers(({ spent }) => spent),
    numbers(({ windowSeconds }) => windowSeconds),
    numbers(({ uncounted }) => uncounted),
  ];
}

/** The store over a pool of the role `orchestrator_engine`. */
export function createPostgresRateStore(postgres: Postgres): RateStore {
  const query = <Row>(name: string, text: string, values: unknown[]) =>
    postgres.query<Row>({ name: `orchestrator.${name}`, text, values });
  return {
    async settle(uses) {
      const { rows } = await query<AccountRow>('settle_rates', settleUses, valuesOf(uses));
      const accounts = new Map(rows.map((row) => [accountName(placeOf(row)), accountOf(row)]));
      return uses.map((use) => {
        const account = accounts.get(accountName(use));
        if (!account) throw new Error('The account of a use was not answered');
        return account;
      });
    },
    async removeIdle(after, limit) {
      const values = [after?.tenantId ?? null, after?.caller ?? null, limit];
      const { rows } = await query<PlaceRow>('remove_rates', removeIdle, values);
      return rows[0] && placeOf(rows[0]);
    },
  };
}

function accountOf({ tokens, counted, left_ms: windowLeftMs }: AccountRow): RateAccount {
  return { tokens, counted: Number(counted), windowLeftMs };
}
