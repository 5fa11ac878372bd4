// What hangs on runs goes when they are gone, and never before: plans, approvals, commands, owners.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { newRecord } from '../core/execution-record.for-test.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import { appendOf, running } from './journal-append.for-test.ts';
import { createPostgresJournalStore } from './postgres-journal-store.ts';
import { openTestStores, type TestStores } from './stores.for-test.ts';
import { idOf, keptDays, type TestWeeks, testWeeks } from './weeks.for-test.ts';

const daysAgo = keptDays + 8;

let databases: TestDatabases;
let stores: TestStores;
let ownerId: string;
let week: TestWeeks;
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'named');
  ownerId = await stores.newOwner();
  week = testWeeks(stores, () => ownerId);
}, 30_000);
beforeEach(async () => {
  await week.clear();
  await stores.admin.query('truncate orchestrator.plans, orchestrator.approvals, orchestrator.commands');
});
afterAll(async () => {
  await stores.close();
  await databases.stop();
});

const keep = () => stores.engine.keepWeeks(keptDays);
/** Says of every plan that no start has named it for as long. */
const age = (interval: string) =>
  stores.admin.query('update orchestrator.plans set used_at = clock_timestamp() - $1::interval', [interval]);
async function hasPlan({ tenantId, plan }: ExecutionRecord): Promise<boolean> {
  const text = 'select 1 from orchestrator.plans where tenant_id = $1 and hash = $2';
  return (await stores.admin.query(text, [tenantId, plan.hash])).rows.length > 0;
}
const record = (execution: ExecutionRecord) => stores.executions.record(execution, ownerId);
const isThere = async ({ tenantId, id }: ExecutionRecord) =>
  (await stores.executions.read(tenantId, id)) !== undefined;

describe('a plan', () => {
  it('goes when no execution of its tenant names it any more', async () => {
    await week.make(daysAgo);
    const [gone, left] = [await week.record(daysAgo), await week.record(daysAgo, running)];
    const young = newRecord();
    await record(young);
    await age('39 days');
    await stores.admin.query(
      'update orchestrator.plans set used_at = clock_timestamp() where tenant_id = $1',
      [young.tenantId],
    );
    await keep();
    expect(await hasPlan(gone)).toBe(false);
    expect(await hasPlan(left)).toBe(true);
    expect(await hasPlan(young)).toBe(true);
    expect(await isThere(left)).toBe(true);
  });

  it('goes with many others in bounded steps, whatever still names those before it', async () => {
    await week.make(daysAgo);
    const left = await week.record(daysAgo, running);
    await keep();
    await stores.admin.query(
      `insert into orchestrator.plans (tenant_id, hash, plan)
       select gen_random_uuid(), encode(sha256(convert_to(n::text, 'UTF8')), 'hex'), '{}' from generate_series(1, 1200) n`,
    );
    await age('39 days');
    expect(await week.step()).toEqual([null]);
    const count = 'select count(*)::int as count from orchestrator.plans';
    const { rows } = await stores.admin.query<{ count: number }>(count);
    expect(rows[0]?.count).toBeGreaterThanOrEqual(701);
    await keep();
    expect((await stores.admin.query(count)).rows).toEqual([{ count: 1 }]);
    expect(await hasPlan(left)).toBe(true);
  });

  it('is stored anew by a start that finds it being removed', async () => {
    const { tenantId } = newRecord();
    for (const start of [record, (execution: ExecutionRecord) => appendNew(execution)]) {
      const first = newRecord({ tenantId });
      await record(first);
      await week.clear();
      await age('39 days');
      await stores.admin.query('begin');
      await stores.admin.query('select 1 from orchestrator.plans for update');
      const next = newRecord({ tenantId });
      const started = start(next);
      await stores.untilBlocked(1);
      await stores.admin.query(`select orchestrator.keep_weeks('30 days')`);
      expect(await hasPlan(first)).toBe(false);
      await stores.admin.query('commit');
      await started;
      expect(await hasPlan(next)).toBe(true);
      expect(await isThere(next)).toBe(true);
    }
  });

  it('is not removed while a start that names it is under way', async () => {
    const first = newRecord();
    await record(first);
    await week.clear();
    await age('39 days');
    const next = newRecord({ tenantId: first.tenantId });
    const { admin } = stores;
    await admin.query('begin');
    await admin.query('lock table orchestrator.executions in share mode');
    const started = record(next);
    await stores.untilBlocked(1);
    const text = `select orchestrator.forget_plans(orchestrator.first_id_at(now()), now() - interval '30 days', 500)`;
    expect((await admin.query(text)).rows).toEqual([{ forget_plans: 0 }]);
    await admin.query('commit');
    await started;
    expect(await isThere(next)).toBe(true);
  });

  it('is said to be in use by a process that has stored it before, every half hour', async () => {
    let nowMs = 0;
    const journal = createPostgresJournalStore(stores.enginePool, () => nowMs);
    const { tenantId } = newRecord();
    const next = async (): Promise<boolean> => {
      const execution = newRecord({ tenantId });
      await journal.append(ownerId, [appendOf(execution, 1, { record: execution })]);
      const text = `select used_at > clock_timestamp() - interval '1 hour' as used from orchestrator.plans where tenant_id = $1`;
      return (await stores.admin.query<{ used: boolean }>(text, [tenantId])).rows[0]?.used ?? false;
    };
    expect(await next()).toBe(true);
    await age('2 hours');
    nowMs = 1_799_999;
    expect(await next()).toBe(false);
    nowMs = 1_800_000;
    expect(await next()).toBe(true);
  });

  async function appendNew(execution: ExecutionRecord): Promise<void> {
    await stores.engine.append(ownerId, [appendOf(execution, 1, { record: execution })]);
  }
});

describe('what was asked of people and of runs', () => {
  it('stays as long as its run, and goes with it', async () => {
    await week.make(daysAgo);
    const [gone, left] = [await week.record(daysAgo), await week.record(daysAgo, running)];
    const young = newRecord();
    await record(young);
    const { admin } = stores;
    for (const { tenantId, id } of [gone, left, young]) {
      await admin.query(
        `insert into orchestrator.approvals (tenant_id, execution_id, node_id, task_id, domain_id, prompt, roles, status, requested_at, expires_at)
         values ($1, $2, 'ask', 'task_1', 'city', 'Go on?', '{editor}', 'approved', now() - interval '38 days', now() - interval '37 days')`,
        [tenantId, id],
      );
      await admin.query(
        `insert into orchestrator.commands (tenant_id, execution_id, id, command, created_at)
         values ($1, $2, $3, '{}', now() - interval '2 days')`,
        [tenantId, id, randomUUID()],
      );
    }
    await keep();
    for (const table of ['approvals', 'commands']) {
      const { rows } = await admin.query<{ id: string }>(
        `select execution_id as id from orchestrator.${table} order by 1`,
      );
      expect(rows.map(({ id }) => id)).toEqual([left.id, young.id]);
    }
  });

  it('goes in bounded steps', async () => {
    await stores.admin.query(
      `insert into orchestrator.approvals (tenant_id, execution_id, node_id, task_id, domain_id, prompt, roles, status, requested_at, expires_at)
       select gen_random_uuid(), $1, n::text, 'task_1', 'city', 'Go on?', '{editor}', 'approved', now(), now() from generate_series(1, 1500) n`,
      [idOf(daysAgo)],
    );
    const count = async () =>
      (await stores.admin.query('select count(*)::int as count from orchestrator.approvals')).rows;
    expect(await week.step()).toEqual([null]);
    expect(await count()).toEqual([{ count: 500 }]);
    expect(await week.step()).toEqual([]);
    expect(await count()).toEqual([{ count: 0 }]);
  });
});

describe('an owner', () => {
  it('is forgotten when nothing has been looked for under it for as long as runs are kept', async () => {
    const [living, cleared, old] = [
      await stores.newOwner(),
      await stores.newOwner(),
      await stores.newOwner(),
    ];
    for (const [id, days] of [
      [cleared, 29],
      [old, 31],
    ] as const) {
      await stores.admin.query(
        `update orchestrator.owners set ended_at = now() - $2::interval, cleared_at = now() - $2::interval where owner_id = $1`,
        [id, `${days} days`],
      );
    }
    await keep();
    const { rows } = await stores.admin.query<{ id: string }>(
      'select owner_id as id from orchestrator.owners where owner_id = any($1)',
      [[living, cleared, old]],
    );
    expect(rows.map(({ id }) => id).toSorted()).toEqual([living, cleared].toSorted());
  });
});
