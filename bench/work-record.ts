// What the rows of tasks say of how they were given and recorded, by the clock of the database.
import type pg from 'pg';

const times = `select count(*)::int as tasks, count(distinct worker_id)::int as workers,
    count(*) filter (where status <> 'completed')::int as unfinished, max(attempt) as "attemptMax",
    count(*) filter (where attempt > 1)::int as repeated, sum(returned)::int as returned,
    percentile_disc(0.5) within group (order by ms(assigned_at - offered_at)) as "givenP50Ms",
    percentile_disc(0.99) within group (order by ms(assigned_at - offered_at)) as "givenP99Ms",
    percentile_disc(0.5) within group (order by ms(completed_at - answered_at)) as "recordedP50Ms",
    percentile_disc(0.99) within group (order by ms(completed_at - answered_at)) as "recordedP99Ms"
  from orchestrator.tasks`.replaceAll(
  /ms\(([^)]+)\)/g,
  'round((extract(epoch from $1) * 1000)::numeric, 1)::float8',
);

const order = `with placed as (
    select priority, row_number() over (order by assigned_at, priority desc) as place from orchestrator.tasks
  ), firsts as (select priority, min(place) as first, max(place) as last from placed group by priority)
  select f.priority, count(*)::int as tasks, f.first::int, f.last::int,
    count(*) filter (where p.place > (select min(l.first) from firsts l where l.priority < f.priority))::int as "afterLower"
  from firsts f join placed p using (priority) group by f.priority, f.first, f.last order by f.priority desc`;

/** Milliseconds from the offer to the assignment and from the answer to its record, and who had the tasks. */
export async function readTimes(database: pg.Client): Promise<object> {
  return (await database.query(times)).rows[0] ?? {};
}

/** For each priority the places at which its tasks were given, and how many of them after one of a lower priority. */
export async function readOrder(database: pg.Client): Promise<object> {
  return { priorities: (await database.query(order)).rows };
}
