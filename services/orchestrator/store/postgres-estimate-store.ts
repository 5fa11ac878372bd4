// What estimates read, on PostgreSQL: a bounded piece of what is newest, whatever is kept.
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import { type EstimateStore, type RecordedRun, recordedRunsMax } from './estimate-store.ts';
import { type EventRow, entriesOf } from './execution-row.ts';

const newestMax = 1_000;
const rowsMax = 2_000;

const selectRuns = `select x.id, x.plan_hash, p.plan, octet_length(x.input) as input_bytes
from (
  select id, kind, status, domain_id, plan_hash, input, tenant_id from orchestrator.executions
  where tenant_id = $1 order by id desc limit $4
) x
join orchestrator.plans p on p.tenant_id = x.tenant_id and p.hash = x.plan_hash
where x.kind = $2 and x.status = 'completed'
order by (x.domain_id = $3) desc, x.id desc limit $5`;

const selectJournal = `select seq, at, payload from orchestrator.execution_events
where tenant_id = $1 and execution_id = $2 order by seq limit $3`;

interface RunRow {
  readonly id: string;
  readonly plan_hash: string;
  readonly plan: string;
  readonly input_bytes: number;
}

/** The store over a pool of the role `orchestrator_app`. */
export function createPostgresEstimateStore(postgres: Postgres): EstimateStore {
  return {
    findRecordedRuns: (tenantId, { kind, domainId }) =>
      postgres.tenantRead(tenantId, async (client) => {
        const { rows } = await client.query<RunRow>({
          name: 'orchestrator.select_recorded_runs',
          text: selectRuns,
          values: [tenantId, kind, domainId, newestMax, recordedRunsMax],
        });
        return rows.map(runOf);
      }),
    readRecordedJournal: (tenantId, id) =>
      postgres.tenantRead(tenantId, async (client) => {
        const { rows } = await client.query<EventRow>({
          name: 'orchestrator.select_recorded_journal',
          text: selectJournal,
          values: [tenantId, id, rowsMax],
        });
        return rows.flatMap(entriesOf);
      }),
  };
}

function runOf({ id, plan_hash: hash, plan: text, input_bytes: inputBytes }: RunRow): RecordedRun {
  return { id, plan: { hash, text }, inputBytes };
}
