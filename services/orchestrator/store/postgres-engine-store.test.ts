// The engine's store on a real database: appends that are fenced and whole, and claims that two can make at the same time.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { newRecord } from '../core/execution-record.for-test.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import type { ExecutionKey, JournalAppend, RowChange } from './store.ts';
import { openTestStores, type TestStores } from './stores.for-test.ts';

let databases: TestDatabases;
let stores: TestStores;
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'engine');
}, 30_000);
afterAll(async () => {
  await stores.close();
  await databases.stop();
});

const keyOf = ({ tenantId, id }: ExecutionKey): ExecutionKey => ({ tenantId, id });
const idsOf = (keys: readonly ExecutionKey[]) => keys.map(({ id }) => id).toSorted();
const running: RowChange = {
  status: 'running',
  startedAtMs: 5_000,
  completedAtMs: null,
  reason: '',
  error: '',
  partial: false,
};
const completed: RowChange = { ...running, status: 'completed', startedAtMs: null, completedAtMs: 9_000 };

async function record(ownerId: string, changes: Partial<ExecutionRecord> = {}): Promise<ExecutionRecord> {
  const execution = newRecord(changes);
  await stores.executions.record(execution, ownerId);
  return execution;
}

async function recordMany(ownerId: string, count: number): Promise<ExecutionRecord[]> {
  return Promise.all(Array.from({ length: count }, () => record(ownerId)));
}

function appendOf({ tenantId, id }: ExecutionKey, seq: number, row?: RowChange): JournalAppend {
  const entries = [{ seq, atMs: 1_000 * seq, event: { type: 'started' } as const }];
  return { tenantId, executionId: id, entries, ...(row ? { row } : {}) };
}

async function stateOf({ tenantId, id }: ExecutionKey) {
  const [execution, journal] = await Promise.all([
    stores.executions.read(tenantId, id),
    stores.executions.readJournal(tenantId, id),
  ]);
  return { status: execution?.status, seqs: journal.map(({ seq }) => seq) };
}

describe('an append', () => {
  it('writes the events and the row of many executions of many tenants', async () => {
    const ownerId = await stores.newOwner();
    const [one, two, three] = await Promise.all([record(ownerId), record(ownerId), record(ownerId)]);
    const batch = [appendOf(one, 1, running), appendOf(two, 1), appendOf(three, 1, completed)];
    expect(await stores.engine.append(ownerId, batch)).toBe('appended');
    expect(await stateOf(one)).toEqual({ status: 'running', seqs: [1] });
    expect(await stateOf(two)).toEqual({ status: 'pending', seqs: [1] });
    expect(await stateOf(three)).toEqual({ status: 'completed', seqs: [1] });
  });

  it('keeps the time of the start when a later row names none', async () => {
    const ownerId = await stores.newOwner();
    const execution = await record(ownerId);
    await stores.engine.append(ownerId, [appendOf(execution, 1, running)]);
    await stores.engine.append(ownerId, [appendOf(execution, 2, completed)]);
    const read = await stores.executions.read(execution.tenantId, execution.id);
    expect(read).toMatchObject({ status: 'completed', startedAtMs: 5_000, completedAtMs: 9_000 });
  });

  it('writes no event when a row is refused', async () => {
    const ownerId = await stores.newOwner();
    const [good, bad] = [await record(ownerId), await record(ownerId)];
    const impossible = { ...running, completedAtMs: 1_000 }; // running and ended
    const batch = [appendOf(good, 1, running), appendOf(bad, 1, impossible)];
    await expect(stores.engine.append(ownerId, batch)).rejects.toMatchObject({
      constraint: 'executions_ended',
    });
    expect(await stateOf(good)).toEqual({ status: 'pending', seqs: [] });
    expect(await stateOf(bad)).toEqual({ status: 'pending', seqs: [] });
  });

  it('is refused as a whole when one of its events has a place that is taken', async () => {
    const ownerId = await stores.newOwner();
    const [good, bad] = [await record(ownerId), await record(ownerId)];
    await stores.engine.append(ownerId, [appendOf(bad, 1)]);
    const batch = [appendOf(good, 1, running), appendOf(bad, 1, running)];
    await expect(stores.engine.append(ownerId, batch)).rejects.toMatchObject({
      constraint: 'execution_events_pkey',
    });
    expect(await stateOf(good)).toEqual({ status: 'pending', seqs: [] });
    expect(await stateOf(bad)).toEqual({ status: 'pending', seqs: [1] });
  });

  it('is fenced once its owner has ended, and writes nothing', async () => {
    const ownerId = await stores.newOwner();
    const execution = await record(ownerId);
    await stores.owners.end(ownerId);
    expect(await stores.engine.append(ownerId, [appendOf(execution, 1, running)])).toBe('fenced');
    expect(await stateOf(execution)).toEqual({ status: 'pending', seqs: [] });
  });

  it('that is under way is waited for by whoever ends its owner', async () => {
    const ownerId = await stores.newOwner();
    const execution = await record(ownerId);
    const blocker = new pg.Client({ connectionString: stores.urls.admin });
    await blocker.connect();
    await blocker.query('begin');
    await blocker.query('select 1 from orchestrator.executions where id = $1 for update', [execution.id]);
    const appended = stores.engine.append(ownerId, [appendOf(execution, 1, running)]);
    await stores.untilBlocked(1);
    const ended = stores.owners.end(ownerId);
    await stores.untilBlocked(2); // the append for the row, the end for the append
    await blocker.query('commit');
    expect(await appended).toBe('appended');
    await ended;
    await blocker.end();
    expect(await stateOf(execution)).toEqual({ status: 'running', seqs: [1] });
    expect(await stores.engine.append(ownerId, [appendOf(execution, 2)])).toBe('fenced');
  });

  it('keeps a sentence that PostgreSQL could not hold as it stands', async () => {
    const ownerId = await stores.newOwner();
    const execution = await record(ownerId);
    const row = { ...completed, status: 'failed', error: 'The agent said \0', reason: '\0' } as const;
    expect(await stores.engine.append(ownerId, [appendOf(execution, 1, row)])).toBe('appended');
    const read = await stores.executions.read(execution.tenantId, execution.id);
    expect(read).toMatchObject({ error: 'The agent said \ufffd', reason: '\ufffd' });
  });
});

describe('a reload', () => {
  it('answers the execution with its journal to its owner alone', async () => {
    const [ownerId, otherId] = [await stores.newOwner(), await stores.newOwner()];
    const execution = await record(ownerId);
    await stores.engine.append(ownerId, [appendOf(execution, 1, running), appendOf(execution, 2)]);
    const owned = await stores.engine.reload(ownerId, execution);
    expect(owned).toMatchObject({ ownerId, execution: { id: execution.id, status: 'running' } });
    expect(owned?.entries.map(({ seq }) => seq)).toEqual([1, 2]);
    expect(await stores.engine.reload(otherId, execution)).toBeUndefined();
  });

  it('answers nothing of an execution that has ended or whose owner has', async () => {
    const ownerId = await stores.newOwner();
    const [ended, left] = [await record(ownerId), await record(ownerId)];
    await stores.engine.append(ownerId, [appendOf(ended, 1, completed)]);
    expect(await stores.engine.reload(ownerId, ended)).toBeUndefined();
    await stores.owners.end(ownerId);
    expect(await stores.engine.reload(ownerId, left)).toBeUndefined();
  });
});

describe('a claim', () => {
  beforeEach(async () => {
    await stores.admin.query('truncate orchestrator.executions, orchestrator.execution_events');
  });

  it('takes what ended owners left unfinished, and nothing else, once', async () => {
    const [deadId, aliveId, claimantId] = [
      await stores.newOwner(),
      await stores.newOwner(),
      await stores.newOwner(),
    ];
    const [left, finished] = [await record(deadId), await record(deadId)];
    await record(aliveId);
    await stores.engine.append(deadId, [appendOf(finished, 1, completed)]);
    await stores.owners.end(deadId);
    expect(await stores.engine.claim(claimantId, 10)).toEqual([keyOf(left)]);
    expect(await stores.engine.claim(claimantId, 10)).toEqual([]);
    expect(await stores.engine.claim(aliveId, 10)).toEqual([]);
    expect(await stores.engine.reload(claimantId, left)).toBeDefined();
  });

  it('takes the oldest first, up to its limit', async () => {
    const [deadId, claimantId] = [await stores.newOwner(), await stores.newOwner()];
    const young = await record(deadId, { createdAtMs: 3_000 });
    const [old, older] = [
      await record(deadId, { createdAtMs: 2_000 }),
      await record(deadId, { createdAtMs: 1_000 }),
    ];
    await stores.owners.end(deadId);
    expect(idsOf(await stores.engine.claim(claimantId, 2))).toEqual(idsOf([older, old]));
    expect(await stores.engine.claim(claimantId, 2)).toEqual([keyOf(young)]);
  });

  it('neither waits for nor takes what another claim is taking', async () => {
    const [deadId, winnerId, loserId] = [
      await stores.newOwner(),
      await stores.newOwner(),
      await stores.newOwner(),
    ];
    const execution = await record(deadId);
    await stores.owners.end(deadId);
    const winner = new pg.Client({ connectionString: stores.urls.admin });
    await winner.connect();
    await winner.query('begin');
    await winner.query('update orchestrator.executions set owner_id = $1 where id = $2', [
      winnerId,
      execution.id,
    ]);
    expect(await stores.engine.claim(loserId, 10)).toEqual([]);
    await winner.query('commit');
    await winner.end();
    expect(await stores.engine.claim(loserId, 10)).toEqual([]);
    expect(await stores.engine.reload(winnerId, execution)).toBeDefined();
  });

  it('that races with others shares the executions out', async () => {
    const [deadId, ...claimants] = await Promise.all(Array.from({ length: 5 }, () => stores.newOwner()));
    if (deadId === undefined) throw new Error('no owner');
    const left = await recordMany(deadId, 60);
    await stores.owners.end(deadId);
    const shares = await Promise.all(claimants.map((ownerId) => stores.engine.claim(ownerId, 25)));
    const rest = await stores.engine.claim(deadId, 60);
    expect(idsOf([...shares.flat(), ...rest])).toEqual(idsOf(left));
  });

  it('is found again by its mark, in batches', async () => {
    const [deadId, claimantId] = [await stores.newOwner(), await stores.newOwner()];
    const left = await recordMany(deadId, 5);
    const [own] = [await record(claimantId)];
    await stores.owners.end(deadId);
    await stores.engine.claim(claimantId, 10);
    const first = await stores.engine.claimed(claimantId, undefined, 3);
    const rest = await stores.engine.claimed(claimantId, first.at(-1), 3);
    expect(first).toHaveLength(3);
    expect(idsOf([...first, ...rest])).toEqual(idsOf(left));
    expect(idsOf([...first, ...rest])).not.toContain(own?.id);
  });
});

describe('over all tenants', () => {
  it('walks the tenants in batches, each once', async () => {
    const ownerId = await stores.newOwner();
    const tenantIds = Array.from({ length: 5 }, () => randomUUID());
    for (const tenantId of [...tenantIds, ...tenantIds, ...tenantIds]) await record(ownerId, { tenantId });
    const walked: string[] = [];
    for (let batch = await stores.engine.tenants(undefined, 2); batch.length > 0; ) {
      expect(batch.length).toBeLessThanOrEqual(2);
      walked.push(...batch);
      batch = await stores.engine.tenants(batch.at(-1), 2);
    }
    expect(walked).toEqual([...new Set(walked)].toSorted());
    expect(walked).toEqual(expect.arrayContaining(tenantIds));
  });

  it('tells which executions of a tenant have not ended', async () => {
    const ownerId = await stores.newOwner();
    const { tenantId } = newRecord();
    const [open, ended] = [await record(ownerId, { tenantId }), await record(ownerId, { tenantId })];
    const foreign = await record(ownerId);
    await stores.engine.append(ownerId, [appendOf(ended, 1, completed)]);
    const asked = [open.id, ended.id, foreign.id, randomUUID()];
    expect(await stores.engine.unfinished(tenantId, asked)).toEqual(new Set([open.id]));
  });
});
