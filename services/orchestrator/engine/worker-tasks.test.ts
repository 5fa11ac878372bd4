// Tasks for workers in a real engine: their runs are no more than rows while workers have them, and what comes of an attempt moves run and row
// together.
import { randomUUID } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../../foundation/ids/ids.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { AgentRuntime, AgentSettingsSchema } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import type { Command } from '../core/decision/decision.ts';
import { newRecord } from '../core/execution-record.for-test.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import { jobIdOf } from '../core/public-id.ts';
import type { WorkerEnded } from '../core/work/planned-work.ts';
import { workerEnded } from '../core/work/work-run.for-test.ts';
import { insertWorkerEnd } from '../store/insert-worker-end.ts';
import { type JournalWatch, watchJournal } from '../store/journal-watch.for-test.ts';
import { recordTestWork } from '../store/recorded-work.for-test.ts';
import { openTestStores, type TestStores } from '../store/stores.for-test.ts';
import { beginTestEngine, type TestEngine, type TestEngineOptions } from './engine.for-test.ts';
import { planMessageOf } from './pinned-plan.for-test.ts';
import { pinPlan } from './pinned-plan.ts';

const withinMs = 10_000;

let databases: TestDatabases;
let stores: TestStores;
let watch: JournalWatch;
const engines: TestEngine[] = [];
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'worker_tasks');
  watch = await watchJournal(stores.urls.admin);
}, 30_000);
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close();
});
afterAll(async () => {
  await watch.close();
  await stores.close();
  await databases.stop();
});

async function begin(options: TestEngineOptions = {}): Promise<TestEngine> {
  const engine = await beginTestEngine(stores.urls, options);
  engines.push(engine);
  return engine;
}

const recorded = (graph: Parameters<typeof recordTestWork>[1]): Promise<ExecutionRecord> =>
  recordTestWork(stores, graph);

async function rowsOf({ id }: ExecutionRecord): Promise<Record<string, string>> {
  const { rows } = await stores.admin.query<{ node_id: string; status: string }>(
    'select node_id, status from orchestrator.tasks where execution_id = $1 order by node_id',
    [id],
  );
  return Object.fromEntries(rows.map(({ node_id, status }) => [node_id, status]));
}

const stored = ({ tenantId, id }: ExecutionRecord) => stores.executions.read(tenantId, id, { fresh: true });

const end = (record: ExecutionRecord, ended: WorkerEnded): Promise<void> =>
  stores.app.tenantTransaction(record.tenantId, (client) => insertWorkerEnd(client, record, ended));

async function ask({ tenantId, id }: ExecutionRecord, command: Command): Promise<void> {
  await stores.admin.query(
    'insert into orchestrator.commands (tenant_id, execution_id, id, command) values ($1, $2, $3, $4)',
    [tenantId, id, newId(), JSON.stringify(command)],
  );
}

const by = randomUUID();
const quick = (nodeId: string, attempt: number, more: Parameters<typeof workerEnded>[2] = {}): WorkerEnded =>
  workerEnded(nodeId, attempt, { startedMs: Date.now(), random: 0, workerId: randomUUID(), ...more });

describe('a run of tasks for workers', () => {
  it('needs no replica until there is an answer, also one that comes before any has begun', async () => {
    const record = await recorded({ a: [], b: ['a'] });
    await end(record, quick('a', 1));
    await begin();
    await watch.seen(record, 'parked');
    expect(await rowsOf(record)).toEqual({ a: 'completed', b: 'pending' });
    expect(await stored(record)).toMatchObject({ status: 'running', isParked: true });
    await end(record, quick('b', 1));
    await engines[0]?.deliver(record, withinMs);
    expect(await rowsOf(record)).toEqual({ a: 'completed', b: 'completed' });
    expect(await stored(record)).toMatchObject({ status: 'completed', isParked: false });
    expect(engines[0]?.invoked).toEqual([]);
  });

  it('is offered again after a lost worker, and leaves memory meanwhile', async () => {
    const engine = await begin();
    const record = await recorded({ a: [] });
    await end(record, quick('a', 1, { fault: 'worker_lost' }));
    await engine.deliver(record, withinMs);
    await watch.seen(record, 'parked');
    expect(await rowsOf(record)).toEqual({ a: 'pending' });
    await end(record, quick('a', 2));
    await engine.deliver(record, withinMs);
    expect(await stored(record)).toMatchObject({ status: 'completed' });
  });

  it('is paused with what is offered, and goes on', async () => {
    const engine = await begin();
    const record = await recorded({ a: [] });
    const held = async (): Promise<unknown> =>
      (await stores.admin.query('select held from orchestrator.tasks where execution_id = $1', [record.id]))
        .rows;
    await ask(record, { type: 'pause', by });
    await engine.deliver(record, withinMs);
    expect(await held()).toEqual([{ held: true }]);
    await ask(record, { type: 'resume', by });
    await engine.deliver(record, withinMs);
    expect(await held()).toEqual([{ held: false }]);
  });

  it('ends after its first failure with what its workers have, and never starts the rest', async () => {
    const engine = await begin();
    const record = await recorded({ a: [], b: [], c: [], d: ['b'] });
    await stores.admin.query(
      `update orchestrator.tasks set status = 'running', worker_id = id, attempt = 1, lease_until = clock_timestamp()
       where execution_id = $1 and node_id = 'b'`,
      [record.id],
    );
    await end(record, quick('a', 1, { fault: 'output_invalid' }));
    await engine.deliver(record, withinMs);
    await watch.seen(record, 'task_skipped', 'c');
    expect(await rowsOf(record)).toEqual({ a: 'failed', b: 'running', c: 'skipped', d: 'skipped' });
    expect(await stored(record)).toMatchObject({ status: 'running' });
    await end(record, quick('b', 1));
    await engine.deliver(record, withinMs);
    expect(await rowsOf(record)).toEqual({ a: 'failed', b: 'completed', c: 'skipped', d: 'skipped' });
    expect(await stored(record)).toMatchObject({ status: 'failed', error: expect.stringContaining('The a') });
  });

  it('takes a cancel or an answer, whichever comes first, and the row says the same as the run', async () => {
    const [one, two] = [await begin({ replicaName: 'one' }), await begin({ replicaName: 'two' })];
    const records = await Promise.all(Array.from({ length: 10 }, () => recorded({ a: [], b: ['a'] })));
    await Promise.all(
      records.map(async (record, at) => {
        const asked = [ask(record, { type: 'cancel', by, because: '' }), end(record, quick('a', 1))];
        await Promise.all(at % 2 === 0 ? asked : asked.toReversed());
        await Promise.all([one.deliver(record, withinMs), two.deliver(record, withinMs)]);
        expect(await stored(record)).toMatchObject({ status: 'cancelled', isParked: false });
        const journal = await stores.executions.readJournal(record.tenantId, record.id, { fresh: true });
        const hasAnswer = journal.some(({ event }) => event.type === 'task_succeeded');
        const rows = hasAnswer ? { a: 'completed', b: 'cancelled' } : { a: 'cancelled', b: 'skipped' };
        expect(await rowsOf(record)).toEqual(rows);
      }),
    );
  });
});

describe('an agent of a playbook that runs on workers', () => {
  function playbook(): ExecutionRecord {
    const plan = planMessageOf({ read: [], judge: ['read'] });
    for (const { kind, nodeId } of plan.nodes) {
      if (nodeId !== 'judge' || kind.case !== 'agent') continue;
      kind.value.systemPrompt = 'Judge it';
      const runtime = AgentRuntime.WORKER;
      kind.value.settings = create(AgentSettingsSchema, { runtime, requiredCapabilities: ['judging'] });
    }
    return newRecord({
      plan: pinPlan({ ...plan, hash: `${randomUUID()}${randomUUID()}`.replaceAll('-', '') }),
      priority: 4,
    });
  }

  it('is offered with its input and what it is, and its answer goes on with the run', async () => {
    const engine = await begin();
    const record = playbook();
    await engine.start(record);
    await watch.seen(record, 'parked');
    const { rows } = await stores.admin.query('select * from orchestrator.tasks where execution_id = $1', [
      record.id,
    ]);
    expect(rows).toMatchObject([
      {
        ...{ scope: 'playbook', status: 'pending', node_id: 'judge', name: 'judge Agent', attempt: 1 },
        ...{ required_capabilities: ['judging'], dispatched: true, held: false },
      },
    ]);
    expect(JSON.parse(rows[0]?.input)).toMatchObject({ text: 'A pothole', read_output: { answer: 'read' } });
    expect(JSON.parse(rows[0]?.context)).toEqual({
      ...{ job_id: jobIdOf(record.id), domain_id: 'city', agent_id: 'judge', agent_name: 'judge Agent' },
      ...{ agent_version: 1, system_prompt: 'Judge it', output_schema: { answer: { type: 'string' } } },
    });
    await end(record, quick('judge', 1, { output: { answer: 'pothole' } }));
    await engine.deliver(record, withinMs);
    await watch.seen(record, 'ended');
    expect(engine.invoked).toEqual([`${record.id} read`]);
    expect(engine.applied).toHaveLength(1);
    expect(engine.applied[0]?.outcome.succeeded).toBe(true);
    expect(await rowsOf(record)).toEqual({ judge: 'completed' });
  });

  it('fails with an answer whose keys its schema does not name', async () => {
    const engine = await begin();
    const record = playbook();
    await engine.start(record);
    await watch.seen(record, 'parked');
    await end(record, quick('judge', 1, { output: { foreign: 'key' } }));
    await engine.deliver(record, withinMs);
    await watch.seen(record, 'ended');
    expect(await stored(record)).toMatchObject({ status: 'failed', reason: 'output_invalid' });
    expect(await rowsOf(record)).toEqual({ judge: 'failed' });
  });
});
