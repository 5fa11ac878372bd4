// The lease on a real database: a process that was ended begins anew with nothing in its hands.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../../../foundation/clock.ts';
import { createLog } from '../../../../foundation/telemetry/log.ts';
import { startTestDatabases, type TestDatabases } from '../../../../local/databases/test-databases.ts';
import { openTestStores, type TestStores } from '../../store/stores.for-test.ts';
import { quickRhythm } from '../engine.for-test.ts';
import { keepLease, type Lease } from './lease.ts';

let databases: TestDatabases;
let stores: TestStores;
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'lease');
}, 30_000);
afterAll(async () => {
  await stores.close();
  await databases.stop();
});

const log = createLog({ service: 'test', level: 'silent' });

function keep(replicaName: string, onLost: () => void = () => undefined): Promise<Lease> {
  const { owners: store } = stores;
  const deps = { store, replicaName, address: '127.0.0.1:1', rhythm: quickRhythm, log };
  return keepLease({ ...deps, clock: systemClock, onLost });
}

describe('a lease', () => {
  it('that someone else ended is lost first, and then begun anew as another owner', async () => {
    const lost = Promise.withResolvers<string>();
    const lease: Lease = await keep('replica-0', () => lost.resolve(lease.ownerId()));
    const before = lease.ownerId();
    await stores.owners.end(before);
    expect(await lost.promise).toBe(before);
    const registered = async () => {
      const { rows } = await stores.admin.query<{ owner_id: string }>(
        'select owner_id from orchestrator.owners where replica_name = $1 and ended_at is null',
        ['replica-0'],
      );
      return rows.map(({ owner_id }) => owner_id);
    };
    let alive: string[] = [];
    while (alive.length === 0) alive = await registered();
    await lease.release();
    expect(alive).toEqual([lease.ownerId()]);
    expect(lease.ownerId()).not.toBe(before);
  });

  it('that is released is over at once, and stays so', async () => {
    const lost: string[] = [];
    const lease = await keep('replica-1', () => lost.push('lost'));
    await lease.release();
    expect(await stores.owners.beat(lease.ownerId())).toBe(false);
    const { rows } = await stores.admin.query(
      `select 1 from orchestrator.owners where replica_name = 'replica-1' and ended_at is null`,
    );
    expect(rows).toEqual([]);
    expect(lost).toEqual([]);
  });

  it('is steady only after a whole lease of signs of life', async () => {
    let nowMs = 0;
    const { owners: store } = stores;
    const lease = await keepLease({
      store,
      replicaName: 'replica-2',
      address: '127.0.0.1:1',
      rhythm: quickRhythm,
      clock: () => nowMs,
      log,
      onLost: () => undefined,
    });
    expect(lease.isSteady()).toBe(false);
    nowMs = quickRhythm.leaseMs;
    expect(lease.isSteady()).toBe(true);
    await lease.release();
  });
});
