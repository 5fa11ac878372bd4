// What watchers read, on PostgreSQL: journals of many runs in one statement, and which runs a person has started. It always reads where
// writes go, since a replica that lags behind would show gaps.
import { int4Array, textArray, uuidArray } from '../../../foundation/postgres/binary-array.ts';
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import type { JournalEntry } from '../core/journal-event.ts';
import { lastIdAt } from '../core/resume-vector.ts';
import type { JournalPosition, JournalRead, News, NewsScope, StoreView } from '../core/watch-reads.ts';
import { type ExecutionRow, entriesOf, executionColumns, executionOf } from './execution-row.ts';
import type { WatchStore } from './store.ts';

const selectExecutions = `select ${executionColumns} from orchestrator.executions x
  join orchestrator.plans p on p.tenant_id = x.tenant_id and p.hash = x.plan_hash
  where x.tenant_id = $1 and x.id = any($2::uuid[])`;

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

const isSeen = (writer: string): string =>
  `orchestrator.is_shown(${writer}, now.next, k.seen_oldest, k.seen_next, k.seen_pending::bigint[])`;
// What gates run is nobody's own: they would fill the streams of whoever started them.
const ofScope = `x.tenant_id = k.tenant_id and x.created_by = k.created_by and (k.session_id is null or x.session_id = k.session_id)
  and x.kind not in ('shadow_ingest', 'shadow_query')`;
const isOld = 'id > k.after and id <= k.old';

// Runs that may have news stand in four places, each with an index of its own: those that are young, and of the older ones those that have
// ended since, that somebody owns, and that were parked since. Whether there is something new is in the last row of a journal, since the rows
// of one are written one after the other. `offset 0` keeps the planner from taking the index of ids, which would read all that a person has.
const selectNews = `select k.place, now.snapshot, now.at, c.id, n.first - 1 as after, e.last
  from unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::timestamptz[], $7::bigint[], $8::bigint[], $9::text[],
      $10::bigint[], $11::bigint[], $12::text[], $13::integer[])
    as k (tenant_id, created_by, session_id, after, old, since, seen_oldest, seen_next, seen_pending, oldest, next, pending, place)
  cross join (select pg_current_snapshot()::text as snapshot, statement_timestamp() as at,
    pg_snapshot_xmax(pg_current_snapshot())::text::bigint as next) now
  left join lateral (
    select d.id from (
      (select x.id from orchestrator.executions x where ${ofScope} and x.id > k.after and x.id > k.old
        and (x.completed_at is null or not ${isSeen('x.xmin')}) order by x.id limit $14)
      union all
      (select id from (select x.id from orchestrator.executions x where ${ofScope}
        and x.completed_at is not null and x.completed_at >= k.since and not ${isSeen('x.xmin')} offset 0) x
        where ${isOld} order by id limit $14)
      union all
      (select x.id from orchestrator.executions x where ${ofScope} and x.id > k.after and x.id <= k.old
        and x.completed_at is null and x.owner_id is not null order by x.id limit $14)
      union all
      (select id from (select x.id from orchestrator.executions x where ${ofScope}
        and x.completed_at is null and x.owner_id is null and x.parked_at >= k.since offset 0) x
        where ${isOld} order by id limit $14)
    ) d order by d.id limit $14
  ) c on true
  left join lateral (
    select v.at, v.xmin as writer from orchestrator.execution_events v
    where v.tenant_id = k.tenant_id and v.execution_id = c.id order by v.seq desc limit 1
  ) t on true
  left join lateral (
    select min(v.seq) as first from orchestrator.execution_events v
    where v.tenant_id = k.tenant_id and v.execution_id = c.id and v.at >= k.since and not ${isSeen('v.xmin')}
      and t.at >= k.since and not ${isSeen('t.writer')}
  ) n on true
  left join lateral (
    select v.seq + json_array_length(v.payload::json) - 1 as last from orchestrator.execution_events v
    where v.tenant_id = k.tenant_id and v.execution_id = c.id and v.seq >= n.first
      and (k.next is null or orchestrator.is_shown(v.xmin, now.next, k.oldest, k.next, k.pending::bigint[]))
    order by v.seq desc limit 1
  ) e on true
  order by k.place, c.id`;

const selectView = 'select pg_current_snapshot()::text as snapshot, statement_timestamp() as at';

const selectAddresses = `select distinct address from orchestrator.owners where ended_at is null order by address limit 1000`;

/** Rows of one journal in one read, and their bytes, not counting the last row. */
const rowsMax = 50;
const bytesMax = 256 * 1024;
/** Runs and decisions may be shown this long after their ids and times were made, in milliseconds, clocks of replicas that differ included. */
const lateMs = 60_000;

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

/** Every scope has one at least. */
interface NewsRow extends ViewRow {
  readonly place: number;
  readonly id: string | null;
  readonly after: number | null;
  readonly last: number | null;
}

interface ViewRow {
  /** `oldest:next:pending,pending` */
  readonly snapshot: string;
  readonly at: Date;
}

/** Pools of the two roles: requests are bound to one tenant, the engine reads for watchers of all. */
export interface WatchPools {
  readonly requests: Postgres;
  readonly engine: Postgres;
}

/** The store over pools of `orchestrator_app` and `orchestrator_engine`. */
export function createPostgresWatchStore({ requests, engine }: WatchPools): WatchStore {
  const readAll: WatchStore['readAll'] = (tenantId, ids) =>
    requests.tenantRead(
      tenantId,
      async (client) => {
        const values = [tenantId, uuidArray(ids)];
        const statement = { name: 'orchestrator.select_watched', text: selectExecutions, values };
        return (await client.query<ExecutionRow>(statement)).rows.map(executionOf);
      },
      { fresh: true },
    );
  return {
    readAll,
    read: async (tenantId, id) => (await readAll(tenantId, [id]))[0],
    async readJournals(wanted) {
      const values = [...positionValues(wanted), rowsMax, bytesMax];
      const statement = { name: 'orchestrator.select_watched_journals', text: selectJournals, values };
      const { rows } = await engine.query<JournalRow>(statement);
      const found = Map.groupBy(rows, ({ place }) => place);
      return wanted.map((_, place) => journalRead(found.get(place) ?? []));
    },
    async view() {
      const { rows } = await engine.query<ViewRow>({ name: 'orchestrator.select_view', text: selectView });
      return viewOf(rows[0]);
    },
    async news(scopes, limit) {
      const values = [...newsValues(scopes), limit];
      const statement = { name: 'orchestrator.select_news', text: selectNews, values, prepare: true };
      const { rows } = await engine.query<NewsRow>(statement);
      const found = Map.groupBy(rows, ({ place }) => place);
      return scopes.map((_, place) => newsOf(found.get(place) ?? [], limit));
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

function newsValues(scopes: readonly NewsScope[]): unknown[] {
  const sinceMs = ({ seen }: NewsScope): number => seen.atMs - lateMs;
  return [
    uuidArray(scopes.map(({ tenantId }) => tenantId)),
    uuidArray(scopes.map(({ userId }) => userId)),
    textArray(scopes.map(({ sessionId }) => sessionId ?? null)),
    uuidArray(scopes.map(({ afterId }) => afterId)),
    uuidArray(scopes.map((scope) => lastIdAt(sinceMs(scope)))),
    scopes.map((scope) => new Date(Math.max(0, sinceMs(scope))).toISOString()),
    scopes.map(({ seen }) => seen.oldest),
    scopes.map(({ seen }) => seen.next),
    scopes.map(({ seen }) => pendingText(seen)),
    scopes.map(({ through }) => through?.oldest ?? null),
    scopes.map(({ through }) => through?.next ?? null),
    scopes.map(({ through }) => pendingText(through)),
    int4Array(scopes.map((_, place) => place)),
  ];
}

function pendingText(view: StoreView | undefined): string {
  return `{${view?.pending.join(',') ?? ''}}`;
}

function viewOf(row: ViewRow | undefined): StoreView {
  const [oldest = 0, next = 0, ...pending] = row?.snapshot.match(/[0-9]+/g)?.map(Number) ?? [];
  return { atMs: row?.at.getTime() ?? 0, oldest, next, pending };
}

function newsOf(rows: readonly NewsRow[], limit: number): News {
  const runs = rows.flatMap(({ id, after, last }) =>
    id === null || after === null || last === null ? [] : [{ id, after, last }],
  );
  const untilId = rows.length < limit ? undefined : (rows.at(-1)?.id ?? undefined);
  return { view: viewOf(rows[0]), runs, ...(untilId === undefined ? {} : { untilId }) };
}

function entries({ seq, at, payload }: Pick<JournalRow, 'seq' | 'at' | 'payload'>): JournalEntry[] {
  return seq === null ? [] : entriesOf({ seq, at, payload });
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
