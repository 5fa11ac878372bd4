// Deletions on a real database: recorded once, worked on by one at a time.
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { newEntry } from '../core/audit.for-test.ts';
import { newDeletion } from '../core/deletion.for-test.ts';
import type { ClaimedDeletion, Deletion } from '../core/deletion.ts';
import { openTestStores, type TestStores } from './stores.for-test.ts';

const hour = 3_600_000;
let databases: TestDatabases;
let stores: TestStores;
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'deletions');
}, 30_000);
afterEach(() => stores.admin.query('truncate orchestrator.deletions'));
afterAll(async () => {
  await stores.close();
  await databases.stop();
});

const claim = (limit = 10, leaseMs = hour): Promise<ClaimedDeletion[]> =>
  stores.deletionQueue.claim({ claim: randomUUID(), leaseMs }, limit);
/** Recorded under a claim that has run out. */
async function due(changes: Partial<Deletion> = {}): Promise<Deletion> {
  const deletion = newDeletion(changes);
  await stores.deletions.record(deletion, { claim: randomUUID(), leaseMs: 0 }, newEntry());
  return deletion;
}

describe('a deletion', () => {
  it('is recorded once for each object of a tenant', async () => {
    const deletion = newDeletion();
    const held = { claim: randomUUID(), leaseMs: hour };
    const results = await Promise.all(
      Array.from({ length: 8 }, () =>
        stores.deletions.record(deletion, { ...held, claim: randomUUID() }, newEntry()),
      ),
    );
    expect(results.filter(Boolean)).toHaveLength(1);
    const { subjectId } = deletion;
    expect(await stores.deletions.record(newDeletion({ subjectId }), held, newEntry())).toBe(true);
    expect(await stores.deletionQueue.count(10)).toBe(2);
    expect(await stores.deletionQueue.count(1)).toBe(1);
  });

  it('is claimed as it was recorded, once its claim has run out', async () => {
    const trace = {
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      tracestate: 'v=1',
    };
    const traced = await due({ trace });
    const plain = await due({ kind: 'session', subjectId: 'sess_1' });
    await stores.deletions.record(newDeletion(), { claim: randomUUID(), leaseMs: hour }, newEntry());
    const found = await claim();
    const bySubject = new Map(found.map((deletion) => [deletion.subjectId, deletion]));
    expect(found).toHaveLength(2);
    for (const deletion of [traced, plain]) {
      expect(bySubject.get(deletion.subjectId)).toEqual({
        ...deletion,
        claim: expect.any(String),
        passes: 0,
        attempts: 0,
      });
    }
    expect(await claim()).toEqual([]);
  });

  it('is claimed by one of many who look at the same time', async () => {
    const recorded = await Promise.all(Array.from({ length: 40 }, () => due()));
    const claims = await Promise.all(Array.from({ length: 6 }, () => claim(40)));
    const claimed = claims.flat().map(({ subjectId }) => subjectId);
    expect(claimed.toSorted()).toEqual(recorded.map(({ subjectId }) => subjectId).toSorted());
  });

  it('is passed over by others at the moment at which it is claimed', async () => {
    await due();
    await stores.admin.query('begin');
    await stores.admin.query('select 1 from orchestrator.deletions for update');
    expect(await claim()).toEqual([]);
    await stores.admin.query('rollback');
    expect(await claim()).toHaveLength(1);
  });

  it('that has waited longest is claimed first', async () => {
    const first = await due();
    const second = await due();
    expect((await claim(1))[0]?.subjectId).toBe(first.subjectId);
    expect((await claim(1))[0]?.subjectId).toBe(second.subjectId);
  });

  it('that is put back is due again after its wait, with what has become of it', async () => {
    await due();
    const [held] = await claim();
    if (!held) throw new Error('nothing was due');
    await stores.deletionQueue.settle(held, { over: false, passes: 1, attempts: 2, waitMs: hour });
    expect(await claim()).toEqual([]);
    await stores.admin.query('update orchestrator.deletions set next_at = clock_timestamp()');
    const [again] = await claim();
    expect(again).toMatchObject({ passes: 1, attempts: 2 });
    if (!again) throw new Error('nothing was due');
    await stores.deletionQueue.settle(again, { over: true });
    expect(await stores.deletionQueue.count(10)).toBe(0);
  });

  it.each([[{ over: true }], [{ over: false, passes: 9, attempts: 9, waitMs: 0 }]] as const)(
    'is not changed by who held it too long: %j',
    async (change) => {
      await due();
      const [late] = await claim(1, 0);
      const [holder] = await claim();
      if (!late || !holder) throw new Error('nothing was due');
      await stores.deletionQueue.settle(late, change);
      const { rows } = await stores.admin.query('select claim, passes from orchestrator.deletions');
      expect(rows).toEqual([{ claim: holder.claim, passes: 0 }]);
    },
  );
});
