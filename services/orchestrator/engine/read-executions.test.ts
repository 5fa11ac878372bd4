// What cannot be read keeps nothing else from running: many are read a few at a time, and one whose journal is broken is set aside alone.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import { type JournalWatch, watchJournal } from '../store/journal-watch.for-test.ts';
import { openTestStores, type TestStores } from '../store/stores.for-test.ts';
import { beginTestEngine, recordOf, type TestEngine } from './engine.for-test.ts';

let databases: TestDatabases;
let stores: TestStores;
let watch: JournalWatch;
let engine: TestEngine | undefined;
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'reading');
  watch = await watchJournal(stores.urls.admin);
}, 30_000);
afterEach(async () => {
  await engine?.close();
  engine = undefined;
});
afterAll(async () => {
  await watch.close();
  await stores.close();
  await databases.stop();
});

const rowOf = ({ tenantId, id }: ExecutionRecord) => stores.executions.read(tenantId, id);

/** So many runs whose owner is gone. */
async function orphans(count: number): Promise<ExecutionRecord[]> {
  const ownerId = await stores.newOwner();
  const records = Array.from({ length: count }, () => recordOf({ a: [] }));
  for (const record of records) await stores.executions.record(record, ownerId);
  await stores.owners.end(ownerId);
  return records;
}

/** Puts into a journal what is no JSON. */
async function breakJournal({ tenantId, id }: ExecutionRecord): Promise<void> {
  await stores.admin.query(
    `insert into orchestrator.execution_events (tenant_id, execution_id, seq, at, payload)
     values ($1, $2, 1, clock_timestamp(), '[{"type":')`,
    [tenantId, id],
  );
}

describe('runs that are taken up together', () => {
  it('run but for the one whose journal cannot be read: that one is set aside until it can be', async () => {
    const records = await orphans(5);
    const [broken, ...others] = records as [ExecutionRecord, ...ExecutionRecord[]];
    await breakJournal(broken);
    engine = await beginTestEngine(stores.urls);
    for (const other of others) {
      await watch.seen(other, 'ended');
      expect(await rowOf(other)).toMatchObject({ status: 'completed' });
    }
    await watch.seen(broken, 'parked');
    expect(await rowOf(broken)).toMatchObject({
      isParked: true,
      status: 'pending',
      error: expect.stringContaining('set aside'),
    });
    await stores.admin.query('delete from orchestrator.execution_events where execution_id = $1', [
      broken.id,
    ]);
    await stores.admin.query('update orchestrator.executions set wake_at = clock_timestamp() where id = $1', [
      broken.id,
    ]);
    await watch.seen(broken, 'ended');
    expect(await rowOf(broken)).toMatchObject({ status: 'completed', error: '' });
  });

  it('are read a few at a time', async () => {
    const records = await orphans(45);
    engine = await beginTestEngine(stores.urls);
    for (const record of records) await watch.seen(record, 'ended');
    const readings = engine.statements.filter((name) => name === 'orchestrator.select_journals');
    expect(readings.length).toBeGreaterThanOrEqual(3);
    expect(engine.invoked.toSorted()).toEqual(records.map(({ id }) => `${id} a`).toSorted());
  });
});

describe('setting aside', () => {
  it('leaves alone what another owner holds, and what an ended owner held', async () => {
    const [mine, other] = [await stores.newOwner(), await stores.newOwner()];
    const record = recordOf({ a: [] });
    await stores.executions.record(record, mine);
    const why = { forMs: 60_000, error: 'why' };
    await stores.engine.setAside(other, record, why);
    expect(await rowOf(record)).toMatchObject({ isParked: false, error: '' });
    await stores.owners.end(mine);
    await stores.engine.setAside(mine, record, why);
    expect(await rowOf(record)).toMatchObject({ isParked: false, error: '' });
  });
});
