// Stores what came of an attempt of a worker as a command of its run, inside the transaction that ends the attempt.
import { newId } from '../../../foundation/ids/ids.ts';
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import type { WorkerEnded } from '../core/work/planned-work.ts';
import type { ExecutionKey } from './execution-key.ts';

const insertEnd = `insert into orchestrator.commands (tenant_id, execution_id, id, command)
  values ($1::uuid, $2::uuid, $3::uuid, $4)`;

/** Stores it for the run's owner, however much waits there already. The run is to be told afterwards; if it is not, it finds it by itself. */
export async function insertWorkerEnd(
  client: SqlClient,
  { tenantId, id }: ExecutionKey,
  command: WorkerEnded,
): Promise<void> {
  await client.query({
    name: 'orchestrator.insert_worker_end',
    text: insertEnd,
    values: [tenantId, id, newId(), JSON.stringify(command)],
  });
}
