// The second lock: what row-level security and grants hold when a statement forgets its tenant.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { newEntry } from '../core/audit.for-test.ts';
import { newDeletion } from '../core/deletion.for-test.ts';
import { newRecord } from '../core/execution-record.for-test.ts';
import { appendOf } from './journal-append.for-test.ts';
import { openTestStores, type TestStores } from './stores.for-test.ts';

const forbidden = { code: '42501' };
const ours = newRecord();
const theirs = newRecord();
let databases: TestDatabases;
let stores: TestStores;
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'isolation');
  const ownerId = await stores.newOwner();
  for (const execution of [ours, theirs]) {
    const { tenantId } = execution;
    const name = {
      tenantId,
      userId: execution.principal.userId,
      route: 'start_ingestion',
      key: 'k',
    } as const;
    await stores.executions.record(execution, ownerId, { name: { ...name, bodyHash: '0'.repeat(64) } });
    const claim = { claim: randomUUID(), leaseMs: 1_000 };
    await stores.deletions.record(newDeletion({ tenantId }), claim, newEntry());
    const asked = {
      type: 'requested',
      nodeId: 'ask',
      taskId: 'task_1',
      domainId: 'city',
      prompt: 'Go on?',
    } as const;
    const approval = { ...asked, roles: ['editor'], requestedAtMs: 1_000, expiresAtMs: 2_000 };
    await stores.engine.append(ownerId, [appendOf(execution, 1, { approvals: [approval] })]);
    const gate = `insert into orchestrator.gates (tenant_id, id, domain_id, head, spec, principal, created_by, created_at, rows_total)
      values ($1, $2, 'city', '{}', '{}', '{}', $3, now(), 1)`;
    await stores.admin.query(gate, [tenantId, randomUUID(), randomUUID()]);
    const answer = `insert into orchestrator.request_answers (tenant_id, user_id, name, body_hash, request_id, claim, claimed_until)
      values ($1, $2, sha256('n'), sha256('b'), $3, $4, now())`;
    await stores.admin.query(answer, [tenantId, randomUUID(), randomUUID(), randomUUID()]);
    const command = `insert into orchestrator.commands (tenant_id, execution_id, id, command) values ($1, $2, $3, '{}')`;
    await stores.admin.query(command, [tenantId, execution.id, randomUUID()]);
    await insertWork(tenantId);
  }
}, 30_000);
afterAll(async () => {
  await stores.close();
  await databases.stop();
});

/** A worker, a workflow with a firing, and a task. */
async function insertWork(tenantId: string): Promise<void> {
  const id = randomUUID();
  const insert = (text: string) => stores.admin.query(`insert into orchestrator.${text}`, [tenantId, id]);
  await insert(`workers (tenant_id, id, type, name, protocol, capabilities, health_check_interval_s, max_concurrent_tasks, created_by)
    values ($1, $2, 'custom', 'worker', 'pull', '{}', 60, 5, $2)`);
  await insert(`workflows (tenant_id, id, name, description, user_id, tasks, task_count, plan_hash, plan, priority, estimated_s, created_by,
      principal) values ($1, $2, 'workflow', '', '', '[]', 1, '', '', 2, 1, $2, '{}')`);
  await insert('workflow_firings (tenant_id, workflow_id, fire_at) values ($1, $2, now())');
  await insert(`tasks (tenant_id, id, scope, node_id, type, name, priority, attempt_timeout_ms, total_timeout_ms, max_retries, status,
      created_by) values ($1, $2, 'task', 'task', 'custom', 'task', 2, 1, 1, 0, 'pending', $2)`);
}

const tables = [
  ...['plans', 'executions', 'execution_events', 'deletions', 'idempotency_keys'],
  ...['approvals', 'commands', 'orchestration_logs', 'gates', 'request_answers'],
  ...['workers', 'workflows', 'workflow_firings', 'tasks'],
];
const everything = (table: string) => ({
  name: 'test.select_all',
  text: `select tenant_id from orchestrator.${table}`,
});
const asUs = (text: string, values: readonly unknown[] = []) =>
  stores.app.tenantTransaction(ours.tenantId, (client) => client.query({ name: 'test', text, values }));

describe('the role that serves requests', () => {
  it.each(tables)('sees its own tenant alone in %s, also without a predicate', async (table) => {
    const { rows } = await stores.app.tenantRead(ours.tenantId, (client) => client.query(everything(table)));
    expect(rows).toEqual([{ tenant_id: ours.tenantId }]);
    const foreign = await stores.app.tenantRead(randomUUID(), (client) => client.query(everything(table)));
    expect(foreign.rows).toEqual([]);
  });

  it.each(tables)('sees nothing of %s while no tenant is set', async (table) => {
    const { rows } = await stores.app.systemTransaction((client) => client.query(everything(table)));
    expect(rows).toEqual([]);
    expect((await stores.app.query(everything(table))).rows).toEqual([]);
  });

  it('records nothing for another tenant', async () => {
    const insertPlan = `insert into orchestrator.plans (tenant_id, hash, plan) values ($1, $2, 'p')`;
    await expect(asUs(insertPlan, [theirs.tenantId, '0'.repeat(64)])).rejects.toMatchObject(forbidden);
    const copy = `insert into orchestrator.executions (tenant_id, id, kind, domain_id, domain_version, plan_hash, subject_id, input,
        principal, created_by, owner_id, created_at)
      select $1, id, kind, domain_id, domain_version, plan_hash, subject_id, input, principal, created_by, owner_id, created_at
      from orchestrator.executions`;
    await expect(asUs(copy, [theirs.tenantId])).rejects.toMatchObject(forbidden);
    const deletion = `insert into orchestrator.deletions (tenant_id, subject_id, kind, principal, next_at)
      values ($1, 'inc_x', 'report', '{}', clock_timestamp())`;
    await expect(asUs(deletion, [theirs.tenantId])).rejects.toMatchObject(forbidden);
    const name = `insert into orchestrator.idempotency_keys (tenant_id, user_id, route, key, body_hash, execution_id, created_at)
      select $1, user_id, route, key, body_hash, execution_id, created_at from orchestrator.idempotency_keys`;
    await expect(asUs(name, [theirs.tenantId])).rejects.toMatchObject(forbidden);
    const command = `insert into orchestrator.commands (tenant_id, execution_id, id, command)
      select $1, execution_id, id, command from orchestrator.commands`;
    await expect(asUs(command, [theirs.tenantId])).rejects.toMatchObject(forbidden);
    const gate = `insert into orchestrator.gates (tenant_id, id, domain_id, head, spec, principal, created_by, created_at, rows_total)
      select $1, id, domain_id, head, spec, principal, created_by, created_at, rows_total from orchestrator.gates`;
    await expect(asUs(gate, [theirs.tenantId])).rejects.toMatchObject(forbidden);
    const answer = `insert into orchestrator.request_answers (tenant_id, user_id, name, body_hash, request_id, claim, claimed_until)
      select $1, user_id, name, body_hash, request_id, claim, claimed_until from orchestrator.request_answers`;
    await expect(asUs(answer, [theirs.tenantId])).rejects.toMatchObject(forbidden);
    const event = `insert into orchestrator.execution_events
      select $1, execution_id, 2, at, payload from orchestrator.execution_events`;
    await expect(asUs(event, [theirs.tenantId])).rejects.toMatchObject(forbidden);
    const worker = `insert into orchestrator.workers (tenant_id, id, type, name, protocol, capabilities, health_check_interval_s,
        max_concurrent_tasks, created_by)
      select $1, id, type, name, protocol, capabilities, health_check_interval_s, max_concurrent_tasks, created_by from orchestrator.workers`;
    await expect(asUs(worker, [theirs.tenantId])).rejects.toMatchObject(forbidden);
    const entry = `insert into orchestrator.orchestration_logs (tenant_id, id, operation_type, entity_type, entity_id, status, user_id, duration_ms)
      select $1, id, operation_type, entity_type, entity_id, status, user_id, duration_ms from orchestrator.orchestration_logs`;
    await expect(asUs(entry, [theirs.tenantId])).rejects.toMatchObject(forbidden);
  });

  it.each([
    [`update orchestrator.executions set status = 'running'`],
    ['delete from orchestrator.executions'],
    [`update orchestrator.plans set plan = 'another'`],
    [`update orchestrator.execution_events set payload = '{}'`],
    ['delete from orchestrator.execution_events'],
    ['select 1 from orchestrator.owners'],
    ['update orchestrator.deletions set passes = 2'],
    ['delete from orchestrator.deletions'],
    ['delete from orchestrator.idempotency_keys'],
    ['delete from orchestrator.request_answers'],
    [`update orchestrator.approvals set status = 'approved'`],
    [`update orchestrator.commands set command = '{}'`],
    ['delete from orchestrator.commands'],
    [`update orchestrator.orchestration_logs set message = ''`],
    ['delete from orchestrator.orchestration_logs'],
    ['truncate orchestrator.orchestration_logs'],
    ['delete from orchestrator.workers'],
    ['delete from orchestrator.workflows'],
    ['delete from orchestrator.workflow_firings'],
    ['delete from orchestrator.tasks'],
    [`update orchestrator.service_health set status = 'healthy'`],
    [`select orchestrator.forget_logs('1 day', 1)`],
    [`update orchestrator.gates set passed = true`],
    ['delete from orchestrator.gates'],
    ['select 1 from orchestrator.gate_runs'],
    ['select 1 from orchestrator.output_cache'],
    ['select 1 from orchestrator.rates'],
    ['select 1 from orchestrator.executions_rest'],
    [`select orchestrator.keep_weeks('1 day')`],
    [`select orchestrator.make_week(now())`],
    [`select orchestrator.forget_plans(orchestrator.first_id_at(now()), now(), 1)`],
  ])('may not: %s', async (text) => {
    await expect(asUs(text)).rejects.toMatchObject(forbidden);
  });
});

describe('the role of the engine', () => {
  it.each([
    ['delete from orchestrator.executions'],
    [`update orchestrator.execution_events set payload = '{}'`],
    ['delete from orchestrator.execution_events'],
    [`update orchestrator.plans set plan = 'another'`],
    ['select 1 from orchestrator.execution_events_rest'],
    ['drop table orchestrator.executions_rest'],
    [`select orchestrator.make_week(now())`],
    [`select orchestrator.forget_plans(orchestrator.first_id_at(now()), now(), 1)`],
    [`update orchestrator.commands set command = '{}'`],
    ['delete from orchestrator.orchestration_logs'],
    [`update orchestrator.orchestration_logs set message = ''`],
    ['select answer from orchestrator.request_answers'],
    [`update orchestrator.request_answers set answer = 'x'`],
  ])('may not change what is recorded: %s', async (text) => {
    await expect(stores.enginePool.query({ name: 'test', text })).rejects.toMatchObject(forbidden);
  });

  it('may leave entries for the tenant of its transaction alone', async () => {
    const text = `insert into orchestrator.orchestration_logs (tenant_id, id, operation_type, entity_type, entity_id, status, user_id, duration_ms)
      values ($1, $2, 'workflow_execution', 'workflow', 'w', 'success', $2, 0)`;
    const leave = (tenantId: string) =>
      stores.enginePool.tenantTransaction(ours.tenantId, (client) =>
        client.query({ name: 'test', text, values: [tenantId, randomUUID()] }),
      );
    await expect(leave(theirs.tenantId)).rejects.toMatchObject(forbidden);
    await leave(ours.tenantId);
  });
});

describe('every table that holds tenants', () => {
  it('has row-level security that binds its owner too', async () => {
    const { rows } =
      await stores.admin.query(`select c.relname, c.relrowsecurity and c.relforcerowsecurity as locked
      from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
      where c.relnamespace = 'orchestrator'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition order by 1`);
    const all = [...tables, 'output_cache', 'gate_runs', 'rates'].toSorted();
    expect(rows).toEqual(all.map((relname) => ({ relname, locked: true })));
  });

  it('has no part that anybody may touch but through it', async () => {
    const { rows } = await stores.admin.query(`select count(*)::int as parts,
        count(*) filter (where relacl is not null)::int as granted from pg_class
      where relnamespace = 'orchestrator'::regnamespace and relkind = 'r' and relispartition`);
    expect(rows).toEqual([{ parts: 8, granted: 0 }]);
  });
});
