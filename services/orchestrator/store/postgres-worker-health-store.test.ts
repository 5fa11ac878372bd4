// Who is asked, who counts as silent and who comes back, on a real database: workers are made as old as a test wants.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { createPostgresWorkerHealthStore } from './postgres-worker-health-store.ts';
import { openTestStores, type TestStores } from './stores.for-test.ts';
import type { WorkerHealthStore } from './worker-health-store.ts';

const tenantId = randomUUID();

let databases: TestDatabases;
let stores: TestStores;
let health: WorkerHealthStore;
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'worker_health');
  health = createPostgresWorkerHealthStore(stores.enginePool);
}, 30_000);
beforeEach(async () => {
  await stores.admin.query('delete from orchestrator.workers');
});
afterAll(async () => {
  await stores.close();
  await databases.stop();
});

interface Given {
  readonly protocol?: string;
  readonly status?: string;
  readonly active?: boolean;
  readonly deactivated?: boolean;
  /** Seconds [10]. */
  readonly interval?: number;
  /** Seconds. */
  readonly seenAgo?: number;
  readonly checkedAgo?: number;
  readonly retryIn?: number;
}

async function worker(given: Given = {}): Promise<string> {
  const { protocol = 'http', status = 'idle', active = true, deactivated = false } = given;
  const { interval = 10, seenAgo = 0, checkedAgo = null, retryIn = null } = given;
  const id = randomUUID();
  await stores.admin.query(
    `insert into orchestrator.workers (tenant_id, id, type, name, protocol, endpoint, capabilities, health_check_interval_s,
       max_concurrent_tasks, status, is_active, deactivated, last_seen, checked_at, retry_at, created_by)
     values ($1::uuid, $2::uuid, 'custom', $2::text, $3, 'http://127.0.0.1:1', '{}', $10, 1, $4, $5, $6, clock_timestamp() - make_interval(secs => $7),
       clock_timestamp() - make_interval(secs => $8), clock_timestamp() + make_interval(secs => $9), $1::uuid)`,
    [tenantId, id, protocol, status, active, deactivated, seenAgo, checkedAgo, retryIn, interval],
  );
  return id;
}

async function statusOf(id: string): Promise<string> {
  const text = 'select status from orchestrator.workers where id = $1';
  return (await stores.admin.query<{ status: string }>(text, [id])).rows[0]?.status ?? '';
}

const asked = async () => (await health.claimToAsk(10)).map(({ id, trial }) => ({ id, trial }));
const silent = async () => (await health.takeSilent(10)).map(({ workerId }) => workerId);

describe('a worker is asked whether it is well', () => {
  it.each<[string, Given]>([
    ['after an interval without a sign of life', { seenAgo: 11 }],
    ['again half an interval later', { seenAgo: 16, checkedAgo: 6 }],
    ['and once more as soon as two intervals are over', { seenAgo: 21, checkedAgo: 4 }],
    ['in error', { seenAgo: 11, status: 'error', retryIn: 30 }],
    ['once it is offline, each interval', { status: 'offline', seenAgo: 300, checkedAgo: 11 }],
  ])('%s', async (_, given) => {
    const id = await worker(given);
    expect(await asked()).toEqual([{ id, trial: false }]);
    expect(await asked()).toEqual([]);
  });

  it('as a trial when its breaker may be tried', async () => {
    const id = await worker({ status: 'error', retryIn: -1 });
    expect(await asked()).toEqual([{ id, trial: true }]);
    expect(await asked()).toEqual([]);
  });

  it.each<[string, Given]>([
    ['that was seen', { seenAgo: 9 }],
    ['that was asked a moment ago', { seenAgo: 16, checkedAgo: 4 }],
    ['that was asked a moment ago, after two intervals', { seenAgo: 26, checkedAgo: 4 }],
    ['that asks for tasks itself', { protocol: 'pull', seenAgo: 60 }],
    ['that was removed', { active: false, status: 'offline', seenAgo: 60, checkedAgo: 60 }],
    ['that a person took out of use', { deactivated: true, status: 'offline', seenAgo: 60, checkedAgo: 60 }],
    ['that is gone for longer than a day', { status: 'offline', seenAgo: 90_000, checkedAgo: 60 }],
    ['whose breaker is open', { status: 'error', seenAgo: 5, retryIn: 30 }],
  ])('but not one %s', async (_, given) => {
    await worker(given);
    expect(await asked()).toEqual([]);
  });
});

describe('a worker counts as silent', () => {
  it('that asks for tasks, after two intervals', async () => {
    const id = await worker({ protocol: 'pull', seenAgo: 21 });
    expect(await silent()).toEqual([id]);
    expect(await statusOf(id)).toBe('offline');
    expect(await silent()).toEqual([]);
  });

  it.each<[string, Given, boolean]>([
    ['that does not answer after two intervals', { seenAgo: 21 }, true],
    ['in error likewise', { status: 'error', seenAgo: 21 }, true],
    ['but not one that does not answer before', { seenAgo: 19 }, false],
    ['but not one whose own two intervals are longer', { interval: 60, seenAgo: 119 }, false],
    ['but not one that is offline already', { status: 'offline', seenAgo: 60 }, false],
  ])('%s', async (_, given, expected) => {
    const id = await worker(given);
    expect(await health.missed({ tenantId, workerId: id })).toBe(expected);
    expect(await statusOf(id)).toBe(expected ? 'offline' : (given.status ?? 'idle'));
  });

  it.each<[string, Given]>([
    ['before two intervals are over', { protocol: 'pull', seenAgo: 19 }],
    ['before two intervals of its own are over', { protocol: 'pull', interval: 60, seenAgo: 119 }],
    ['that is called and was not asked', { seenAgo: 60 }],
  ])('but not one %s', async (_, given) => {
    const id = await worker(given);
    expect(await silent()).toEqual([]);
    expect(await statusOf(id)).toBe('idle');
  });

  it('once for all replicas', async () => {
    await Promise.all(Array.from({ length: 20 }, () => worker({ protocol: 'pull', seenAgo: 30 })));
    const found = await Promise.all([silent(), silent(), silent(), silent()]);
    expect(found.flat()).toHaveLength(20);
    expect(new Set(found.flat()).size).toBe(20);
  });
});

describe('a worker comes back', () => {
  it('by an answer', async () => {
    const id = await worker({ status: 'offline', seenAgo: 60 });
    await health.alive({ tenantId, workerId: id });
    expect(await statusOf(id)).toBe('idle');
  });

  it('from error only when it may be called', async () => {
    const id = await worker({ status: 'error', retryIn: -1 });
    await health.alive({ tenantId, workerId: id });
    expect(await statusOf(id)).toBe('error');
    await health.tryLater({ tenantId, workerId: id }, 60_000);
    expect(await asked()).toEqual([]);
    await health.callable({ tenantId, workerId: id });
    expect(await statusOf(id)).toBe('idle');
  });

  it('by no answer once a person took it out of use', async () => {
    const id = await worker({ status: 'offline', deactivated: true });
    await health.alive({ tenantId, workerId: id });
    expect(await statusOf(id)).toBe('offline');
  });
});
