// Weeks of executions on a real database: made ahead, dropped when they are over, and nothing that still runs goes with them.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import { appendOf, completed, running } from './journal-append.for-test.ts';
import { openTestStores, type TestStores } from './stores.for-test.ts';
import { keptDays, type TestWeeks, testWeeks } from './weeks.for-test.ts';

let databases: TestDatabases;
let stores: TestStores;
let ownerId: string;
let week: TestWeeks;
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'weeks');
  ownerId = await stores.newOwner();
  week = testWeeks(stores, () => ownerId);
}, 30_000);
beforeEach(() => week.clear());
afterAll(async () => {
  await stores.close();
  await databases.stop();
});

async function weeks(): Promise<string[]> {
  const { rows } = await stores.admin.query<{ week: string }>(
    `select substring(relname from '[0-9]{8}$') as week from pg_class
     where relnamespace = 'orchestrator'::regnamespace and relname ~ '^executions_[0-9]{8}$' and relkind = 'r' order by 1`,
  );
  return rows.map(({ week }) => week);
}

const read = ({ tenantId, id }: ExecutionRecord) => stores.executions.read(tenantId, id);
const journalOf = ({ tenantId, id }: ExecutionRecord) => stores.executions.readJournal(tenantId, id);

describe('keeping weeks', () => {
  it('makes this week and two to come, once', async () => {
    for (const each of await weeks()) {
      await stores.admin.query(
        `drop table orchestrator.executions_${each}, orchestrator.execution_events_${each}`,
      );
    }
    expect(await stores.engine.keepWeeks(keptDays)).toEqual([]);
    const made = await weeks();
    expect(made).toEqual([await week.make(0), await week.make(-7), await week.make(-14)]);
    await stores.engine.keepWeeks(keptDays);
    expect(await weeks()).toEqual(made);
  });

  it('drops weeks that ended longer ago than is kept with what ended in them, and no others', async () => {
    const [old, young] = [await week.make(keptDays + 8), await week.make(keptDays - 1)];
    const [gone, kept] = [await week.record(keptDays + 8), await week.record(keptDays - 1)];
    expect(await week.partsOf(gone)).toEqual([`executions_${old}`, `execution_events_${old}`]);
    expect(await stores.engine.keepWeeks(keptDays)).toEqual([old]);
    expect(await read(gone)).toBeUndefined();
    expect(await journalOf(gone)).toEqual([]);
    expect(await read(kept)).toMatchObject({ status: 'completed' });
    expect(await weeks()).toContain(young);
    expect(await weeks()).not.toContain(old);
  });

  it('drops one week in each statement, the oldest first, until none is left', async () => {
    const days = [keptDays + 8, keptDays + 15, keptDays + 22];
    const [younger, older, oldest] = [
      await week.make(days[0] ?? 0),
      await week.make(days[1] ?? 0),
      await week.make(days[2] ?? 0),
    ];
    expect(await week.step()).toEqual([oldest]);
    expect(await stores.engine.keepWeeks(keptDays)).toEqual([older, younger]);
    expect(await week.step()).toEqual([]);
  });

  it('keeps what has not finished in them, with its journal, until it has been over for long enough', async () => {
    const old = await week.make(keptDays + 8);
    const record = await week.record(keptDays + 8, running);
    expect(await stores.engine.keepWeeks(keptDays)).toEqual([old]);
    expect(await week.partsOf(record)).toEqual(['executions_past', 'execution_events_past']);
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
    const record = await week.record(-70, running);
    expect(await week.partsOf(record)).toEqual(['executions_rest', 'execution_events_rest']);
    const made = await week.make(-70);
    expect(await week.partsOf(record)).toEqual([`executions_${made}`, `execution_events_${made}`]);
    expect(await journalOf(record)).toHaveLength(1);
    await stores.engine.append(ownerId, [
      appendOf(record, 2, { change: { ...completed, completedAtMs: Date.now() } }),
    ]);
    expect(await read(record)).toMatchObject({ status: 'completed' });
    const { rows } = await stores.admin.query<{ indexes: number }>(
      `select count(*)::int as indexes from pg_indexes where tablename in ($1, 'executions_rest') group by tablename`,
      [`executions_${made}`],
    );
    expect(new Set(rows.map(({ indexes }) => indexes)).size).toBe(1);
  });

  it('is not told to keep less than a day', async () => {
    await expect(stores.engine.keepWeeks(0)).rejects.toMatchObject({ code: 'P0001' });
  });
});
