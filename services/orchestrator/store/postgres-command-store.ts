// What people ask of runs, stored until the run's owner has decided it, so that it is not lost with a process.
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import type { CommandStore } from './store.ts';
import { writeEntry } from './write-entry.ts';

/** Commands that may wait for one execution. Requests of the same moment may exceed it by as many as there are connections. */
export const commandsMax = 100;

const insertCommand = `insert into orchestrator.commands (tenant_id, execution_id, id, command)
  select $1::uuid, $2::uuid, $3::uuid, $4::text
  where (select count(*) from orchestrator.commands where tenant_id = $1 and execution_id = $2) < $5`;

/** The store over a pool of the role `orchestrator_app`. */
export function createPostgresCommandStore(postgres: Postgres): CommandStore {
  return {
    add: ({ tenantId, id }, { id: commandId, command }, entry) =>
      postgres.tenantTransaction(tenantId, async (client) => {
        const values = [tenantId, id, commandId, JSON.stringify(command), commandsMax];
        const statement = { name: 'orchestrator.insert_command', text: insertCommand, values };
        if ((await client.query(statement)).count === 0) return 'full';
        if (entry) await writeEntry(client, tenantId, entry);
        return 'stored';
      }),
  };
}
