// Outputs that executions share, on PostgreSQL, under the engine's own role. Statements that change several rows lock them in the order in
// which the journal does, or leave out what is locked, so that nobody waits crosswise.
import { textArray, uuidArray } from '../../../foundation/postgres/binary-array.ts';
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import type { KeptOutput, OutputKey, OutputPromise, OutputStore } from './output-store.ts';

const selectOutputs = `select o.tenant_id, o.key, o.execution_id, o.answer
  from unnest($1::uuid[], $2::text[]) as k (tenant_id, key)
  join orchestrator.output_cache o on o.tenant_id = k.tenant_id and o.key = k.key
  where o.expires_at > clock_timestamp()`;

const insertPromises = `insert into orchestrator.output_cache as o (tenant_id, key, answer, execution_id, expires_at)
  select distinct on (k.tenant_id, k.key) k.tenant_id, k.key, null, k.execution_id, clock_timestamp() + make_interval(secs => $4)
  from unnest($1::uuid[], $2::text[], $3::uuid[]) as k (tenant_id, key, execution_id)
  order by k.tenant_id, k.key
  on conflict on constraint output_cache_pkey do update
  set answer = null, execution_id = excluded.execution_id, expires_at = excluded.expires_at
  where o.expires_at <= clock_timestamp()
  returning tenant_id, key`;

const openPromises = `select o.tenant_id, o.key from unnest($1::uuid[], $2::text[], $3::uuid[]) as k (tenant_id, key, execution_id)
    join orchestrator.output_cache o on o.tenant_id = k.tenant_id and o.key = k.key and o.execution_id = k.execution_id
    where o.answer is null and o.expires_at > clock_timestamp()
    for update of o skip locked`;

const renewPromises = `with open as materialized (${openPromises})
  update orchestrator.output_cache o set expires_at = clock_timestamp() + make_interval(secs => $4)
  from open where o.tenant_id = open.tenant_id and o.key = open.key`;

const breakPromises = `with open as materialized (${openPromises})
  delete from orchestrator.output_cache o using open where o.tenant_id = open.tenant_id and o.key = open.key`;

const deleteExpired = `with old as materialized (
    select tenant_id, key from orchestrator.output_cache
    where expires_at <= (select clock_timestamp()) order by expires_at limit $1 for update skip locked
  )
  delete from orchestrator.output_cache o using old where o.tenant_id = old.tenant_id and o.key = old.key`;

interface KeyRow {
  readonly tenant_id: string;
  readonly key: string;
}

interface OutputRow extends KeyRow {
  readonly execution_id: string;
  readonly answer: string | null;
}

function keysOf(keys: readonly OutputKey[]): unknown[] {
  return [uuidArray(keys.map(({ tenantId }) => tenantId)), textArray(keys.map(({ key }) => key))];
}

function promisesOf(promises: readonly OutputPromise[]): unknown[] {
  return [...keysOf(promises), uuidArray(promises.map(({ executionId }) => executionId))];
}

function outputOf({ tenant_id: tenantId, key, execution_id: executionId, answer }: OutputRow): KeptOutput {
  return { tenantId, key, executionId, ...(answer === null ? {} : { answer: JSON.parse(answer) }) };
}

/** The store over a pool of the role `orchestrator_engine`. */
export function createPostgresCacheStore(postgres: Postgres): OutputStore {
  const query = <Row>(name: string, text: string, values: unknown[]) =>
    postgres.query<Row>({ name: `orchestrator.${name}`, text, values });
  return {
    find: async (keys) =>
      (await query<OutputRow>('select_outputs', selectOutputs, keysOf(keys))).rows.map(outputOf),
    async promise(promises, leaseMs) {
      const values = [...promisesOf(promises), leaseMs / 1000];
      const { rows } = await query<KeyRow>('promise_outputs', insertPromises, values);
      return rows.map(({ tenant_id: tenantId, key }) => ({ tenantId, key }));
    },
    async renewPromises(promises, leaseMs) {
      await query('renew_promises', renewPromises, [...promisesOf(promises), leaseMs / 1000]);
    },
    async breakPromise(promise) {
      await query('break_promises', breakPromises, promisesOf([promise]));
    },
    removeExpired: async (limit) => (await query('delete_outputs', deleteExpired, [limit])).count,
  };
}
