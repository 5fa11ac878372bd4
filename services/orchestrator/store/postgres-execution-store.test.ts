// The requests' store on a real database, under the role that serves requests.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../../foundation/ids/ids.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { newRecord, pinned } from '../core/execution-record.for-test.ts';
import type { ExecutionRecord, StoredExecution } from '../core/execution-record.ts';
import { appendOf, completed } from './journal-append.for-test.ts';
import type { ListPosition } from './store.ts';
import { openTestStores, type TestStores } from './stores.for-test.ts';

let databases: TestDatabases;
let stores: TestStores;
let ownerId: string;
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'executions');
  ownerId = await stores.newOwner();
}, 30_000);
afterAll(async () => {
  await stores.close();
  await databases.stop();
});

const idsOf = (executions: readonly { readonly id: string }[]) => executions.map(({ id }) => id);

async function record(changes: Partial<ExecutionRecord> = {}): Promise<ExecutionRecord> {
  const execution = newRecord(changes);
  await stores.executions.record(execution, ownerId);
  return execution;
}

async function end(execution: ExecutionRecord): Promise<void> {
  await stores.engine.append(ownerId, [appendOf(execution, 1, { change: completed })]);
}

/** A tenant with so many executions, newest first; each two are of the same millisecond, and their ids tell their order. */
async function tenantWith(count: number): Promise<[string, ExecutionRecord[]]> {
  const tenantId = randomUUID();
  const made: ExecutionRecord[] = [];
  for (let at = 0; at < count; at += 1) {
    made.push(await record({ tenantId, createdAtMs: 1_000_000 + Math.floor(at / 2) }));
  }
  return [tenantId, made.reverse()];
}

describe('a recorded execution', () => {
  it('is read as it was recorded, pending', async () => {
    const trace = {
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      tracestate: 'v=1',
    };
    const question = await record({ kind: 'query', sessionId: 'ses_1', trace });
    const plain = await record();
    const pending = {
      ...{ status: 'pending', reason: '', error: '', partial: false },
      ...{ isQueued: false, isParked: false },
    };
    expect(await stores.executions.read(question.tenantId, question.id)).toEqual({ ...question, ...pending });
    expect(await stores.executions.read(plain.tenantId, plain.id)).toEqual({ ...plain, ...pending });
  });

  it('is absent for another tenant and under an id that never was', async () => {
    const { tenantId, id } = await record();
    expect(await stores.executions.read(randomUUID(), id)).toBeUndefined();
    expect(await stores.executions.read(tenantId, newId())).toBeUndefined();
  });

  it('shows its journal in order, and none of it to another tenant', async () => {
    const { tenantId, id: executionId } = await record();
    const rows = [3, 1].map((seq) => ({
      seq,
      atMs: seq,
      events: [{ type: 'started' } as const, { type: 'paused', by: 'somebody' } as const],
    }));
    await stores.engine.append(ownerId, [appendOf({ tenantId, id: executionId }, 1, { rows })]);
    const journal = await stores.executions.readJournal(tenantId, executionId);
    expect(journal.map(({ seq, atMs, event }) => [seq, atMs, event.type])).toEqual([
      [1, 1, 'started'],
      [2, 1, 'paused'],
      [3, 3, 'started'],
      [4, 3, 'paused'],
    ]);
    expect(await stores.executions.readJournal(randomUUID(), executionId)).toEqual([]);
  });

  it('is refused under an id that the tenant has already', async () => {
    const execution = await record();
    await expect(stores.executions.record(execution, ownerId)).rejects.toMatchObject({ code: '23505' });
  });
});

describe('a plan', () => {
  it('is stored once for a tenant, however many executions record it at the same time', async () => {
    const tenantId = randomUUID();
    const plan = pinned('{"domainId":"shared"}');
    await Promise.all(Array.from({ length: 8 }, () => record({ tenantId, plan })));
    const other = await record({ plan });
    const { rows } = await stores.admin.query(
      'select tenant_id, plan from orchestrator.plans where hash = $1',
      [plan.hash],
    );
    expect(rows.map(({ tenant_id }) => tenant_id).toSorted()).toEqual([tenantId, other.tenantId].toSorted());
    expect(rows.every((row) => row.plan === plan.text)).toBe(true);
  });
});

describe('a list', () => {
  const filter = { userId: randomUUID() };

  it('has the newest first, by page as by position', async () => {
    const [tenantId, all] = await tenantWith(7);
    const list = (more: object) => stores.executions.list(tenantId, { filter, limit: 3, offset: 0, ...more });
    const pages = [await list({}), await list({ offset: 3 }), await list({ offset: 6 })];
    expect(pages.map(idsOf)).toEqual([idsOf(all.slice(0, 3)), idsOf(all.slice(3, 6)), idsOf(all.slice(6))]);

    const walked: StoredExecution[] = [];
    let after: ListPosition | undefined;
    do {
      const part = await list(after ? { after } : {});
      walked.push(...part);
      after = part.at(-1);
    } while (after);
    expect(idsOf(walked)).toEqual(idsOf(all));
  });

  it('goes on from a position as before when newer executions have come', async () => {
    const [tenantId, all] = await tenantWith(4);
    const [, second] = all;
    if (!second) throw new Error('too few executions');
    await record({ tenantId });
    const slice = { filter, limit: 10, offset: 0, after: second };
    expect(idsOf(await stores.executions.list(tenantId, slice))).toEqual(idsOf(all.slice(2)));
  });

  it('shows what its filter names and counts the same', async () => {
    const tenantId = randomUUID();
    const { principal } = newRecord({ tenantId });
    const report = await record({ tenantId, createdAtMs: 1 });
    const question = await record({ tenantId, kind: 'query', principal, createdAtMs: 2 });
    const elsewhere = await record({ tenantId, domainId: 'farm', createdAtMs: 3 });
    await end(elsewhere);
    const { userId } = principal;
    const cases = [
      [{}, [elsewhere, question, report]],
      [{ kind: 'query' }, [question]],
      [{ status: 'completed' }, [elsewhere]],
      [{ status: 'pending', kind: 'ingest' }, [report]],
      [{ domainId: 'farm' }, [elsewhere]],
      [{ domainId: 'nowhere' }, []],
    ] as const;
    for (const [named, expected] of cases) {
      const some = { ...named, userId };
      const found = await stores.executions.list(tenantId, { filter: some, limit: 10, offset: 0 });
      expect(idsOf(found)).toEqual(idsOf(expected));
      expect(await stores.executions.count(tenantId, some)).toBe(expected.length);
    }
  });

  it("leaves out other users' queries, and shows everyone's reports", async () => {
    const tenantId = randomUUID();
    const mine = newRecord({ tenantId }).principal;
    const report = await record({ tenantId, createdAtMs: 1 });
    const own = await record({ tenantId, kind: 'query', principal: mine, createdAtMs: 2 });
    await record({ tenantId, kind: 'query', createdAtMs: 3 });
    const mineOnly = { userId: mine.userId };
    const found = await stores.executions.list(tenantId, { filter: mineOnly, limit: 10, offset: 0 });
    expect(idsOf(found)).toEqual(idsOf([own, report]));
    expect(await stores.executions.count(tenantId, mineOnly)).toBe(2);
  });

  it('holds nothing of another tenant', async () => {
    await record();
    const tenantId = randomUUID();
    expect(await stores.executions.list(tenantId, { filter, limit: 10, offset: 0 })).toEqual([]);
    expect(await stores.executions.count(tenantId, filter)).toBe(0);
  });
});
