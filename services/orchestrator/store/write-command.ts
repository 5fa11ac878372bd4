// Writes what a person asks of a run in the transaction of what it belongs to.
import { newId } from '../../../foundation/ids/ids.ts';
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import type { Command } from '../core/decision/decision.ts';
import type { ExecutionKey } from './execution-key.ts';

/** Commands that may wait for one execution. Requests of the same moment may exceed it by as many as there are connections. */
export const commandsMax = 100;

const insertCommand = `insert into orchestrator.commands (tenant_id, execution_id, id, command)
  select $1::uuid, $2::uuid, $3::uuid, $4::text
  where (select count(*) from orchestrator.commands where tenant_id = $1 and execution_id = $2) < $5`;

/** Writes the command; false, and nothing is written, when too many wait for the run. `id` absent is a new one. */
export async function writeCommand(
  client: SqlClient,
  { tenantId, id }: ExecutionKey,
  { id: commandId = newId(), command }: { readonly id?: string; readonly command: Command },
): Promise<boolean> {
  const values = [tenantId, id, commandId, JSON.stringify(command), commandsMax];
  const statement = { name: 'orchestrator.insert_command', text: insertCommand, values };
  return (await client.query(statement)).count > 0;
}
