// Weeks of executions on a real database: made ahead, dropped when they are over, and nothing that still runs goes with them.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { newRecord } from '../core/execution-record.for-test.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import { appendOf, completed, running } from './journal-append.for-test.ts';
import { openTestPool, openTestStores, type TestStores } from './stores.for-test.ts';

const dayMs = 86_400_000;
const keptDays = 30;

let databases: TestDatabases;
let stores: TestStores;
let ownerId: string;
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'weeks');
  ownerId = await stores.newOwner();
}, 30_000);
beforeEach(async () => {
  await stores.admin.query('truncate orchestrator.executions, orchestrator.execution_events');
});
afterAll(async () => {
  await stores.close();
  await databases.stop();
});

/** An id as it was made so many days ago. */
function idOf(daysAgo: number): string {
  const time = (Date.now() - daysAgo * dayMs).toString(16).padStart(12, '0');
  return randomUUID().replace(/^.{13}/, `${time.slice(0, 8)}-${time.slice(8)}`);
}

/** A recorded execution of some days ago with a journal of one event. */
async function recordOf(daysAgo: number, hasEnded: boolean): Promise<ExecutionRecord> {
  const record = newRecord({ id: idOf(daysAgo), createdAtMs: Date.now() - daysAgo * dayMs });
  await stores.executions.record(record, ownerId);
  const change = hasEnded ? { ...completed, completedAtMs: record.createdAtMs + 1_000 } : running;
  await stores.engine.append(ownerId, [appendOf(record, 1, { change })]);
  return record;
}

async function makeWeek(daysAgo: number): Promise<string> {
  const { rows } = await stores.admin.query<{ week: string }>(
    `select orchestrator.make_week(at), to_char(date_trunc('week', at, 'UTC') at time zone 'UTC', 'YYYYMMDD') as week
     from (select clock_timestamp() - make_interval(days => $1)) as time (at)`,
    [daysAgo],
  );
  return rows[0]?.week ?? '';
}

async function weeks(): Promise<string[]> {
  const { rows } = await stores.admin.query<{ week: string }>(
    `select substring(relname from '[0-9]{8}$') as week from pg_class
     where relnamespace = 'orchestrator'::regnamespace and relname ~ '^executions_[0-9]{8}$' and relkind = 'r' order by 1`,
  );
  return rows.map(({ week }) => week);
}

async function partOf({ id }: ExecutionRecord): Promise<string[]> {
  const { rows } = await stores.admin.query<{ part: string }>(
    `select tableoid::regclass::text as part from orchestrator.executions where id = $1
     union all select tableoid::regclass::text from orchestrator.execution_events where execution_id = $1`,
    [id],
  );
  return rows.map(({ part }) => part.replace('orchestrator.', ''));
}

const read = ({ tenantId, id }: ExecutionRecord) => stores.executions.read(tenantId, id);
const journalOf = ({ tenantId, id }: ExecutionRecord) => stores.executions.readJournal(tenantId, id);

describe('keeping weeks', () => {
  it('makes this week and two to come, once', async () => {
    for (const week of await weeks()) {
      await stores.admin.query(
        `drop table orchestrator.executions_${week}, orchestrator.execution_events_${week}`,
      );
    }
    expect(await stores.engine.keepWeeks(keptDays)).toEqual([]);
    const made = await weeks();
    expect(made).toEqual([await makeWeek(0), await makeWeek(-7), await makeWeek(-14)]);
    await stores.engine.keepWeeks(keptDays);
    expect(await weeks()).toEqual(made);
  });

  it('drops weeks that ended longer ago than is kept with what ended in them, and no others', async () => {
    const [old, young] = [await makeWeek(keptDays + 8), await makeWeek(keptDays - 1)];
    const [gone, kept] = [await recordOf(keptDays + 8, true), await recordOf(keptDays - 1, true)];
    expect(await partOf(gone)).toEqual([`executions_${old}`, `execution_events_${old}`]);
    expect(await stores.engine.keepWeeks(keptDays)).toEqual([old]);
    expect(await read(gone)).toBeUndefined();
    expect(await journalOf(gone)).toEqual([]);
    expect(await read(kept)).toMatchObject({ status: 'completed' });
    expect(await weeks()).toContain(young);
    expect(await weeks()).not.toContain(old);
  });

  it('drops one week in each statement, the oldest first, until none is left', async () => {
    const [younger, older] = [await makeWeek(keptDays + 8), await makeWeek(keptDays + 15)];
    const text = 'select orchestrator.keep_weeks(make_interval(days => 30)) as week';
    expect((await stores.enginePool.query({ name: 'test', text })).rows).toEqual([{ week: older }]);
    const oldest = await makeWeek(keptDays + 22);
    expect(await stores.engine.keepWeeks(keptDays)).toEqual([oldest, younger]);
  });

  it('keeps what has not finished in them, with its journal, until it has been over for long enough', async () => {
    const old = await makeWeek(keptDays + 8);
    const record = await recordOf(keptDays + 8, false);
    expect(await stores.engine.keepWeeks(keptDays)).toEqual([old]);
    expect(await partOf(record)).toEqual(['executions_rest', 'execution_events_rest']);
    expect(await read(record)).toMatchObject({ status: 'running' });
    const owned = await stores.engine.load(ownerId, [record]);
    expect(owned.map(({ entries }) => entries.length)).toEqual([1]);

    const ended = { ...completed, completedAtMs: Date.now() };
    expect(await stores.engine.append(ownerId, [appendOf(record, 2, { change: ended })])).toBe('appended');
    await stores.engine.keepWeeks(keptDays);
    expect(await journalOf(record)).toHaveLength(2);
    await stores.admin.query(
      `update orchestrator.executions set completed_at = completed_at - interval '31 days'`,
    );
    await stores.engine.keepWeeks(keptDays);
    expect(await read(record)).toBeUndefined();
    expect(await journalOf(record)).toEqual([]);
  });

  it('makes a week for which executions have been recorded already, and moves them into it', async () => {
    const record = await recordOf(-70, false);
    expect(await partOf(record)).toEqual(['executions_rest', 'execution_events_rest']);
    const week = await makeWeek(-70);
    expect(await partOf(record)).toEqual([`executions_${week}`, `execution_events_${week}`]);
    expect(await journalOf(record)).toHaveLength(1);
    await stores.engine.append(ownerId, [
      appendOf(record, 2, { change: { ...completed, completedAtMs: Date.now() } }),
    ]);
    expect(await read(record)).toMatchObject({ status: 'completed' });
    const { rows } = await stores.admin.query<{ indexes: number }>(
      `select count(*)::int as indexes from pg_indexes where tablename in ($1, 'executions_rest') group by tablename`,
      [`executions_${week}`],
    );
    expect(new Set(rows.map(({ indexes }) => indexes)).size).toBe(1);
  });

  it('is safe to race with itself and with what is being written', async () => {
    const old = await makeWeek(keptDays + 8);
    const records = await Promise.all(Array.from({ length: 8 }, () => recordOf(keptDays + 8, false)));
    const pools = Array.from({ length: 4 }, () => openTestPool(stores.urls.engine));
    const appends = async (): Promise<void> => {
      for (let seq = 2; seq <= 20; seq += 1) {
        expect(
          await stores.engine.append(
            ownerId,
            records.map((record) => appendOf(record, seq)),
          ),
        ).toBe('appended');
      }
    };
    const keep = pools.map(async (pool) => {
      const text = 'select orchestrator.keep_weeks(make_interval(days => 30)) as week';
      return (await pool.query<{ week: string }>({ name: 'test', text })).rows.map(({ week }) => week);
    });
    const [, ...dropped] = await Promise.all([appends(), ...keep]);
    await Promise.all(pools.map((pool) => pool.close()));
    expect(dropped.flat()).toEqual([old]);
    for (const record of records) {
      expect((await journalOf(record)).map(({ seq }) => seq)).toEqual(
        Array.from({ length: 20 }, (_, at) => at + 1),
      );
    }
  });

  it('forgets decided approvals and old commands, and keeps those that wait', async () => {
    await stores.admin.query(`insert into orchestrator.approvals (tenant_id, execution_id, node_id, task_id, domain_id, prompt, roles, status,
        requested_at, expires_at)
      select gen_random_uuid(), gen_random_uuid(), 'ask', 'task_1', 'city', 'Go on?', '{editor}', status, clock_timestamp() - age, clock_timestamp()
      from unnest(array['approved', 'waiting', 'rejected'], array['31 days', '31 days', '29 days']::interval[]) as a (status, age)`);
    await stores.admin.query(`insert into orchestrator.commands (tenant_id, execution_id, id, command, created_at)
      select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), word, clock_timestamp() - age
      from unnest(array['old', 'young'], array['25 hours', '23 hours']::interval[]) as c (word, age)`);
    await stores.engine.keepWeeks(keptDays);
    const left = await stores.admin.query(
      'select status as word from orchestrator.approvals union all select command from orchestrator.commands',
    );
    expect(left.rows.map(({ word }) => word).toSorted()).toEqual(['rejected', 'waiting', 'young']);
  });

  it('is not told to keep less than a day', async () => {
    await expect(stores.engine.keepWeeks(0)).rejects.toMatchObject({ code: 'P0001' });
  });
});
