// Runs of tasks for workers as their creation records them, with a row for each task.
import { newId } from '../../../foundation/ids/ids.ts';
import { newRecord } from '../core/execution-record.for-test.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import { beginWork } from '../core/work/begin-work.ts';
import { openWork } from '../core/work/work-plan.ts';
import { pinnedWork } from '../core/work/work-run.for-test.ts';
import { recordWork } from './record-work.ts';
import type { TestStores } from './stores.for-test.ts';

const insertTask = `insert into orchestrator.tasks (tenant_id, id, scope, execution_id, node_id, type, name, priority, attempt_timeout_ms,
    total_timeout_ms, max_retries, status, dispatched, created_by)
  values ($1, $2, 'workflow', $3, $4, 'analysis', $4, 2, 1000, 2000, 3, $5, true, $6)`;

/** What a test changes of a run. */
export interface TestWork extends Partial<ExecutionRecord> {
  /** What all its tasks are besides what is usual. */
  readonly tasks?: Parameters<typeof pinnedWork>[1];
}

/** Records a run of these nodes, each of which names its parents. */
export async function recordTestWork(
  { app }: Pick<TestStores, 'app'>,
  graph: Readonly<Record<string, readonly string[]>>,
  { tasks, ...changes }: TestWork = {},
): Promise<ExecutionRecord> {
  const plan = pinnedWork(graph, tasks);
  const run = openWork(plan);
  if (!run) throw new Error('no plan of work');
  const usual = { kind: 'workflow', domainId: '', domainVersion: 0, input: {}, subjectId: newId() } as const;
  const record = newRecord({ ...usual, ...changes, plan });
  const { tenantId, id, principal } = record;
  const begun = beginWork({ run, nowMs: record.createdAtMs });
  const offered = new Set(
    begun.changes.flatMap((change) => (change.type === 'offered' ? change.nodeId : [])),
  );
  await app.tenantTransaction(tenantId, async (client) => {
    await recordWork(client, { record, begun });
    for (const { nodeId } of run.tasks) {
      const status = offered.has(nodeId) ? 'pending' : 'waiting';
      const values = [tenantId, newId(), id, nodeId, status, principal.userId];
      await client.query({ name: 'test.insert_task', text: insertTask, values });
    }
  });
  return record;
}
