// Journals for requests. A part is read when its reader has done with the one before, so that no more than a part is held here.
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import { type EventRow, entriesOf } from './execution-row.ts';
import type { ExecutionKey, Freshness, JournalReader } from './store.ts';

const rowsMax = 100;

// Rows are only ever added at the end, so that parts of different moments fit together.
const selectPart = `select seq, at, payload from orchestrator.execution_events
  where tenant_id = $1 and execution_id = $2 and seq > $3 order by seq limit $4`;

/** The reader over a pool of the role `orchestrator_app`. */
export function createPostgresJournalReader(postgres: Postgres): JournalReader {
  function rowsAfter({ tenantId, id }: ExecutionKey, seq: number, options?: Freshness) {
    const values = [tenantId, id, seq, rowsMax];
    const statement = { name: 'orchestrator.select_journal_part', text: selectPart, values };
    return postgres.tenantRead(
      tenantId,
      async (client) => (await client.query<EventRow>(statement)).rows,
      options,
    );
  }
  return {
    async *parts(key, options) {
      for (let seq = 0; ; ) {
        const rows = await rowsAfter(key, seq, options);
        if (rows.length > 0) yield rows.flatMap(entriesOf);
        if (rows.length < rowsMax) return;
        seq = rows.at(-1)?.seq ?? seq;
      }
    },
  };
}
