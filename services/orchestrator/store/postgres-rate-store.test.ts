// Accounts of callers, on a real database.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import type { RateUse } from '../core/rate-use.ts';
import { createPostgresRateStore } from './postgres-rate-store.ts';
import type { RatePlace, RateStore } from './rate-store.ts';
import { openTestStores, type TestStores } from './stores.for-test.ts';

const dayMs = 86_400_000;

let databases: TestDatabases;
let stores: TestStores;
let store: RateStore;
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'rate_store');
  store = createPostgresRateStore(stores.enginePool);
}, 30_000);
beforeEach(() => stores.admin.query('truncate orchestrator.rates'));
afterAll(async () => {
  await stores.close();
  await databases.stop();
});

/** Use of a new caller, to whom nothing comes back unless its rate says so. */
function newUse(changes: Partial<RateUse> = {}): RateUse {
  const rate = { perSecond: 0, burst: 10, windowSeconds: 86_400 };
  return { tenantId: randomUUID(), caller: 'user:one', ...rate, spent: 0, uncounted: 0, ...changes };
}

async function settle(use: RateUse) {
  const [account] = await store.settle([use]);
  if (!account) throw new Error('no account');
  return account;
}

/** Moves all that is remembered of the caller into the past. */
const age = ({ tenantId }: RateUse, seconds: number) =>
  stores.admin.query(
    `update orchestrator.rates set filled_at = filled_at - make_interval(secs => $2),
      window_ends_at = window_ends_at - make_interval(secs => $2) where tenant_id = $1`,
    [tenantId, seconds],
  );
const rowCount = async () => (await stores.admin.query('select from orchestrator.rates')).rowCount;

describe('an account', () => {
  it('begins full, adds up what was used, and goes below nothing', async () => {
    const use = newUse({ spent: 4, uncounted: 5 });
    expect(await settle(use)).toMatchObject({ tokens: 6, counted: 5 });
    expect(await settle(use)).toMatchObject({ tokens: 2, counted: 10 });
    expect(await settle({ ...use, spent: 9 })).toMatchObject({ tokens: -7, counted: 15 });
  });

  it('fills by its rate and never over its burst', async () => {
    const use = newUse({ perSecond: 2, burst: 10, spent: 10 });
    await settle(use);
    await age(use, 3);
    const { tokens } = await settle({ ...use, spent: 0 });
    expect(tokens).toBeGreaterThanOrEqual(6);
    expect(tokens).toBeLessThan(10);
    await age(use, 1_000);
    expect((await settle({ ...use, spent: 1 })).tokens).toBe(9);
  });

  it('takes another rate as soon as it is told', async () => {
    const use = newUse({ spent: 3 });
    await settle(use);
    expect((await settle({ ...use, burst: 5, spent: 0 })).tokens).toBe(5);
  });

  it('counts by the day of UTC, or from the first request of a window', async () => {
    const day = await settle(newUse({ uncounted: 1 }));
    const { rows } = await stores.admin.query<{ left: number }>(
      `select extract(epoch from date_trunc('day', now(), 'UTC') + interval '1 day' - now()) * 1000 as left`,
    );
    const untilMidnightMs = Number(rows[0]?.left);
    // Around midnight the two looks lie in different days.
    const distanceMs = Math.abs(day.windowLeftMs - untilMidnightMs);
    expect(Math.min(distanceMs, dayMs - distanceMs)).toBeLessThan(60_000);
    const minute = await settle(newUse({ windowSeconds: 60, uncounted: 1 }));
    expect(minute.windowLeftMs).toBeGreaterThan(0);
    expect(minute.windowLeftMs).toBeLessThanOrEqual(60_000);
  });

  it('counts anew once its window is over, and not before', async () => {
    const use = newUse({ windowSeconds: 600, uncounted: 7 });
    await settle(use);
    await age(use, 300);
    expect((await settle(use)).counted).toBe(14);
    await age(use, 300);
    expect(await settle({ ...use, uncounted: 2 })).toMatchObject({ counted: 2 });
  });

  it('belongs to one caller of one tenant', async () => {
    const use = newUse({ spent: 1, uncounted: 1 });
    await settle(use);
    expect((await settle({ ...use, caller: 'key:one' })).counted).toBe(1);
    expect((await settle({ ...use, tenantId: randomUUID() })).counted).toBe(1);
  });

  it('loses nothing when replicas settle the same callers at once, each in its own order', async () => {
    const uses = Array.from({ length: 40 }, () => newUse({ spent: 1, uncounted: 1 }));
    const replica = async (order: readonly RateUse[]): Promise<void> => {
      for (let turn = 0; turn < 10; turn += 1) await store.settle(order);
    };
    await Promise.all([replica(uses), replica(uses.toReversed()), replica(uses.toSorted(byTenant))]);
    const idle = uses.map((use) => ({ ...use, spent: 0, uncounted: 0 }));
    const accounts = await store.settle(idle);
    expect(accounts.map(({ tokens, counted }) => [tokens, counted])).toEqual(uses.map(() => [-20, 30]));
  });

  it('is answered in the order of the uses', async () => {
    const uses = [3, 1, 2].map((uncounted) => newUse({ uncounted }));
    expect((await store.settle(uses)).map(({ counted }) => counted)).toEqual([3, 1, 2]);
  });
});

const byTenant = (one: RateUse, other: RateUse) => one.tenantId.localeCompare(other.tenantId);

async function removeAll(limit: number): Promise<number> {
  let batches = 0;
  let after: RatePlace | undefined;
  do {
    after = await store.removeIdle(after, limit);
    batches += 1;
  } while (after);
  return batches;
}

describe('an account that says no more than a new one', () => {
  it('is removed, in bounded steps, and no other is', async () => {
    const idle = Array.from({ length: 5 }, () => newUse({ perSecond: 1, spent: 1, uncounted: 1 }));
    await store.settle(idle);
    for (const use of idle) await age(use, 2 * 86_400);
    const counting = newUse({ perSecond: 1, uncounted: 1 });
    const filling = newUse({ perSecond: 1, burst: 100, spent: 90, windowSeconds: 1 });
    await store.settle([counting, filling]);
    await age(filling, 60);
    expect(await removeAll(3)).toBe(3);
    expect(await rowCount()).toBe(2);
    expect((await settle({ ...counting, uncounted: 1 })).counted).toBe(2);
  });

  it('waits for nobody who settles it just now', async () => {
    const use = newUse({ perSecond: 1, uncounted: 1 });
    await settle(use);
    await age(use, 2 * 86_400);
    await stores.admin.query('begin');
    await stores.admin.query('select from orchestrator.rates for update');
    await removeAll(10);
    await stores.admin.query('rollback');
    expect(await rowCount()).toBe(1);
  });
});
