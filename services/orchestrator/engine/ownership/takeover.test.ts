// Two engines on one database: what one loses the other ends, and nothing recorded runs again.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Fault } from '../../../../foundation/fault/fault.ts';
import { startTestDatabases, type TestDatabases } from '../../../../local/databases/test-databases.ts';
import { pause } from '../../../../local/pause.for-test.ts';
import { endedByRun } from '../../clients/attempt.ts';
import { pinned } from '../../core/execution-record.for-test.ts';
import { type JournalWatch, watchJournal } from '../../store/journal-watch.for-test.ts';
import { openTestStores, type TestStores } from '../../store/stores.for-test.ts';
import {
  answered,
  beginTestEngine,
  quickRhythm,
  recordOf,
  type TestEngine,
  untilAborted,
} from '../engine.for-test.ts';

const program = join(import.meta.dirname, 'engine-process.for-test.ts');

let databases: TestDatabases;
let stores: TestStores;
let watch: JournalWatch;
const engines: TestEngine[] = [];
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'takeover');
  watch = await watchJournal(stores.urls.admin);
}, 30_000);
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close();
  await stores.admin.query('truncate orchestrator.executions, orchestrator.execution_events');
});
afterAll(async () => {
  await watch.close();
  await stores.close();
  await databases.stop();
});

async function begin(options: Parameters<typeof beginTestEngine>[1]): Promise<TestEngine> {
  const engine = await beginTestEngine(stores.urls, options);
  engines.push(engine);
  return engine;
}

/** Records an execution under an owner that has ended already. */
async function orphan(record: ReturnType<typeof recordOf>): Promise<void> {
  const ownerId = await stores.newOwner();
  await stores.executions.record(record, ownerId);
  await stores.owners.end(ownerId);
}

describe('when a process is killed', () => {
  it('another ends every one of its executions, and runs no recorded task again', async () => {
    const count = 30;
    const repeated: boolean[] = [];
    const survivor = await begin({
      replicaName: 'survivor',
      invoke: async (invocation) => {
        repeated.push(invocation.repeated);
        return answered(invocation.agent.agentId);
      },
    });
    const args = ['--no-warnings', program, JSON.stringify(stores.urls), String(count)];
    const child = spawn(process.execPath, args, { stdio: 'inherit' });
    const exited = once(child, 'exit');
    const running = new Set<string>();
    const allRunning = watch.until(({ executionId, what, nodeId }) => {
      if (what === 'task_started' && nodeId === 'second') running.add(executionId);
      return running.size === count;
    });
    await Promise.race([allRunning, exited]);
    child.kill('SIGKILL');
    expect(await exited).toEqual([null, 'SIGKILL']);
    for (const id of running) await watch.seen({ id }, 'ended');

    expect(survivor.invoked.toSorted()).toEqual([...running].map((id) => `${id} second`).toSorted());
    expect(repeated).toEqual(Array.from({ length: count }, () => true)); // they were begun before
    expect(survivor.applied.map(({ execution }) => execution.id).toSorted()).toEqual([...running].toSorted());
    for (const { state, outcome } of survivor.applied) {
      expect(outcome.succeeded).toBe(true);
      expect(state.tasks[0]?.answer?.output).toEqual({ answer: 'by the killed process' });
    }
    const { rows } = await stores.admin.query('select distinct status from orchestrator.executions');
    expect(rows).toEqual([{ status: 'completed' }]);
  }, 20_000);
});

describe('what was left behind', () => {
  it('is shared out: of several engines exactly one ends each execution', async () => {
    const records = Array.from({ length: 40 }, () => recordOf({ a: [], b: ['a'] }));
    for (const record of records) await orphan(record);
    const [one, two] = await Promise.all([begin({ replicaName: 'one' }), begin({ replicaName: 'two' })]);
    for (const record of records) await watch.seen(record, 'ended');
    const applied = [...one.applied, ...two.applied].map(({ execution }) => execution.id);
    expect(applied.toSorted()).toEqual(records.map(({ id }) => id).toSorted());
  });

  it('waits for the store of its document, however often that is away, when nobody waits for it', async () => {
    const record = recordOf({ a: [] });
    await orphan(record);
    let away = 2;
    const engine = await begin({
      documents: {
        place: async () => {
          away -= 1;
          if (away >= 0) throw new Fault('unavailable', 'Away');
        },
      },
    });
    await watch.seen(record, 'ended');
    expect(away).toBe(-1);
    expect(engine.applied.map(({ outcome }) => outcome.succeeded)).toEqual([true]);
  });

  it('is failed when its document is refused for good', async () => {
    const record = recordOf({ a: [] });
    await orphan(record);
    const engine = await begin({
      documents: {
        place: async () => {
          throw new Fault('permission_denied', 'Not any more');
        },
      },
    });
    await watch.seen(record, 'ended');
    expect(engine.applied.map(({ outcome }) => outcome.reason)).toEqual(['permission_denied']);
  });

  it('is run beside an execution that cannot be read', async () => {
    const good = recordOf({ a: [] }, {}, { createdAtMs: 2_000 });
    await orphan(recordOf({}, {}, { plan: pinned('no plan at all'), createdAtMs: 1_000 }));
    await orphan(good);
    await begin({});
    await watch.seen(good, 'ended');
  });
});

describe('an attempt that the one before has followed', () => {
  it('is joined with what it has told, so that nothing is told twice', async () => {
    const told: unknown[] = [];
    const first = await begin({
      replicaName: 'first',
      invoke: async (invocation) => {
        invocation.note({ type: 'tool_called', toolName: 'search' });
        return untilAborted(invocation);
      },
    });
    const record = recordOf({ a: [] });
    await first.start(record);
    await watch.seen(record, 'tool_called');
    await first.close();
    engines.splice(0);
    await begin({
      replicaName: 'second',
      invoke: async (invocation) => {
        told.push(invocation.told);
        return answered('done');
      },
    });
    await watch.seen(record, 'ended');
    expect(told).toEqual([{ tools: 1, toolEnds: 0, uncertain: false }]);
  });

  it('is only ended when its run was cancelled meanwhile', async () => {
    const first = await begin({ replicaName: 'first', invoke: () => new Promise(() => undefined) });
    const record = recordOf({ a: [] });
    await first.start(record);
    await watch.seen(record, 'task_started');
    await stores.admin.query(
      `insert into orchestrator.commands (tenant_id, execution_id, id, command) values ($1, $2, gen_random_uuid(), $3)`,
      [
        record.tenantId,
        record.id,
        JSON.stringify({ type: 'cancel', by: record.principal.userId, because: '' }),
      ],
    );
    await watch.seen(record, 'cancel_requested');
    await first.close();
    engines.splice(0);
    const aborted: unknown[] = [];
    await begin({
      replicaName: 'second',
      invoke: async (invocation) => {
        aborted.push([invocation.repeated, invocation.signal.aborted, invocation.signal.reason]);
        return untilAborted(invocation);
      },
    });
    await watch.seen(record, 'ended');
    expect(aborted).toEqual([[true, true, endedByRun]]);
    expect(await stores.executions.read(record.tenantId, record.id)).toMatchObject({ status: 'cancelled' });
  });
});

describe('taking over a thousand executions', () => {
  it('takes a few statements, in batches, and none for each', async () => {
    const ownerId = await stores.newOwner();
    const records = Array.from({ length: 1_000 }, () => recordOf({ a: [] }, {}, { kind: 'workflow' }));
    for (const record of records) await stores.executions.record(record, ownerId);
    await stores.owners.end(ownerId);
    const engine = await begin({ invoke: untilAborted });
    await Promise.all(records.map((record) => watch.seen(record, 'task_started')));
    while (engine.invoked.length < records.length) await pause();
    const count = (name: string) =>
      engine.statements.filter((each) => each === `orchestrator.${name}`).length;
    expect([count('select_owned'), count('select_journals')]).toEqual([50, 50]);
    expect(engine.invoked).toHaveLength(1_000);
  }, 60_000);

  it('goes on after executions could not be read, and leaves no place of their tenant taken', async () => {
    const tenantId = recordOf({ a: [] }).tenantId;
    const records = Array.from({ length: 4 }, () => recordOf({ a: [], b: ['a'] }, {}, { tenantId }));
    for (const record of records) await orphan(record);
    await stores.admin.query('update orchestrator.executions set owner_id = null, queued = true');
    await stores.admin.query('revoke select on orchestrator.execution_events from orchestrator_engine');
    const engine = await begin({ limits: { perTenantMax: 1 } });
    const reads = () => engine.statements.filter((each) => each === 'orchestrator.select_journals').length;
    while (reads() < 3) await pause();
    await stores.admin.query('grant select on orchestrator.execution_events to orchestrator_engine');
    for (const record of records) await watch.seen(record, 'ended');
    expect(engine.invoked).toHaveLength(8);
  });

  it('takes up what a lost claim has taken, also when it was a place in line', async () => {
    const [first, second] = [recordOf({ a: [] }), recordOf({ a: [] })];
    const engine = await begin({});
    const { rows } = await stores.admin.query<{ owner_id: string }>(
      'select owner_id from orchestrator.owners where ended_at is null',
    );
    for (const record of [first, second]) await stores.executions.record(record, rows[0]?.owner_id ?? '');
    // As if they had been claimed and nobody had heard of it: whoever asks something of one takes it up.
    await engine.deliver(first, 10_000);
    await stores.admin.query(
      `insert into orchestrator.commands (tenant_id, execution_id, id, command) values ($1, $2, gen_random_uuid(), '{"type":"resume","by":"x"}')`,
      [second.tenantId, second.id],
    );
    await engine.deliver(second, 10_000);
    await watch.seen(second, 'ended');
  });
});

describe('a living owner', () => {
  it('keeps its executions while it gives signs of life, however long they run', async () => {
    const rhythm = { ...quickRhythm, beatMs: 20, leaseMs: 400 };
    const answers = Promise.withResolvers<void>();
    const owner = await begin({
      replicaName: 'owner',
      rhythm,
      invoke: async () => {
        await answers.promise;
        return answered('in the end');
      },
    });
    const record = recordOf({ a: [] });
    await owner.start(record);
    const other = await begin({ replicaName: 'other', rhythm, invoke: untilAborted });
    const silent = await stores.newOwner();
    const left = recordOf({ a: [] });
    await stores.executions.record(left, silent);
    await watch.seen(left, 'owned'); // a whole lease has gone by, for both
    answers.resolve();
    await watch.seen(record, 'ended');
    expect(owner.applied.map(({ execution }) => execution.id)).toContain(record.id);
    const invoked = [...owner.invoked, ...other.invoked].filter((each) => each.startsWith(record.id));
    expect(invoked).toEqual([`${record.id} a`]);
  });
});
