// What watchers read, on PostgreSQL: journals of many runs in one statement, and which runs a person has started. It always reads where
// writes go, since a replica that lags behind would show gaps.
import { idTimeMs } from '../../../foundation/ids/ids.ts';
import { int4Array, textArray, uuidArray } from '../../../foundation/postgres/binary-array.ts';
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import type { JournalEntry } from '../core/journal-event.ts';
import type {
  JournalPosition,
  JournalRead,
  MovedRun,
  NewsScope,
  ScopedRun,
  WatchScope,
} from '../core/watch-reads.ts';
import { type ExecutionRow, entriesOf, executionColumns, executionOf } from './execution-row.ts';
import type { WatchStore } from './store.ts';

const selectExecution = `select ${executionColumns} from orchestrator.executions x
  join orchestrator.plans p on p.tenant_id = x.tenant_id and p.hash = x.plan_hash
  where x.tenant_id = $1 and x.id = $2`;

// A row holds the events of one decision under the number of the first. Who stands between two rows goes on with the next one; who may stand
// inside a row begins with that.
const selectJournals = `select k.place, x.owner_id, o.address, x.completed_at is not null as ended, e.seq, e.at, e.payload, e.bytes
  from unnest($1::uuid[], $2::uuid[], $3::integer[], $4::integer[]) as k (tenant_id, id, after, place)
  join orchestrator.executions x on x.tenant_id = k.tenant_id and x.id = k.id
  left join orchestrator.owners o on o.owner_id = x.owner_id and o.ended_at is null
  left join lateral (
    select n.seq, n.at, n.payload, n.bytes from (
      select m.seq, m.at, m.payload, sum(octet_length(m.payload)) over (order by m.seq) as bytes, octet_length(m.payload) as own
      from (
        select v.seq, v.at, v.payload from orchestrator.execution_events v
        where v.tenant_id = k.tenant_id and v.execution_id = k.id and v.seq >= case when k.after < 0 then coalesce((
            select b.seq from orchestrator.execution_events b
            where b.tenant_id = k.tenant_id and b.execution_id = k.id and b.seq <= -k.after order by b.seq desc limit 1
          ), 0) else k.after + 1 end
        order by v.seq limit $5
      ) m
    ) n where n.bytes - n.own < $6
  ) e on true
  order by k.place, e.seq`;

const matches = `x.tenant_id = k.tenant_id and x.created_by = k.created_by and (k.session_id is null or x.session_id = k.session_id)`;

// The least id of all scopes stands by itself, so that the plan is made for how few runs are newer than that.
const selectStarted = `select k.place, x.id
  from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::integer[]) as k (tenant_id, created_by, session_id, after, place)
  cross join lateral (
    select x.id from orchestrator.executions x where ${matches} and x.id > k.after and x.id > $6 order by x.id limit $7
  ) x
  order by k.place, x.id`;

// Where each open run stands is in the last row of its journal.
const selectGoingOn = `select x.id, x.completed_at is not null as ended, x.owner_id is null as parked, e.seq, e.at, e.payload
  from (select $1::uuid as tenant_id, $2::uuid as created_by, $3::text as session_id) k
  cross join lateral (
    select y.tenant_id, y.id, y.created_by, y.session_id, y.completed_at, y.owner_id from orchestrator.executions y
    where y.tenant_id = k.tenant_id and y.created_by = k.created_by order by y.id desc limit $5
  ) x
  left join lateral (
    select v.seq, v.at, v.payload from orchestrator.execution_events v
    where v.tenant_id = x.tenant_id and v.execution_id = x.id and x.completed_at is null order by v.seq desc limit 1
  ) e on true
  where ${matches} and (x.completed_at is null or x.id > $4::uuid or x.completed_at > $7::timestamptz)
  order by x.id desc limit $6`;

// Whether something was decided is in the last row of a journal, or in the run's own once it has ended. Times of watchers are whole milliseconds.
const selectMoved = `select k.place, x.id, f.seq - 1 as after
  from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::integer[])
    as k (tenant_id, created_by, session_id, until, since, place)
  cross join lateral (
    select x.tenant_id, x.id from (
      select y.tenant_id, y.id, y.created_by, y.session_id, y.completed_at from orchestrator.executions y
      where y.tenant_id = k.tenant_id and y.created_by = k.created_by and y.id <= k.until order by y.id desc limit $7
    ) x
    where ${matches} and coalesce(x.completed_at, (
      select v.at from orchestrator.execution_events v
      where v.tenant_id = x.tenant_id and v.execution_id = x.id and x.completed_at is null order by v.seq desc limit 1
    )) >= k.since::timestamptz
    order by x.id desc limit $8
  ) x
  cross join lateral (
    select min(v.seq) as seq from orchestrator.execution_events v
    where v.tenant_id = x.tenant_id and v.execution_id = x.id and v.at >= k.since::timestamptz
  ) f
  where f.seq is not null
  order by k.place, x.id desc`;

const selectAddresses = `select distinct address from orchestrator.owners where ended_at is null order by address limit 1000`;

const nil = '00000000-0000-0000-0000-000000000000';

/** Rows of one journal in one read, and their bytes, not counting the last row. */
const rowsMax = 50;
const bytesMax = 256 * 1024;
/** A person's newest runs that are looked through for those that go on, or did. */
const newestMax = 10_000;

interface JournalRow {
  readonly place: number;
  readonly owner_id: string | null;
  readonly address: string | null;
  readonly ended: boolean;
  readonly seq: number | null;
  readonly at: Date;
  readonly payload: string;
  /** `bigint`, so it arrives as text. */
  readonly bytes: string;
}

type GoingOnRow = Pick<JournalRow, 'ended' | 'seq' | 'at' | 'payload'> & {
  readonly id: string;
  readonly parked: boolean;
};

/** Pools of the two roles: requests are bound to one tenant, the engine reads for watchers of all. */
export interface WatchPools {
  readonly requests: Postgres;
  readonly engine: Postgres;
}

/** The store over pools of `orchestrator_app` and `orchestrator_engine`. */
export function createPostgresWatchStore({ requests, engine }: WatchPools): WatchStore {
  return {
    read: (tenantId, id) =>
      requests.tenantRead(
        tenantId,
        async (client) => {
          const statement = {
            name: 'orchestrator.select_watched',
            text: selectExecution,
            values: [tenantId, id],
          };
          const { rows } = await client.query<ExecutionRow>(statement);
          return rows[0] && executionOf(rows[0]);
        },
        { fresh: true },
      ),
    async readJournals(wanted) {
      const values = [...positionValues(wanted), rowsMax, bytesMax];
      const statement = { name: 'orchestrator.select_watched_journals', text: selectJournals, values };
      const { rows } = await engine.query<JournalRow>(statement);
      const found = Map.groupBy(rows, ({ place }) => place);
      return wanted.map((_, place) => journalRead(found.get(place) ?? []));
    },
    async started(scopes, limit) {
      const [least = nil] = scopes.map(({ afterId }) => afterId).toSorted();
      const values = [...scopeValues(scopes), least, limit];
      const statement = { name: 'orchestrator.select_started', text: selectStarted, values };
      const { rows } = await engine.query<{ place: number; id: string }>(statement);
      const found = Map.groupBy(rows, ({ place }) => place);
      return scopes.map((_, place) => (found.get(place) ?? []).map(({ id }) => id));
    },
    goingOn: ({ tenantId, userId, sessionId, afterId }, limit) =>
      requests.tenantRead(
        tenantId,
        async (client) => {
          const since = new Date(idTimeMs(afterId));
          const values = [tenantId, userId, sessionId ?? null, afterId, newestMax, limit, since];
          const statement = { name: 'orchestrator.select_going_on', text: selectGoingOn, values };
          return (await client.query<GoingOnRow>(statement)).rows.map(scopedRun);
        },
        { fresh: true },
      ),
    async moved(scopes, limit) {
      const values = [...newsValues(scopes), newestMax, limit];
      const statement = { name: 'orchestrator.select_moved', text: selectMoved, values };
      const { rows } = await engine.query<MovedRun & { place: number }>(statement);
      const found = Map.groupBy(rows, ({ place }) => place);
      return scopes.map((_, place) => (found.get(place) ?? []).map(({ id, after }) => ({ id, after })));
    },
    async addresses() {
      const statement = { name: 'orchestrator.select_addresses', text: selectAddresses };
      const { rows } = await engine.query<{ address: string }>(statement);
      return rows.map(({ address }) => address);
    },
  };
}

function positionValues(wanted: readonly JournalPosition[]): unknown[] {
  return [
    uuidArray(wanted.map(({ tenantId }) => tenantId)),
    uuidArray(wanted.map(({ id }) => id)),
    // Below zero: perhaps inside a row.
    int4Array(wanted.map(({ after, atRowEnd }) => (atRowEnd ? after : -after))),
    int4Array(wanted.map((_, place) => place)),
  ];
}

function scopeValues(scopes: readonly WatchScope[]): unknown[] {
  return [
    uuidArray(scopes.map(({ tenantId }) => tenantId)),
    uuidArray(scopes.map(({ userId }) => userId)),
    textArray(scopes.map(({ sessionId }) => sessionId ?? null)),
    uuidArray(scopes.map(({ afterId }) => afterId)),
    int4Array(scopes.map((_, place) => place)),
  ];
}

function newsValues(scopes: readonly NewsScope[]): unknown[] {
  return [
    uuidArray(scopes.map(({ tenantId }) => tenantId)),
    uuidArray(scopes.map(({ userId }) => userId)),
    textArray(scopes.map(({ sessionId }) => sessionId ?? null)),
    uuidArray(scopes.map(({ untilId }) => untilId)),
    textArray(scopes.map(({ sinceMs }) => new Date(sinceMs + 1).toISOString())),
    int4Array(scopes.map((_, place) => place)),
  ];
}

function entries({ seq, at, payload }: Pick<JournalRow, 'seq' | 'at' | 'payload'>): JournalEntry[] {
  return seq === null ? [] : entriesOf({ seq, at, payload });
}

function scopedRun(row: GoingOnRow): ScopedRun {
  const { id, seq, at, ended, parked } = row;
  const last = entries(row).at(-1)?.seq ?? 0;
  return { id, seq: last, ...(seq === null ? {} : { atMs: at.getTime() }), ended, isParked: parked };
}

function journalRead(rows: readonly JournalRow[]): JournalRead | undefined {
  const [first] = rows;
  if (!first) return undefined;
  const bytes = Number(rows.at(-1)?.bytes ?? 0);
  return {
    entries: rows.flatMap(entries),
    isWhole: rows.length < rowsMax && bytes < bytesMax,
    ended: first.ended,
    isParked: first.owner_id === null,
    ...(first.address === null ? {} : { address: first.address }),
  };
}
