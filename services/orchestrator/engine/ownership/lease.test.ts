// The lease on a real database: a process that was ended begins anew with nothing in its hands.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { monotonicMs } from '../../../../foundation/clock.ts';
import { createLog } from '../../../../foundation/telemetry/log.ts';
import { startTestDatabases, type TestDatabases } from '../../../../local/databases/test-databases.ts';
import type { OwnerStore } from '../../store/store.ts';
import { openTestStores, type TestStores } from '../../store/stores.for-test.ts';
import { quickRhythm } from '../engine.for-test.ts';
import { keepLease, type Lease, type LeaseDeps } from './lease.ts';

let databases: TestDatabases;
let stores: TestStores;
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'lease');
}, 30_000);
afterEach(async () => {
  for (const lease of kept.splice(0)) await lease.release();
});
afterAll(async () => {
  await stores.close();
  await databases.stop();
});

const log = createLog({ service: 'test', level: 'silent' });
const kept: Lease[] = [];

async function keep(replicaName: string, changes: Partial<LeaseDeps> = {}): Promise<Lease> {
  const { owners: store } = stores;
  const deps = { store, replicaName, address: '127.0.0.1:1', rhythm: quickRhythm, log };
  const lease = await keepLease({ ...deps, monotonicMs, onLost: () => undefined, ...changes });
  kept.push(lease);
  return lease;
}

/** The store, and a way to wait for so many more signs of life through it. */
function watched(store: OwnerStore): [OwnerStore, (beats: number) => Promise<void>, () => number] {
  let count = 0;
  const waiting = new Map<number, () => void>();
  const beat: OwnerStore['beat'] = async (ownerId) => {
    const alive = await store.beat(ownerId);
    count += 1;
    waiting.get(count)?.();
    return alive;
  };
  const more = (beats: number) => new Promise<void>((resolve) => waiting.set(count + beats, resolve));
  return [{ ...store, beat }, more, () => count];
}

describe('a lease', () => {
  it('knows how many live, this one included', async () => {
    const [store, more] = watched(stores.owners);
    const lease = await keep('replica-5', { store });
    await more(2);
    const before = lease.replicas();
    const other = await keep('replica-6');
    await more(2);
    expect(lease.replicas()).toBe(before + 1);
    await other.release();
    await more(2);
    expect(lease.replicas()).toBe(before);
  });

  it('that someone else ended is lost first, and then begun anew as another owner', async () => {
    const lost = Promise.withResolvers<string>();
    const [store, more] = watched(stores.owners);
    const lease: Lease = await keep('replica-0', { store, onLost: () => lost.resolve(lease.ownerId()) });
    const before = lease.ownerId();
    await stores.owners.end(before);
    expect(await lost.promise).toBe(before);
    await more(1);
    const { rows } = await stores.admin.query(
      `select owner_id from orchestrator.owners where replica_name = 'replica-0' and ended_at is null`,
    );
    expect(rows).toEqual([{ owner_id: lease.ownerId() }]);
    expect(lease.ownerId()).not.toBe(before);
  });

  it('that is released is over at once, and stays so while others go on', async () => {
    const [released, , beatsOfReleased] = watched(stores.owners);
    const [other, moreOfOther] = watched(stores.owners);
    await keep('replica-2', { store: other });
    const lease = await keep('replica-1', { store: released });
    await lease.release();
    const beats = beatsOfReleased();
    await moreOfOther(3);
    expect(beatsOfReleased()).toBe(beats);
    expect(await stores.owners.beat(lease.ownerId())).toBeUndefined();
    const { rows } = await stores.admin.query(
      `select 1 from orchestrator.owners where replica_name = 'replica-1' and ended_at is null`,
    );
    expect(rows).toEqual([]);
  });

  it('is steady only after a whole lease of signs of life', async () => {
    let nowMs = 0;
    const [store, moreBeats] = watched(stores.owners);
    const lease = await keep('replica-3', { store, monotonicMs: () => nowMs });
    expect(lease.isSteady()).toBe(false);
    nowMs = quickRhythm.leaseMs;
    expect(lease.isSteady()).toBe(true);
    await moreBeats(3); // it gives a sign of life after standing still for a whole lease
    expect(lease.isSteady()).toBe(false);
  });
});
