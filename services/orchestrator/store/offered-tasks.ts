// Which tasks are given next. Of each priority the oldest are read by their index, and only these are put in order: what is read grows with what
// is asked for and not with what waits.

/** Every statement here takes a minute of waiting for one step of priority, up to the highest. */
const rankOf = (offered: string): string =>
  `least(5, ${offered}.priority + floor(extract(epoch from (select now from moment) - ${offered}.offered_at) / 60))`;

/** A row `t` that may be given to somebody now. */
const isOffered = `t.status = 'pending' and t.dispatched and not t.held and t.answered_at is null
    and (t.deadline_at is null or t.deadline_at > (select now from moment))`;

// Written so that no partial index fits: one row is read by its key. A plan that was made before the table had statistics would read all that is
// offered for each of them.
const isStillOffered = isOffered.replace("t.status = 'pending'", "coalesce(t.status, '') = 'pending'");

/**
 * `fits` says which of them; `$1` is the tenant and `$2` how many of each priority are read. It is written as a `case`, of which the planner takes
 * half of the rows to fit: it takes hardly any for `<@`, and would read and sort all that waits instead of the first ones by their index.
 */
const offered = (fits: string): string => `moment as materialized (select clock_timestamp() as now),
  offered as materialized (
    select o.* from (values (5::smallint), (4::smallint), (3::smallint), (2::smallint), (1::smallint)) as p (priority)
    cross join lateral (
      select t.id, t.priority, t.offered_at, t.type, t.required_capabilities, t.kept_worker_id
      from orchestrator.tasks t
      where t.tenant_id = $1 and t.priority = p.priority and ${isOffered} and ${fits}
      order by t.offered_at, t.id limit $2
    ) o
  )`;

/** Rows read of each priority beyond those that are wanted, since others may be taking the first ones at the same moment. */
export const spareRows = 16;

/**
 * Locks those that a worker is given next, and waits for nobody. `$1` tenant, `$2` rows of each priority, `$3` worker, `$4` its capabilities,
 * `$5` how many.
 */
export const lockOffered = `with ${offered(`case when t.kept_worker_id is null then t.required_capabilities <@ $4::text[]
        else t.kept_worker_id = $3 end`)},
  chosen as materialized (select o.id from offered o order by ${rankOf('o')} desc, o.offered_at, o.id)
  select locked.id from chosen c
  cross join lateral (
    select t.id from orchestrator.tasks t where t.tenant_id = $1 and t.id = c.id and ${isStillOffered}
    limit 1 for update skip locked
  ) locked
  limit $5`;

const anyCanDo = `case when t.kept_worker_id is null
        then exists (select from orchestrator.workers w where w.tenant_id = $1 and w.id = any($3::uuid[])
          and t.required_capabilities <@ w.capabilities)
        else exists (select from orchestrator.workers w where w.tenant_id = $1 and w.id = any($3::uuid[]) and w.id = t.kept_worker_id) end`;

/** Those that one of the workers could be given, in their order. `$1` tenant, `$2` how many, of each priority and in all, `$3` workers. */
export const selectOffered = `with ${offered(anyCanDo)}
  select o.id, o.type, o.required_capabilities, o.kept_worker_id from offered o
  order by ${rankOf('o')} desc, o.offered_at, o.id limit $2`;
