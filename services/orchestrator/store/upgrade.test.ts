// Upgrades of a database that holds executions: rows and journals of earlier versions survive, and what had not finished is run to its end.
// The administrator is no superuser, as on a managed server.
import { randomUUID } from 'node:crypto';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { migrate } from '../../../foundation/postgres/migrations.ts';
import { ensureRole } from '../../../foundation/postgres/roles.ts';
import { type OwnTestDatabases, startOwnTestDatabases } from '../../../local/databases/test-databases.ts';
import { newRecord } from '../core/execution-record.for-test.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import { answered, beginTestEngine, type TestEngine } from '../engine/engine.for-test.ts';
import { planMessageOf } from '../engine/pinned-plan.for-test.ts';
import { pinPlan } from '../engine/pinned-plan.ts';
import { watchJournal } from './journal-watch.for-test.ts';
import { createPostgresExecutionStore } from './postgres-execution-store.ts';
import { appRole, engineRole, prepareOrchestratorDatabase } from './schema.ts';
import { openTestPool, type TestUrls } from './stores.for-test.ts';
import { idOf } from './weeks.for-test.ts';

const password = 'for-tests';
const earlier = ['0001_executions.sql', '0002_deletions_and_request_names.sql'];
const answer = {
  output: { answer: 'then' },
  reasoning: '',
  confidence: 1,
  references: [],
  spans: {},
  runtime: 'builtin',
};
const outcome = { succeeded: true, partial: false, reason: '', error: '' };
const plan = pinPlan(planMessageOf({ first: [], second: ['first'], third: ['second'] }));
const [unfinished, finished] = [
  newRecord({ plan }),
  newRecord({ plan, id: idOf(100), createdAtMs: Date.now() - 100 * 86_400_000 }),
];
const oldOwner = randomUUID();

/** Payloads as earlier versions wrote them: one event in each row. */
const unfinishedEvents = [
  { type: 'started' },
  { type: 'task_started', nodeId: 'first', attempt: 1 },
  { type: 'task_succeeded', nodeId: 'first', attempt: 1, answer, durationMs: 5 },
  { type: 'task_started', nodeId: 'second', attempt: 1 },
  {
    ...{ type: 'retry_scheduled', nodeId: 'second', attempt: 1, durationMs: 5, dueMs: 1_000 },
    fault: { code: 'tool_error', message: 'Away' },
  },
];
const finishedEvents = [
  { type: 'started' },
  { type: 'finishing', outcome },
  { type: 'ended', status: 'completed' },
];

let databases: OwnTestDatabases;
let urls: TestUrls;
let superUrl: string;
let superuser: pg.Client;
let engine: TestEngine | undefined;

async function insert(record: ExecutionRecord, events: readonly object[], ended: boolean): Promise<void> {
  const { tenantId, id, kind, domainId, domainVersion, subjectId, input, principal, createdAtMs } = record;
  await superuser.query('insert into orchestrator.plans (tenant_id, hash, plan) values ($1, $2, $3)', [
    ...[tenantId, record.plan.hash, record.plan.text],
  ]);
  await superuser.query(
    `insert into orchestrator.executions (tenant_id, id, kind, status, domain_id, domain_version, plan_hash, subject_id, input, principal,
      created_by, owner_id, created_at, completed_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
    [
      ...[
        tenantId,
        id,
        kind,
        ended ? 'completed' : 'running',
        domainId,
        domainVersion,
        record.plan.hash,
        subjectId,
      ],
      ...[
        JSON.stringify(input),
        JSON.stringify(principal),
        principal.userId,
        oldOwner,
        new Date(createdAtMs),
      ],
      ended ? new Date(createdAtMs + 1_000) : null,
    ],
  );
  for (const [at, event] of events.entries()) {
    await superuser.query('insert into orchestrator.execution_events values ($1, $2, $3, $4, $5)', [
      ...[tenantId, id, at + 1, new Date(), JSON.stringify(event)],
    ]);
  }
}

beforeAll(async () => {
  databases = await startOwnTestDatabases();
  superUrl = await databases.createDatabase('upgrade');
  superuser = new pg.Client({ connectionString: superUrl });
  await superuser.connect();
  await superuser.query(`create role administrator login createrole password '${password}'`);
  await superuser.query('grant create on database upgrade to administrator');
  const as = (username: string) => Object.assign(new URL(superUrl), { username, password }).toString();
  urls = { admin: as('administrator'), app: as(appRole), engine: as(engineRole) };

  const directory = await mkdtemp(join(tmpdir(), 'migrations-'));
  const migrations = join(import.meta.dirname, 'migrations');
  for (const name of earlier) await copyFile(join(migrations, name), join(directory, name));
  for (const role of [appRole, engineRole]) {
    await ensureRole({ adminUrl: urls.admin, role, password, schema: 'orchestrator' });
  }
  expect(await migrate({ url: urls.admin, schema: 'orchestrator', directory })).toEqual(earlier);
  await rm(directory, { recursive: true });
  await superuser.query(
    'insert into orchestrator.owners (owner_id, replica_name, address) values ($1, $2, $3)',
    [...[oldOwner, 'replica-0', '127.0.0.1:1']],
  );
  await insert(unfinished, unfinishedEvents, false);
  await insert(finished, finishedEvents, true);
  await prepareOrchestratorDatabase({
    adminUrl: urls.admin,
    appPassword: password,
    enginePassword: password,
  });
}, 30_000);
afterAll(async () => {
  await engine?.close();
  await superuser.end();
  await databases.stop();
});

describe('executions of an earlier version', () => {
  it('are read as before, with journals in which each event has its number', async () => {
    const pool = openTestPool(urls.app);
    const { read, readJournal } = createPostgresExecutionStore(pool);
    const { tenantId, id } = finished;
    expect(await read(tenantId, id)).toMatchObject({ ...finished, status: 'completed', isParked: false });
    const journal = await readJournal(tenantId, id);
    expect(journal.map(({ seq, event }) => ({ seq, event }))).toEqual(
      finishedEvents.map((event, at) => ({ seq: at + 1, event })),
    );
    await pool.close();
  });

  it('are taken up where they were, and end', async () => {
    const watch = await watchJournal(superUrl);
    const attempts: [string, number, boolean][] = [];
    engine = await beginTestEngine(urls, {
      invoke: async ({ agent, attempt, repeated }) => {
        attempts.push([agent.agentId, attempt, repeated]);
        return answered('now');
      },
    });
    await watch.seen(unfinished, 'ended');
    await watch.close();
    expect(attempts).toEqual([
      ['second', 2, false],
      ['third', 1, false],
    ]);
    const [end] = engine.applied;
    expect(end?.state.tasks.map(({ answer: given }) => given?.output.answer)).toEqual(['then', 'now', 'now']);
  });

  it('go with what hangs on them, although the tables bind their own administrator too', async () => {
    const { rows: before } = await superuser.query('select tenant_id from orchestrator.plans');
    expect(before).toHaveLength(2);
    await superuser.query(`insert into orchestrator.approvals (tenant_id, execution_id, node_id, task_id, domain_id, prompt, roles, status,
        requested_at, expires_at)
      select tenant_id, id, 'ask', 'task_1', 'city', 'Go on?', '{editor}', 'approved', '2020-01-01', '2020-01-02'
      from orchestrator.executions`);
    await superuser.query(`update orchestrator.plans set used_at = '2020-01-01' where tenant_id = $1`, [
      finished.tenantId,
    ]);
    const pool = openTestPool(urls.engine);
    const keep = async () =>
      (await pool.query({ name: 'test', text: `select orchestrator.keep_weeks('60 days')` })).rows.length;
    for (let steps = 1; steps > 0; ) steps = await keep();
    await pool.close();
    for (const table of ['executions', 'plans', 'approvals']) {
      const { rows } = await superuser.query(`select tenant_id from orchestrator.${table}`);
      expect(rows).toEqual([{ tenant_id: unfinished.tenantId }]);
    }
  });
});
