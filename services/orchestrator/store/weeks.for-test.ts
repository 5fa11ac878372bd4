// Weeks of executions that are over, for tests: made long ago, with runs that ended in them and runs that did not.
import { randomUUID } from 'node:crypto';
import { newRecord } from '../core/execution-record.for-test.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import { appendOf, completed } from './journal-append.for-test.ts';
import type { RowChange } from './store.ts';
import type { TestStores } from './stores.for-test.ts';

const dayMs = 86_400_000;
/** How long runs are kept in these tests. */
export const keptDays = 30;

/** An id as it was made so many days ago. */
export function idOf(daysAgo: number): string {
  const time = (Date.now() - daysAgo * dayMs).toString(16).padStart(12, '0');
  return randomUUID().replace(/^.{13}/, `${time.slice(0, 8)}-${time.slice(8)}`);
}

/** What tests of weeks do to a database. */
export interface TestWeeks {
  /** Empties it of runs, and of the part of what was before the oldest week. */
  clear(): Promise<void>;
  /** Makes the week of so many days ago and answers its name. */
  make(daysAgo: number): Promise<string>;
  /** A recorded execution of some days ago with a journal of one event; unless it is told how it goes on, it has ended then. */
  record(daysAgo: number, change?: RowChange, record?: Partial<ExecutionRecord>): Promise<ExecutionRecord>;
  /** The parts that hold the execution and its journal. */
  partsOf(record: ExecutionRecord): Promise<string[]>;
  /** One step of keeping: see `orchestrator.keep_weeks`. */
  step(): Promise<(string | null)[]>;
}

/** Over stores whose runs belong to this owner. */
export function testWeeks(stores: TestStores, ownerId: () => string): TestWeeks {
  const { admin, executions, engine, enginePool } = stores;
  return {
    async clear() {
      await admin.query(
        'drop table if exists orchestrator.executions_past, orchestrator.execution_events_past',
      );
      await admin.query('truncate orchestrator.executions, orchestrator.execution_events');
    },
    async make(daysAgo) {
      const { rows } = await admin.query<{ week: string }>(
        `select orchestrator.make_week(at), to_char(date_trunc('week', at, 'UTC') at time zone 'UTC', 'YYYYMMDD') as week
         from (select clock_timestamp() - make_interval(days => $1)) as time (at)`,
        [daysAgo],
      );
      return rows[0]?.week ?? '';
    },
    async record(daysAgo, change, changes) {
      const record = newRecord({
        ...{ id: idOf(daysAgo), createdAtMs: Date.now() - daysAgo * dayMs },
        ...changes,
      });
      await executions.record(record, ownerId());
      const ended = { ...completed, completedAtMs: record.createdAtMs + 1_000 };
      await engine.append(ownerId(), [appendOf(record, 1, { change: change ?? ended })]);
      return record;
    },
    async partsOf({ id }) {
      const { rows } = await admin.query<{ part: string }>(
        `select tableoid::regclass::text as part from orchestrator.executions where id = $1
         union all select tableoid::regclass::text from orchestrator.execution_events where execution_id = $1`,
        [id],
      );
      return rows.map(({ part }) => part.replace('orchestrator.', ''));
    },
    async step() {
      const text = 'select orchestrator.keep_weeks(make_interval(days => $1)) as week';
      const { rows } = await enginePool.query<{ week: string | null }>({
        name: 'test',
        text,
        values: [keptDays],
      });
      return rows.map(({ week }) => week);
    },
  };
}
