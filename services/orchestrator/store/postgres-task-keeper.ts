// Removes rows of tasks whose runs are forgotten. Runs are looked for before anything is locked; what has ended so long ago does not change any
// more.
import { uuidArray } from '../../../foundation/postgres/binary-array.ts';
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import type { TaskKeeper } from './task-keeper.ts';

// Runs are forgotten by the week: those of what ended a week before are gone, unless they go on.
const selectForgotten = `select t.tenant_id, t.id from orchestrator.tasks t
  where t.completed_at < (select clock_timestamp() - make_interval(days => $1 + 7))
    and not exists (select from orchestrator.executions x where x.tenant_id = t.tenant_id and x.id = t.execution_id)
  order by t.completed_at limit $2`;

const deleteTasks = `delete from orchestrator.tasks t using unnest($1::uuid[], $2::uuid[]) as k (tenant_id, id)
  where t.tenant_id = k.tenant_id and t.id = k.id and t.completed_at is not null`;

/** Over a pool of the role `orchestrator_engine`. */
export function createPostgresTaskKeeper(postgres: Postgres): TaskKeeper {
  return {
    async remove(keptDays, limit) {
      const statement = { name: 'orchestrator.select_forgotten_tasks', text: selectForgotten };
      type Row = { readonly tenant_id: string; readonly id: string };
      const { rows } = await postgres.query<Row>({ ...statement, values: [keptDays, limit] });
      if (rows.length === 0) return 0;
      const values = [uuidArray(rows.map(({ tenant_id }) => tenant_id)), uuidArray(rows.map(({ id }) => id))];
      await postgres.query({ name: 'orchestrator.delete_tasks', text: deleteTasks, values });
      return rows.length;
    },
  };
}
