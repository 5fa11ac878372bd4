// What makes a decision throw fails its own run in the sight of everybody; the process and other runs go on.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import type { AttemptEnd } from '../clients/invoke-agent.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import { type JournalWatch, watchJournal } from '../store/journal-watch.for-test.ts';
import { openTestStores, type TestStores } from '../store/stores.for-test.ts';
import { answered, beginTestEngine, recordOf, type TestEngine, untilAborted } from './engine.for-test.ts';

let databases: TestDatabases;
let stores: TestStores;
let watch: JournalWatch;
let engine: TestEngine | undefined;
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'failed_step');
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

/** An answer whose output throws when it is looked at. */
function poisonous(): AttemptEnd {
  const output = Object.defineProperty({}, 'answer', {
    enumerable: true,
    get: () => {
      throw new Error('poison');
    },
  });
  return {
    ...answered(''),
    answer: { ...(answered('') as { answer: object }).answer, output },
  } as AttemptEnd;
}

describe('an answer that makes the decision about it throw', () => {
  it('fails its own run after some tries, and gives every place back', async () => {
    engine = await beginTestEngine(stores.urls, {
      limits: { invocationsMax: 1 },
      invoke: async ({ agent }) => (agent.agentId === 'bad' ? poisonous() : answered('fine')),
    });
    const bad = recordOf({ good: [], bad: ['good'], never: ['bad'] });
    const other = recordOf({ a: [], b: ['a'], c: ['a'] });
    await Promise.all([bad, other].map((record) => engine?.start(record)));
    await Promise.all([bad, other].map((record) => watch.seen(record, 'ended')));
    expect(await rowOf(bad)).toMatchObject({ status: 'failed', reason: 'output_invalid' });
    expect(await rowOf(other)).toMatchObject({ status: 'completed' });
    expect(engine.invoked.filter((each) => each === `${bad.id} bad`)).toHaveLength(5);
    const after = recordOf({ a: [], b: ['a'], c: ['a'] });
    await engine.start(after);
    await watch.seen(after, 'ended');
    expect(await rowOf(after)).toMatchObject({ status: 'completed' });
  });
});

describe('a command that makes the decision about it throw', () => {
  it('is dropped after some tries, and its run goes on as if nobody had asked', async () => {
    const letGo = Promise.withResolvers<AttemptEnd>();
    engine = await beginTestEngine(stores.urls, { invoke: () => letGo.promise });
    const record = recordOf({ a: [] });
    await engine.start(record);
    await watch.seen(record, 'task_started');
    await stores.admin.query(
      'insert into orchestrator.commands (tenant_id, execution_id, id, command) values ($1, $2, gen_random_uuid(), $3)',
      [record.tenantId, record.id, 'null'],
    );
    await engine.deliver(record, 10_000);
    const { rows } = await stores.admin.query('select 1 from orchestrator.commands where execution_id = $1', [
      record.id,
    ]);
    expect(rows).toEqual([]);
    letGo.resolve(answered('done'));
    await watch.seen(record, 'ended');
    expect(await rowOf(record)).toMatchObject({ status: 'completed', error: '' });
    expect(engine.invoked.length).toBeGreaterThan(1); // it was read again
  });

  it('keeps nobody waiting who has brought it', async () => {
    engine = await beginTestEngine(stores.urls, { invoke: untilAborted });
    const record = recordOf({ a: [] });
    await engine.start(record);
    await watch.seen(record, 'task_started');
    await stores.admin.query(
      'insert into orchestrator.commands (tenant_id, execution_id, id, command) values ($1, $2, gen_random_uuid(), $3)',
      [record.tenantId, record.id, 'null'],
    );
    expect(await engine.handle(record)).toBe(false);
    const other = recordOf({ a: [] });
    await engine.start(other);
    await watch.seen(other, 'task_started');
  });
});
