// The export against a real database and a receiver that speaks the protocol of Kafka's REST proxies over HTTP.
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { newId } from '../../../../foundation/ids/ids.ts';
import { startTestDatabases, type TestDatabases } from '../../../../local/databases/test-databases.ts';
import { createEventSink } from '../../clients/event-sink.ts';
import {
  createPostgresExportStandingStore,
  createPostgresExportStore,
} from '../../store/postgres-export-store.ts';
import { openTestStores, type TestStores } from '../../store/stores.for-test.ts';
import { beginExport } from './exporter.ts';
import { startReceiver, type TestReceiver } from './receiver.for-test.ts';

let databases: TestDatabases;
let stores: TestStores;
let receiver: TestReceiver;
let stops: (() => Promise<void>)[];
let count = 0;
beforeAll(async () => {
  databases = await startTestDatabases();
}, 60_000);
afterAll(() => databases?.stop());
beforeEach(async () => {
  count += 1;
  stores = await openTestStores(databases, `export_${count}`);
  receiver = await startReceiver();
  stops = [];
});
afterEach(async () => {
  await Promise.all(stops.map((stop) => stop()));
  await receiver.close();
  await stores.close();
});

const rhythm = { pauseMs: 5, retryMs: 5, retryMsMax: 20, heldMs: 60_000 };

function begin(heldMs = rhythm.heldMs): () => Promise<void> {
  const store = createPostgresExportStore(stores.enginePool);
  const sink = createEventSink({ url: receiver.url, prefix: 'df.', authorization: 'Bearer secret' });
  const stop = beginExport({ store, sink, log: { warn: () => undefined }, rhythm: { ...rhythm, heldMs } });
  stops.push(stop);
  return stop;
}

/** Begins, and resolves once the export has its first place: it tells what happens from then on. */
async function beginAt(): Promise<() => Promise<void>> {
  const stop = begin();
  const store = createPostgresExportStandingStore(stores.app);
  while (!(await store.standing())) await new Promise(setImmediate);
  return stop;
}

const tenantId = randomUUID();

async function insertEntry(client: pg.Client, entityType: string, at = 'clock_timestamp()'): Promise<string> {
  const id = newId();
  await client.query(
    `insert into orchestrator.orchestration_logs
      (tenant_id, id, operation_type, entity_type, entity_id, status, user_id, duration_ms, details, "timestamp")
     values ($1, $2, 'task_creation', $3, 'thing', 'success', $1, 1, '{"a": 1}', ${at})`,
    [tenantId, id, entityType],
  );
  return id;
}

async function insertTask(status: string): Promise<string> {
  const id = newId();
  await stores.admin.query(
    `insert into orchestrator.tasks (tenant_id, id, scope, node_id, type, name, priority, attempt_timeout_ms, total_timeout_ms, max_retries,
      status, completed_at, created_by, result, error_message)
     values ($1, $2, 'task', 'task', 'custom', 'A secret name', 2, 1, 1, 1, $3,
      case when $3 = 'pending' then null else clock_timestamp() end, $1, '{"secret": 1}', 'A secret sentence')`,
    [tenantId, id, status],
  );
  return id;
}

async function insertWorker(): Promise<string> {
  const id = newId();
  await stores.admin.query(
    `insert into orchestrator.workers (tenant_id, id, type, name, protocol, capabilities, health_check_interval_s, max_concurrent_tasks, created_by)
     values ($1, $2, 'custom', $3, 'pull', '{}', 60, 1, $1)`,
    [tenantId, id, id],
  );
  return id;
}

describe('the export of events', () => {
  it('tells entries, workers, ended tasks and runs by topic, in ids and states alone', async () => {
    await insertTask('completed'); // before the export began
    await beginAt();
    const entry = await insertEntry(stores.admin, 'workflow');
    const system = await insertEntry(stores.admin, 'gate');
    const [ended, pending] = [await insertTask('failed'), await insertTask('pending')];
    const worker = await insertWorker();
    const runs = [newId(), newId()];
    for (const [at, id] of runs.entries())
      await stores.admin.query(
        `insert into orchestrator.executions (tenant_id, id, kind, status, domain_id, domain_version, plan_hash, subject_id, input, principal,
          created_by, created_at, rank, completed_at)
         values ($1, $2, 'query', 'completed', 'roads', 1, '', 'qry', '{"secret": 1}', '{}', $3, now(), now(), clock_timestamp())`,
        [tenantId, id, at === 0 ? tenantId : randomUUID()],
      );
    await stores.admin.query(
      `insert into orchestrator.service_health (service, status) values ('agents', 'unhealthy')`,
    );
    await receiver.until(() => receiver.events().length === 7);
    const told = receiver.events();
    expect(told.filter(({ topic }) => topic === 'df.workflow').map(({ value }) => value)).toEqual([
      {
        id: expect.stringContaining(`entries:${entry}:`),
        type: 'task_creation',
        time: expect.stringMatching(/^\d{4}-.*Z$/),
        tenant_id: tenantId,
        entity_type: 'workflow',
        entity_id: 'thing',
        data: { status: 'success', user_id: tenantId, details: { a: 1 } },
      },
      ...runs.map((id) =>
        expect.objectContaining({ type: 'execution_completed', entity_id: `job_${id.replaceAll('-', '')}` }),
      ),
    ]);
    expect(
      told.filter(({ topic }) => topic === 'df.task').map(({ key, value }) => [key, value.type]),
    ).toEqual([[`${tenantId}:${ended}`, 'task_failed']]);
    expect(told.filter(({ topic }) => topic === 'df.agent').map(({ value }) => value.entity_id)).toEqual([
      worker,
    ]);
    expect(
      told
        .filter(({ topic }) => topic === 'df.system')
        .map(({ value }) => value.id)
        .sort(),
    ).toEqual([expect.stringContaining(system), expect.stringMatching(/^services:agents:/)]);
    const text = JSON.stringify(told);
    for (const kept of ['secret', pending]) expect(text).not.toContain(kept);
    expect(receiver.authorizations()).toEqual(new Set(['Bearer secret']));
  });

  it('tells what was committed late, though it bears an earlier time, and nothing twice', async () => {
    await beginAt();
    const late = new pg.Client({ connectionString: stores.urls.admin });
    await late.connect();
    await late.query('begin');
    const lateId = await insertEntry(late, 'task', `clock_timestamp() - interval '20 seconds'`);
    const early = await insertEntry(stores.admin, 'task');
    await receiver.until(() => receiver.ids().some((id) => id.includes(early)));
    await late.query('commit');
    await late.end();
    await receiver.until(() => receiver.ids().some((id) => id.includes(lateId)));
    const last = await insertEntry(stores.admin, 'task');
    await receiver.until(() => receiver.ids().some((id) => id.includes(last)));
    expect(receiver.ids().map((id) => id.split(':')[1])).toEqual([early, lateId, last]);
  });

  it('tells a worker once for each change, not for each sign of life', async () => {
    await beginAt();
    const worker = await insertWorker();
    await receiver.until(() => receiver.ids().length === 1);
    await stores.admin.query('update orchestrator.workers set last_seen = clock_timestamp()');
    await insertEntry(stores.admin, 'task');
    await receiver.until(() => receiver.ids().length === 2);
    await stores.admin.query(
      `update orchestrator.workers set status = 'offline', updated_at = clock_timestamp()`,
    );
    await receiver.until(() => receiver.ids().length === 3);
    const statuses = receiver
      .events()
      .flatMap(({ value }) => (value.entity_id === worker ? [value.data.status] : []));
    expect(statuses).toEqual(['idle', 'offline']);
  });

  it('goes on where it was when the receiver was away, and says meanwhile that it is', async () => {
    const standing = createPostgresExportStandingStore(stores.app);
    await beginAt();
    receiver.answerWith(503);
    const id = await insertEntry(stores.admin, 'task');
    await receiver.until(() => receiver.requests() > 3);
    while ((await standing.standing())?.problem === '') await new Promise(setImmediate);
    expect(await standing.standing()).toMatchObject({
      problem: 'The receiver of events answered 503',
      published: 0,
    });
    receiver.answerWith(200);
    await receiver.until(() => receiver.ids().some((each) => each.includes(id)));
    while ((await standing.standing())?.problem !== '') await new Promise(setImmediate);
    expect(await standing.standing()).toMatchObject({ published: 1, refused: 0 });
  });

  it('sends what is refused for good to the dead letters with the reason, and goes on', async () => {
    await beginAt();
    const [first, bad, last] = [randomUUID(), randomUUID(), randomUUID()];
    receiver.refuse((text) => text.includes(bad));
    await stores.admin.query('begin');
    for (const name of [first, bad, last])
      await stores.admin.query(
        `insert into orchestrator.orchestration_logs (tenant_id, id, operation_type, entity_type, entity_id, status, user_id, duration_ms)
         values ($1, $2, 'task_creation', 'task', $3, 'success', $1, 1)`,
        [tenantId, newId(), name],
      );
    await stores.admin.query('commit');
    await receiver.until(() => receiver.events().length === 3);
    const named = (topic: string) =>
      receiver.events().flatMap((event) => (event.topic === topic ? [event.value.entity_id] : []));
    expect([named('df.task'), named('df.dead_letter')]).toEqual([[first, last], [bad]]);
    const letter = receiver.events().find(({ topic }) => topic === 'df.dead_letter');
    expect(letter?.value.data).toMatchObject({ reason: 'Refused with 422: No', event: { entity_id: bad } });
  });

  it('is done by one replica at a time, and taken over from one that is gone', async () => {
    const stopFirst = await beginAt();
    begin();
    const one = await insertEntry(stores.admin, 'task');
    await receiver.until(() => receiver.ids().length === 1);
    await stopFirst();
    const two = await insertEntry(stores.admin, 'task');
    await receiver.until(() => receiver.ids().some((id) => id.includes(two)));
    // What the first had told may be told again by the second, under the same id.
    expect([...new Set(receiver.ids())].map((id) => id.split(':')[1])).toEqual([one, two]);
  });
});
