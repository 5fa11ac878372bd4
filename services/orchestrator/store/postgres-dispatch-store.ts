// Dispatch on PostgreSQL for the requests of one tenant. Each verb is one transaction on rows of workers and tasks; no run is asked, and what it
// has to know is left for it as a command.
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import type { SqlClient } from '../../../foundation/postgres/statement.ts';
import type { WriteRecord } from '../core/audit.ts';
import { assignTask, lockTask, type SteeredRow } from './assign-task.ts';
import { claimTasks, greetWorker } from './claim-tasks.ts';
import type { DispatchStore, Steered, TaskKey } from './dispatch-store.ts';
import { endAttempt } from './end-attempt.ts';
import { giveBack } from './give-back.ts';
import { returnClaim } from './return-claim.ts';
import { writeCommand } from './write-command.ts';
import { writeEntry } from './write-entry.ts';

// From now on it waits for a worker.
const dispatchTask = `update orchestrator.tasks set dispatched = true, offered_at = clock_timestamp() where tenant_id = $1 and id = $2`;

// What was answered is for the run to decide; everything else is over at once, so that no worker has it any more.
const cancelTask = `update orchestrator.tasks set status = 'cancelled', completed_at = clock_timestamp()
  where tenant_id = $1 and id = $2 and answered_at is null`;

const endedStatuses = ['completed', 'failed', 'cancelled', 'skipped'];

/** The store over a pool of the role `orchestrator_app`. */
export function createPostgresDispatchStore(postgres: Postgres): DispatchStore {
  const within = <T>({ tenantId }: { readonly tenantId: string }, work: (client: SqlClient) => Promise<T>) =>
    postgres.tenantTransaction(tenantId, work);
  return {
    assign: (key, workerId, entry) =>
      within(key, async (client) => {
        const assigned = await assignTask(client, key, { workerId, byHand: true });
        if (assigned.type === 'assigned') await writeEntry(client, key.tenantId, entry);
        return assigned;
      }),
    execute: (key, entry) => within(key, (client) => execute(client, key, entry)),
    cancel: (key, entry) => within(key, (client) => cancel(client, key, entry)),
    greet: (tenantId, workerId) => within({ tenantId }, (client) => greetWorker(client, tenantId, workerId)),
    claim: (claim) => within(claim, (client) => claimTasks(client, claim)),
    giveBack: (claim, attempts) => within(claim, (client) => giveBack(client, claim, attempts)),
    returnClaim: (claim) => within(claim, (client) => returnClaim(client, claim)),
    end: (ended) => within(ended, (client) => endAttempt(client, ended)),
  };
}

async function steerable(client: SqlClient, key: TaskKey): Promise<SteeredRow | undefined> {
  const task = await lockTask(client, key);
  return task?.scope === 'playbook' ? undefined : task;
}

async function execute(client: SqlClient, key: TaskKey, entry: WriteRecord): Promise<Steered> {
  const task = await steerable(client, key);
  if (!task) return { type: 'no_task' };
  const { execution_id: id } = task;
  if (id === null || task.status !== 'pending') return { type: 'refused', status: task.status };
  // All its time is up, and its run is about to say so.
  if (task.answered_at || task.overdue) return { type: 'refused', status: 'overdue' };
  if (task.held) return { type: 'held' };
  if (!task.dispatched) {
    const values = [key.tenantId, key.id];
    await client.query({ name: 'orchestrator.dispatch_task', text: dispatchTask, values });
    await writeEntry(client, key.tenantId, entry);
  }
  return { type: 'done', execution: { tenantId: key.tenantId, id } };
}

async function cancel(client: SqlClient, key: TaskKey, entry: WriteRecord): Promise<Steered> {
  const task = await steerable(client, key);
  if (!task) return { type: 'no_task' };
  const { execution_id: id } = task;
  if (endedStatuses.includes(task.status)) return { type: 'refused', status: task.status };
  if (id === null || task.scope === 'workflow') return { type: 'of_workflow' };
  const execution = { tenantId: key.tenantId, id };
  const command = { type: 'cancel', by: entry.userId, because: 'A person cancelled the task' } as const;
  if (!(await writeCommand(client, execution, { command }))) return { type: 'full' };
  const values = [key.tenantId, key.id];
  await client.query({ name: 'orchestrator.cancel_task', text: cancelTask, values });
  await writeEntry(client, key.tenantId, entry);
  return { type: 'done', execution };
}
