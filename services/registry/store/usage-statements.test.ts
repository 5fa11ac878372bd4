// The ledger on a real database at chosen times: months of tenants, calls that nobody settled, sums of many groups, and what goes.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import { createPostgres, type Postgres } from '../../../foundation/postgres/pool.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { type RegistryForTest, startRegistryForTest } from '../app.for-test.ts';
import type { UsageCall } from '../core/usage-call.ts';
import { setBudgets } from '../rpc/usage-calls.for-test.ts';
import { type CountedStatements, countStatements } from './counted-statements.for-test.ts';
import { createUsageStatements } from './usage-statements.ts';
import type { UsageStore } from './usage-store.ts';

const unit = 1_000_000_000n;
const dayMs = 86_400_000;
let databases: TestDatabases;
let registry: RegistryForTest;
let postgres: Postgres;
let counted: CountedStatements;
let store: UsageStore;
beforeAll(async () => {
  databases = await startTestDatabases();
  registry = await startRegistryForTest(await databases.createDatabase('registry_ledger'));
  const [url, applicationName] = [registry.databaseUrl, 'test'];
  postgres = createPostgres({ url, applicationName, sizeMax: 2, acquireTimeoutMs: 5_000 });
  counted = countStatements(postgres);
  store = createUsageStatements(counted.postgres);
}, 60_000);
afterAll(async () => {
  await postgres?.close();
  await registry?.close();
  await databases?.stop();
});

/** A call of a new task that costs 2 EUR at most. */
const call = (changes: Partial<UsageCall> = {}): UsageCall => ({
  ...{ reservationId: newId(), jobId: 'job_1', taskId: newId(), attempt: 1, number: 1 },
  ...{ agentId: 'agent-1', agentVersion: 1, domainId: 'roads', provider: 'any', model: 'model' },
  ...{ inputTokensEstimate: 0, outputTokensMax: 1_000_000 },
  price: { version: 'test', currency: 'EUR', input: unit, output: 2n * unit, cachedInput: unit },
  ...changes,
});

const reserve = (own: Principal, at: string, changes: Partial<UsageCall> = {}) =>
  store.reserveCall(own.tenantId, call(changes), Date.parse(at));

async function monthTotals({ tenantId }: Principal): Promise<Record<string, number>> {
  const text = `select month, money::float8 / 1e9 as money from registry.usage_totals
    where tenant_id = $1 and scope = 'tenant'`;
  const { rows } = await registry.admin.query(text, [tenantId]);
  return Object.fromEntries(rows.map(({ month, money }) => [month, money]));
}

const sums = (own: Principal, groupBy: 'agent' | 'day', from: string, to: string, now = to) => {
  const range = { fromMs: Date.parse(from), toMs: Date.parse(to) };
  return store.sumUsage(own.tenantId, { groupBy, range, nowMs: Date.parse(now) });
};

describe('a month', () => {
  it('begins and ends by the clocks of the tenant, for budgets and days alike', async () => {
    const own = await registry.newTenant();
    const budgets = { tenant: { hard: '3', currency: 'EUR' } };
    const settings = { timeZone: 'Europe/Madrid', budgets };
    await registry.tenants.updateTenantSettings({ settings }, registry.as(own));
    await reserve(own, '2026-02-28T22:59:59.999Z');
    const refused = reserve(own, '2026-02-28T22:59:59.999Z', { jobId: 'job_2' });
    await expect(refused).rejects.toMatchObject({ violations: [{ field: 'budgets.tenant.hard' }] });
    await reserve(own, '2026-02-28T23:00:00Z');
    expect(await monthTotals(own)).toEqual({ '2026-02': 2, '2026-03': 2 });
    const days = await sums(own, 'day', '2026-02-01T00:00:00Z', '2026-04-01T00:00:00Z');
    expect(days.map(({ key, calls }) => [key, calls])).toEqual([
      ['2026-02-28', 1n],
      ['2026-03-01', 1n],
    ]);
  });

  it('is the one in which a call was reserved, whenever it ends and wherever the tenant has moved', async () => {
    const own = await registry.newTenant();
    const reserved = await reserve(own, '2026-02-28T23:59:59Z');
    const settings = { timeZone: 'Pacific/Kiritimati' };
    await registry.tenants.updateTenantSettings({ settings }, registry.as(own));
    const end = {
      outcome: 'succeeded',
      tokens: { input: 0, output: 500_000, cachedInput: 0 },
      estimated: false,
    } as const;
    const asked = { jobId: 'job_1', id: reserved?.id ?? '' };
    await store.settleCall(own.tenantId, asked, { end, nowMs: Date.parse('2026-03-01T00:01:00Z') });
    expect(await monthTotals(own)).toEqual({ '2026-02': 1 });
  });

  it('does not bound a run, which keeps its sum beyond it', async () => {
    const own = await registry.newTenant();
    await setBudgets(registry, own, { run: { hard: '3', currency: 'EUR' } });
    await reserve(own, '2026-02-28T23:59:59Z');
    await expect(reserve(own, '2026-03-01T00:00:00Z')).rejects.toMatchObject({
      violations: [{ field: 'budgets.run.hard' }],
    });
  });
});

describe('a call that nobody settles', () => {
  it('is uncertain once the longest attempt is over, and counts all the same', async () => {
    const own = await registry.newTenant();
    await reserve(own, '2026-03-01T10:00:00Z');
    const at = async (now: string) => {
      const [sum] = await sums(own, 'agent', '2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z', now);
      return [sum?.calls, sum?.uncertainCalls, sum?.money];
    };
    expect(await at('2026-03-01T10:05:30Z')).toEqual([1n, 0n, 2n * unit]);
    expect(await at('2026-03-01T10:05:31Z')).toEqual([1n, 1n, 2n * unit]);
  });
});

describe('sums', () => {
  it('hold what was reserved from the first moment on and before the last', async () => {
    const own = await registry.newTenant();
    for (const at of ['2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z']) await reserve(own, at);
    const read = await sums(own, 'day', '2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z');
    expect(read.map(({ key }) => key)).toEqual(['2026-03-01']);
  });

  it('are at most 1,000, the most calls first and the rest under `other`, by currency', async () => {
    const own = await registry.newTenant();
    await insertCalls(own, { count: 1_200, at: '2026-03-01T10:00:00Z' });
    await reserve(own, '2026-03-01T10:00:00Z', { agentId: 'agent-1200' });
    await reserve(own, '2026-03-01T10:00:00Z', { agentId: 'agent-z', price: undefined });
    const read = await sums(own, 'agent', '2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z');
    expect(read).toHaveLength(1_000);
    expect(read[0]).toMatchObject({ key: 'agent-1200', calls: 2n });
    expect(read.slice(-2).map(({ key, currency, calls }) => [key, currency, calls])).toEqual([
      ['other', '', 1n],
      ['other', 'EUR', 202n],
    ]);
    expect(read.reduce((calls, sum) => calls + sum.calls, 0n)).toBe(1_202n);
  });
});

/** Settled calls of 1 EUR, one for each of so many agents, past the service. */
async function insertCalls(
  { tenantId }: Principal,
  { count, at }: { count: number; at: string },
): Promise<void> {
  await registry.admin.query(
    `insert into registry.usage_ledger (tenant_id, id, job_id, task_id, attempt, number, repeat, agent_id, agent_version, domain_id,
      provider, model, status, reserved_at, day, input_tokens_estimate, output_tokens_max, currency, money)
    select $1, gen_random_uuid(), 'job_' || n, 'at ' || $3::text, 1, 1, 1, 'agent-' || n, 1, 'roads', 'any', 'model', 'succeeded',
      $3::text::timestamptz, $3::text::timestamptz::date, 0, 0, 'EUR', 1000000000
    from generate_series(1, $2::integer) n`,
    [tenantId, count, at],
  );
}

describe('a reservation', () => {
  it('costs as many statements whatever the ledger holds, and one more where a soft budget is newly passed', async () => {
    const own = await registry.newTenant();
    const plain = [
      'registry.select_usage_bounds',
      'registry.mark_lost_call',
      'registry.add_usage_totals',
      'registry.insert_usage_call',
    ];
    counted.taken();
    await reserve(own, '2026-03-01T10:00:00Z');
    expect(counted.taken()).toEqual(plain);
    await insertCalls(own, { count: 500, at: '2026-03-01T10:00:00Z' });
    await setBudgets(registry, own, { run: { soft: '1', currency: 'EUR' } });
    await reserve(own, '2026-03-01T10:00:00Z');
    expect(counted.taken()).toEqual([...plain, 'registry.tell_usage_total']);
    await reserve(own, '2026-03-01T10:00:00Z');
    expect(counted.taken()).toEqual(plain);
  });
});

describe('removeOldUsage', () => {
  const count = async ({ tenantId }: Principal, table: string) => {
    const text = `select count(*)::integer as count from registry.${table} where tenant_id = $1`;
    return (await registry.admin.query(text, [tenantId])).rows[0]?.count;
  };

  it('removes in bounded steps what every tenant reserved before a time, and no more', async () => {
    const [own, other] = [await registry.newTenant(), await registry.newTenant()];
    for (const each of [own, other]) await insertCalls(each, { count: 3, at: '2001-01-01T00:00:00Z' });
    await insertCalls(own, { count: 2, at: '2001-06-01T00:00:00Z' });
    const removed = [0, 0, 0, 0].map(() => store.removeOldUsage(new Date('2001-06-01T00:00:00Z'), 2));
    expect((await Promise.all(removed)).every((rows) => rows <= 2)).toBe(true);
    while ((await store.removeOldUsage(new Date('2001-06-01T00:00:00Z'), 2)) > 0);
    expect([await count(own, 'usage_ledger'), await count(other, 'usage_ledger')]).toEqual([2, 0]);
  });

  it('removes sums that were begun before the time, and nothing of the last 62 days whatever is asked', async () => {
    const own = await registry.newTenant();
    const now = Date.now();
    await reserve(own, new Date(now).toISOString());
    await reserve(own, new Date(now - 61 * dayMs).toISOString());
    await reserve(own, new Date(now - 63 * dayMs).toISOString());
    const older = `update registry.usage_totals set created_at = now() - interval '63 days' where tenant_id = $1 and month = $2`;
    const oldMonth = new Date(now - 63 * dayMs).toISOString().slice(0, 7);
    await registry.admin.query(older, [own.tenantId, oldMonth]);
    const before = await count(own, 'usage_totals');
    while ((await store.removeOldUsage(new Date(now + dayMs), 1_000)) > 0);
    expect(await count(own, 'usage_ledger')).toBe(2);
    expect(before - (await count(own, 'usage_totals'))).toBe(2);
  });
});
