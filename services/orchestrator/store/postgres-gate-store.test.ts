// Gates in the store: how many a tenant has under way, who may go on with one, and what is forgotten.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../../foundation/ids/ids.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { newPerson } from '../app.for-test.ts';
import { newEntry } from '../core/audit.for-test.ts';
import type { GateRecord } from '../core/gate.ts';
import type { ClaimedGate, GateChange, GateQueue, GateStore } from './gate-store.ts';
import { createPostgresGateQueue, createPostgresGateStore } from './postgres-gate-store.ts';
import { openTestStores, type TestStores } from './stores.for-test.ts';

let databases: TestDatabases;
let stores: TestStores;
let gates: GateStore;
let queue: GateQueue;
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'gate_store');
  gates = createPostgresGateStore(stores.app);
  queue = createPostgresGateQueue(stores.enginePool);
}, 30_000);
afterAll(async () => {
  await stores?.close();
  await databases?.stop();
});

const pinned = { hash: '', text: '' };
const answer = { succeeded: true, error: '', values: { answer: '7' }, latencyMs: 5 };

function newGate(changes: Partial<GateRecord> = {}): GateRecord {
  const principal = newPerson();
  return {
    ...{ tenantId: principal.tenantId, id: newId(), domainId: 'city', principal, createdAtMs: 1_000 },
    spec: {
      ...{ playbook: 'query', goldenSet: 'basics', goldenSetVersion: 1, distanceKm: 1, candidate: {} },
      rows: [{ input: {}, expected: { answer: '7' } }],
      thresholds: { precision: 1, recall: 1 },
      ...{ candidateHash: 'a', presentHash: '', plans: { candidate: { domainVersion: 1, pinned } } },
    },
    ...changes,
  };
}

async function recorded(changes: Partial<GateRecord> = {}): Promise<GateRecord> {
  const gate = newGate(changes);
  expect(await gates.record(gate, newEntry())).toBe('recorded');
  return gate;
}

/** Claims what is due; answers this gate. */
async function claimed({ id }: GateRecord, leaseMs = 60_000): Promise<ClaimedGate | undefined> {
  return (await queue.claim({ claim: randomUUID(), leaseMs }, 100)).find((each) => each.id === id);
}

const completed: GateChange = {
  status: 'completed',
  rowsDone: 1,
  outcome: { passed: true, failingPaths: [], result: { reasons: [] } },
};

describe('a gate', () => {
  it('is one of three of its tenant, also when many start at once', async () => {
    const { tenantId } = newPerson();
    const starts = Array.from({ length: 6 }, () => gates.record(newGate({ tenantId }), newEntry()));
    expect((await Promise.all(starts)).sort()).toEqual([
      ...Array(3).fill('full'),
      ...Array(3).fill('recorded'),
    ]);
  });

  it('is claimed by one until its lease is over, and then by another, who alone may settle it', async () => {
    const gate = await recorded();
    const first = await claimed(gate, 0);
    const second = await claimed(gate);
    expect(await claimed(gate)).toBeUndefined();
    if (!first || !second) throw new Error('it was not claimed');
    expect(await queue.settle(first, completed)).toBe(false);
    expect(await queue.settle(second, { status: 'running', rowsDone: 1, failures: 2, waitMs: 0 })).toBe(true);
    const third = await claimed(gate);
    expect(third).toMatchObject({ failures: 2, cancelled: false });
    if (third) await queue.settle(third, completed);
    const read = await gates.read(gate.tenantId, gate);
    expect(read).toMatchObject({
      status: 'completed',
      rowsDone: 1,
      rowsTotal: 1,
      outcome: { passed: true },
      head: { playbook: 'query', goldenSet: 'basics', goldenSetVersion: 1, candidate: {} },
    });
    expect(read?.completedAtMs).toBeGreaterThan(0);
    expect(await claimed(gate)).toBeUndefined();
  });

  it('runs the execution that was chosen first, and keeps the first answer', async () => {
    const gate = await recorded();
    const place = { side: 'candidate', row: 0 } as const;
    const [first, second] = [randomUUID(), randomUUID()];
    expect(await queue.choose(gate, { ...place, executionId: first })).toBe(first);
    expect(await queue.choose(gate, { ...place, executionId: second })).toBe(first);
    expect(await queue.runs(gate)).toEqual([{ ...place, executionId: first, ended: false }]);
    await queue.keep(gate, { ...place, answer });
    await queue.keep(gate, { ...place, answer: { ...answer, succeeded: false } });
    expect(await queue.answers(gate)).toEqual([{ ...place, executionId: first, answer }]);
    expect(await queue.runs(gate)).toEqual([{ ...place, executionId: first, ended: true }]);
    expect(await queue.spec(gate)).toEqual(gate.spec);
  });

  it('is asked once to end, and not at all once it has ended', async () => {
    const gate = await recorded();
    const entries = async () =>
      (
        await stores.admin.query('select 1 from orchestrator.orchestration_logs where tenant_id = $1', [
          gate.tenantId,
        ])
      ).rows.length;
    await gates.cancel(gate, newEntry());
    await gates.cancel(gate, newEntry());
    expect(await entries()).toBe(2);
    const mine = await claimed(gate);
    expect(mine?.cancelled).toBe(true);
    if (mine) await queue.settle(mine, { status: 'cancelled' });
    await gates.cancel(gate, newEntry());
    expect(await entries()).toBe(2);
  });

  it('is not there for another tenant, nor in another domain', async () => {
    const { id, tenantId } = await recorded();
    expect(await gates.read(randomUUID(), { id, domainId: 'city' })).toBeUndefined();
    expect(await gates.read(tenantId, { id, domainId: 'town' })).toBeUndefined();
  });

  it('is forgotten with its runs when it ended longer ago than is kept, a bounded number at a time', async () => {
    const old = await Promise.all([recorded(), recorded()]);
    const young = await recorded();
    const unfinished = await recorded();
    for (const gate of [...old, young]) {
      const mine = await claimed(gate, 0);
      if (mine) await queue.settle(mine, { status: 'failed', error: 'Away' });
      await queue.choose(gate, { side: 'candidate', row: 0, executionId: randomUUID() });
    }
    const age = `update orchestrator.gates set completed_at = now() - interval '91 days' where id = any($1::uuid[])`;
    await stores.admin.query(age, [old.map(({ id }) => id)]);
    expect(await queue.forget(90, 1)).toBe(1);
    expect(await queue.forget(90, 10)).toBe(1);
    expect(await queue.forget(90, 10)).toBe(0);
    for (const gate of old) {
      expect(await gates.read(gate.tenantId, gate)).toBeUndefined();
      expect(await queue.runs(gate)).toEqual([]);
    }
    for (const gate of [young, unfinished]) expect(await gates.read(gate.tenantId, gate)).toBeDefined();
  });
});
