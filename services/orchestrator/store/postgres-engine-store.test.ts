// The engine's store on a real database: appends that are fenced and whole, and claims that two can make at the same time.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { newRecord } from '../core/execution-record.for-test.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import { appendOf, completed, parkedUntil, running } from './journal-append.for-test.ts';
import type { ExecutionKey } from './store.ts';
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
async function record(ownerId: string, changes: Partial<ExecutionRecord> = {}): Promise<ExecutionRecord> {
  const execution = newRecord(changes);
  await stores.executions.record(execution, ownerId);
  return execution;
}

async function recordMany(ownerId: string, count: number): Promise<ExecutionRecord[]> {
  return Promise.all(Array.from({ length: count }, () => record(ownerId)));
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
    const batch = [
      appendOf(one, 1, { change: running }),
      appendOf(two, 1),
      appendOf(three, 1, { change: completed }),
    ];
    expect(await stores.engine.append(ownerId, batch)).toBe('appended');
    expect(await stateOf(one)).toEqual({ status: 'running', seqs: [1] });
    expect(await stateOf(two)).toEqual({ status: 'pending', seqs: [1] });
    expect(await stateOf(three)).toEqual({ status: 'completed', seqs: [1] });
  });

  it('keeps the time of the start when a later row names none', async () => {
    const ownerId = await stores.newOwner();
    const execution = await record(ownerId);
    await stores.engine.append(ownerId, [appendOf(execution, 1, { change: running })]);
    await stores.engine.append(ownerId, [appendOf(execution, 2, { change: completed })]);
    const read = await stores.executions.read(execution.tenantId, execution.id);
    expect(read).toMatchObject({ status: 'completed', startedAtMs: 5_000, completedAtMs: 9_000 });
  });

  it('writes no event when a row is refused', async () => {
    const ownerId = await stores.newOwner();
    const [good, bad] = [await record(ownerId), await record(ownerId)];
    const impossible = { ...running, completedAtMs: 1_000 }; // running and ended
    const batch = [appendOf(good, 1, { change: running }), appendOf(bad, 1, { change: impossible })];
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
    const batch = [appendOf(good, 1, { change: running }), appendOf(bad, 1, { change: running })];
    await expect(stores.engine.append(ownerId, batch)).rejects.toMatchObject({
      constraint: expect.stringMatching(/^execution_events_.*pkey$/),
    });
    expect(await stateOf(good)).toEqual({ status: 'pending', seqs: [] });
    expect(await stateOf(bad)).toEqual({ status: 'pending', seqs: [1] });
  });

  it('is fenced once its owner has ended, and writes nothing', async () => {
    const ownerId = await stores.newOwner();
    const execution = await record(ownerId);
    await stores.owners.end(ownerId);
    expect(await stores.engine.append(ownerId, [appendOf(execution, 1, { change: running })])).toBe('fenced');
    expect(await stateOf(execution)).toEqual({ status: 'pending', seqs: [] });
  });

  it('that is under way is waited for by whoever ends its owner', async () => {
    const ownerId = await stores.newOwner();
    const execution = await record(ownerId);
    const blocker = new pg.Client({ connectionString: stores.urls.admin });
    await blocker.connect();
    await blocker.query('begin');
    // A place in the journal that is being taken keeps the append waiting, and it is free again in the end.
    const take = `insert into orchestrator.execution_events values ($1, $2, 1, clock_timestamp(), '[]')`;
    await blocker.query(take, [execution.tenantId, execution.id]);
    const appended = stores.engine.append(ownerId, [appendOf(execution, 1, { change: running })]);
    await stores.untilBlocked(1);
    const ended = stores.owners.end(ownerId);
    await stores.untilBlocked(2); // the append for the place, the end for the append
    await blocker.query('rollback');
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
    expect(await stores.engine.append(ownerId, [appendOf(execution, 1, { change: row })])).toBe('appended');
    const read = await stores.executions.read(execution.tenantId, execution.id);
    expect(read).toMatchObject({ error: 'The agent said \ufffd', reason: '\ufffd' });
  });
});

describe('executions whose time has come', () => {
  it('are put in line, those that wait longest first, and no others', async () => {
    const ownerId = await stores.newOwner();
    const [late, later, early, held] = await recordMany(ownerId, 4);
    if (!late || !later || !early || !held) throw new Error('too few executions');
    const pastMs = Date.now() - 60_000;
    await stores.engine.append(ownerId, [
      appendOf(late, 1, { change: parkedUntil(pastMs) }),
      appendOf(later, 1, { change: parkedUntil(pastMs + 1_000) }),
      appendOf(early, 1, { change: parkedUntil(Date.now() + 3_600_000) }),
    ]);
    const queued = async () => {
      const rows = await Promise.all(
        [late, later, early, held].map(({ tenantId, id }) => stores.executions.read(tenantId, id)),
      );
      return rows.map((row) => row?.isQueued);
    };
    expect(await stores.engine.lineUpDue(1)).toBe(1);
    expect(await queued()).toEqual([true, false, false, false]);
    expect(await stores.engine.lineUpDue(10)).toBe(1);
    expect(await queued()).toEqual([true, true, false, false]);
    expect(await stores.engine.lineUpDue(10)).toBe(0);
    expect(await stores.engine.claimQueued(ownerId, late.tenantId, 10)).toEqual([
      { tenantId: late.tenantId, id: late.id },
    ]);
    const other = await stores.newOwner();
    expect(await stores.engine.claimQueued(other, later.tenantId, 10)).toHaveLength(1);
  });
});

describe('executions that are set aside', () => {
  it('are told apart from what is parked or held, and are not among those with commands until they are claimed', async () => {
    const ownerId = await stores.newOwner();
    const [aside, parked, held] = await recordMany(ownerId, 3);
    if (!aside || !parked || !held) throw new Error('too few executions');
    await stores.engine.append(ownerId, [appendOf(parked, 1, { change: parkedUntil(null) })]);
    await stores.engine.setAside(ownerId, aside, { forMs: 60_000, error: 'why' });
    const records = [aside, parked, held];
    const found = await Promise.all(
      records.map(({ tenantId, id }) => stores.engine.setAsideAmong(tenantId, [id])),
    );
    const { id, plan, createdAtMs: sinceMs } = aside;
    expect(found).toEqual([[{ id, plan, sinceMs }], [], []]);
    for (const { tenantId, id: executionId } of records) {
      await stores.admin.query('insert into orchestrator.commands values ($1, $2, gen_random_uuid(), $3)', [
        ...[tenantId, executionId, 'null'],
      ]);
    }
    const commanded = async () => idsOf(await stores.engine.commanded(ownerId, 100));
    expect(await commanded()).toEqual(idsOf([parked, held]));
    expect(await stores.engine.claimParked(ownerId, aside)).toBe(false);
    expect(await stores.engine.claimParked(ownerId, aside, { setAside: true })).toBe(true);
    expect(await commanded()).toEqual(idsOf(records));
    expect(await stores.engine.setAsideAmong(aside.tenantId, [id])).toEqual([]);
  });
});

describe('loading', () => {
  it('answers executions with their journals to their owner alone', async () => {
    const [ownerId, otherId] = [await stores.newOwner(), await stores.newOwner()];
    const [one, two] = await recordMany(ownerId, 2);
    if (!one || !two) throw new Error('too few executions');
    const many = [{ type: 'started' }, { type: 'paused', by: 'somebody' }] as const;
    await stores.engine.append(ownerId, [
      appendOf(one, 1, { change: running, events: many }),
      appendOf(two, 1),
    ]);
    await stores.engine.append(ownerId, [appendOf(one, 3)]);
    const owned = await stores.engine.load(ownerId, [one, two]);
    expect(idsOf(owned.map(({ execution }) => execution))).toEqual(idsOf([one, two]));
    const found = owned.find(({ execution }) => execution.id === one.id);
    expect(found).toMatchObject({ ownerId, execution: { status: 'running' } });
    expect(found?.entries).toEqual([
      { seq: 1, atMs: 1_000, event: many[0] },
      { seq: 2, atMs: 1_000, event: many[1] },
      { seq: 3, atMs: 3_000, event: { type: 'started' } },
    ]);
    expect(await stores.engine.load(otherId, [one, two])).toEqual([]);
  });

  it('answers nothing of an execution that has ended, is parked or whose owner has ended', async () => {
    const ownerId = await stores.newOwner();
    const [ended, parked, left] = await recordMany(ownerId, 3);
    if (!ended || !parked || !left) throw new Error('too few executions');
    await stores.engine.append(ownerId, [
      appendOf(ended, 1, { change: completed }),
      appendOf(parked, 1, { change: parkedUntil(null) }),
    ]);
    expect(
      idsOf((await stores.engine.load(ownerId, [ended, parked, left])).map((each) => each.execution)),
    ).toEqual([left.id]);
    await stores.owners.end(ownerId);
    expect(await stores.engine.load(ownerId, [left])).toEqual([]);
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
    await stores.engine.append(deadId, [appendOf(finished, 1, { change: completed })]);
    await stores.owners.end(deadId);
    expect(await stores.engine.claimOrphans(claimantId, 10)).toEqual([keyOf(left)]);
    expect(await stores.engine.claimOrphans(claimantId, 10)).toEqual([]);
    expect(await stores.engine.claimOrphans(aliveId, 10)).toEqual([]);
    expect(await stores.engine.load(claimantId, [left])).toHaveLength(1);
  });

  it('takes the oldest first, up to its limit', async () => {
    const [deadId, claimantId] = [await stores.newOwner(), await stores.newOwner()];
    const [older, old, young] = [await record(deadId), await record(deadId), await record(deadId)];
    await stores.owners.end(deadId);
    expect(idsOf(await stores.engine.claimOrphans(claimantId, 2))).toEqual(idsOf([older, old]));
    expect(await stores.engine.claimOrphans(claimantId, 2)).toEqual([keyOf(young)]);
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
    expect(await stores.engine.claimOrphans(loserId, 10)).toEqual([]);
    await winner.query('commit');
    await winner.end();
    expect(await stores.engine.claimOrphans(loserId, 10)).toEqual([]);
    expect(await stores.engine.load(winnerId, [execution])).toHaveLength(1);
  });

  it('that races with others shares the executions out', async () => {
    const [deadId, ...claimants] = await Promise.all(Array.from({ length: 5 }, () => stores.newOwner()));
    if (deadId === undefined) throw new Error('no owner');
    const left = await recordMany(deadId, 60);
    await stores.owners.end(deadId);
    const shares = await Promise.all(claimants.map((ownerId) => stores.engine.claimOrphans(ownerId, 25)));
    const rest = await stores.engine.claimOrphans(deadId, 60);
    expect(idsOf([...shares.flat(), ...rest])).toEqual(idsOf(left));
  });

  it('is found again by its mark, in batches', async () => {
    const [deadId, claimantId] = [await stores.newOwner(), await stores.newOwner()];
    const left = await recordMany(deadId, 5);
    const [own] = [await record(claimantId)];
    await stores.owners.end(deadId);
    await stores.engine.claimOrphans(claimantId, 10);
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
    await stores.engine.append(ownerId, [appendOf(ended, 1, { change: completed })]);
    const asked = [open.id, ended.id, foreign.id, randomUUID()];
    expect(await stores.engine.unfinished(tenantId, asked)).toEqual(new Set([open.id]));
  });
});
