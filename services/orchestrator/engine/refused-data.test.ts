// What the store refuses is never asked for ever: the run is failed, and where even that is refused it is set aside. Other runs notice nothing.

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createMetrics } from '../../../foundation/telemetry/metrics.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { pause } from '../../../local/pause.for-test.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import { type JournalWatch, watchJournal } from '../store/journal-watch.for-test.ts';
import { openTestStores, type TestStores } from '../store/stores.for-test.ts';
import {
  answered,
  beginTestEngine,
  recordOf,
  type TestEngine,
  type TestEngineOptions,
} from './engine.for-test.ts';

let databases: TestDatabases;
let stores: TestStores;
let watch: JournalWatch;
let engine: TestEngine | undefined;
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'refused');
  watch = await watchJournal(stores.urls.admin);
}, 30_000);
afterEach(async () => {
  await engine?.close();
  engine = undefined;
  await stores.admin.query('alter table orchestrator.execution_events drop constraint if exists refused');
  await stores.admin.query('alter table orchestrator.executions drop constraint if exists refused');
});
afterAll(async () => {
  await watch.close();
  await stores.close();
  await databases.stop();
});

async function begin(options: TestEngineOptions = {}): Promise<TestEngine> {
  engine = await beginTestEngine(stores.urls, options);
  return engine;
}

/** From now on the store refuses events in which any of these words stands. */
async function refuse(...words: readonly string[]): Promise<void> {
  await stores.admin.query(
    `alter table orchestrator.execution_events add constraint refused check (payload !~ '${words.join('|')}') not valid`,
  );
}

const rowOf = ({ tenantId, id }: ExecutionRecord) => stores.executions.read(tenantId, id);
const eventsOf = async ({ tenantId, id }: ExecutionRecord) =>
  (await stores.executions.readJournal(tenantId, id)).map(({ event }) => event);

describe('a run whose output the store refuses', () => {
  it('fails in the sight of everybody after some tries, while others go on', async () => {
    await refuse('poison');
    const { start, invoked, applied } = await begin({
      invoke: async ({ agent }) => answered(agent.agentId === 'bad' ? 'poison' : 'fine'),
    });
    const bad = recordOf({ good: [], bad: ['good'], never: ['bad'] });
    const others = Array.from({ length: 10 }, () => recordOf({ a: [], b: ['a'] }));
    await Promise.all([bad, ...others].map((record) => start(record)));
    await Promise.all([bad, ...others].map((record) => watch.seen(record, 'ended')));
    const failure = { reason: 'output_invalid', error: 'What the run had to record cannot be stored' };
    expect(await rowOf(bad)).toMatchObject({ status: 'failed', ...failure });
    expect(applied.find(({ execution }) => execution.id === bad.id)?.outcome).toMatchObject(failure);
    const events = await eventsOf(bad);
    expect(events.filter(({ type }) => type === 'task_failed' || type === 'task_skipped')).toMatchObject([
      { nodeId: 'bad', fault: { code: 'output_invalid' } },
      { nodeId: 'never' },
    ]);
    expect(invoked.filter((each) => each === `${bad.id} bad`)).toHaveLength(5);
    expect(invoked.filter((each) => each === `${bad.id} good`)).toHaveLength(1);
    for (const other of others) {
      expect(await rowOf(other)).toMatchObject({ status: 'completed' });
      expect(invoked.filter((each) => each.startsWith(other.id))).toHaveLength(2);
    }
  });

  it('gives back every place that it had taken for attempts which never began', async () => {
    await refuse('poison');
    const { start } = await begin({
      limits: { invocationsMax: 1 },
      invoke: async ({ agent }) => answered(agent.agentId === 'bad' ? 'poison' : 'fine'),
    });
    const bad = recordOf({ bad: [], next: ['bad'] });
    await start(bad);
    await watch.seen(bad, 'ended');
    const good = recordOf({ a: [], b: ['a'], c: ['a'] });
    await start(good);
    await watch.seen(good, 'ended');
    expect(await rowOf(good)).toMatchObject({ status: 'completed' });
  });

  it('is set aside when even its failure is refused, and is gone on with when somebody asks', async () => {
    await refuse('task_succeeded', 'finishing');
    const record = recordOf({ a: [] });
    const { start, deliver } = await begin();
    await start(record);
    await watch.seen(record, 'parked');
    expect(await rowOf(record)).toMatchObject({
      isParked: true,
      error: expect.stringContaining('set aside'),
    });
    await stores.admin.query('alter table orchestrator.execution_events drop constraint refused');
    const command = { type: 'resume', by: record.principal.userId };
    await stores.admin.query(
      'insert into orchestrator.commands (tenant_id, execution_id, id, command) values ($1, $2, gen_random_uuid(), $3)',
      [record.tenantId, record.id, JSON.stringify(command)],
    );
    await deliver(record, 10_000);
    await watch.seen(record, 'ended');
    expect(await rowOf(record)).toMatchObject({ status: 'completed', error: '' });
  });

  it('is left alone by what people ask of it until it is tried again, and tells them so', async () => {
    await refuse('task_succeeded', 'finishing');
    const record = recordOf({ a: [] });
    const metrics = createMetrics({ processMetrics: false });
    const lines: string[] = [];
    const { start, deliver, statements } = await begin({
      metrics,
      logTo: { write: (line) => void lines.push(line) },
    });
    const setAside = async () =>
      (await metrics.getSingleMetric('domainflow_executions_set_aside_total')?.get())?.values[0]?.value;
    await start(record);
    await watch.seen(record, 'parked');
    while ((await setAside()) !== 1) await pause();
    const told = lines.filter((line) => line.includes('was set aside'));
    expect(told.map((line) => JSON.parse(line))).toMatchObject([{ level: 'error', execution_id: record.id }]);
    const command = { type: 'cancel', by: record.principal.userId, because: '' };
    await stores.admin.query(
      'insert into orchestrator.commands (tenant_id, execution_id, id, command) values ($1, $2, gen_random_uuid(), $3)',
      [record.tenantId, record.id, JSON.stringify(command)],
    );
    await expect(deliver(record, 10_000)).rejects.toMatchObject({
      reason: 'unavailable',
      message: expect.stringContaining('set aside'),
    });
    const tries = async () => {
      const { rows } = await stores.admin.query('select epoch from orchestrator.executions where id = $1', [
        record.id,
      ]);
      return rows[0]?.epoch;
    };
    expect(await tries()).toBe(2); // once again for the person who asked
    const looks = () => statements.filter((name) => name === 'orchestrator.select_commanded').length;
    for (const before = looks(); looks() < before + 5; ) await stores.admin.query('select 1');
    expect(await tries()).toBe(2);
    await stores.admin.query('alter table orchestrator.execution_events drop constraint refused');
    await stores.admin.query('update orchestrator.executions set wake_at = clock_timestamp() where id = $1', [
      record.id,
    ]);
    await watch.seen(record, 'ended');
    expect(await rowOf(record)).toMatchObject({ error: expect.not.stringContaining('set aside') });
  });

  it('that could not even be recorded is refused to its caller', async () => {
    await stores.admin.query(
      `alter table orchestrator.executions add constraint refused check (domain_id <> 'poison') not valid`,
    );
    const { start } = await begin();
    const bad = recordOf({ a: [] }, {}, { domainId: 'poison' });
    await expect(start(bad)).rejects.toMatchObject({ reason: 'invalid_argument' });
    expect(await rowOf(bad)).toBeUndefined();
    await expect(start(recordOf({ a: [] }, {}, { domainId: 'with \0 in it' }))).rejects.toMatchObject({
      reason: 'invalid_argument',
    });
  });
});

describe('an output that PostgreSQL could not hold as it stands', () => {
  it('is stored and read as the agent gave it', async () => {
    const text = 'NUL \0 and half a pair \ud800';
    const given: unknown[] = [];
    const { start } = await begin({
      invoke: async ({ agent, input }) => {
        if (agent.agentId === 'b') given.push(input.a_output);
        return answered(text);
      },
    });
    const record = recordOf({ a: [], b: ['a'] });
    await start(record);
    await watch.seen(record, 'ended');
    expect(given).toEqual([{ answer: text }]);
    const outputs = (await eventsOf(record)).flatMap((event) =>
      event.type === 'task_succeeded' ? [event.answer.output] : [],
    );
    expect(outputs).toEqual([{ answer: text }, { answer: text }]);
    expect(await rowOf(record)).toMatchObject({ status: 'completed' });
  });
});
