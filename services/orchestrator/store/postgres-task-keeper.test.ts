// Rows of tasks go once their runs are forgotten, and not before.
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { workflowBody } from '../core/work/workflow.for-test.ts';
import { createPostgresTaskKeeper } from './postgres-task-keeper.ts';
import { createPostgresWorkflowStore } from './postgres-workflow-store.ts';
import { openTestStores, type TestStores } from './stores.for-test.ts';
import { entryOf, newOwner, newWorkflow, startOf } from './workflows.for-test.ts';

jest.setTimeout(30_000);

let databases: TestDatabases;
let stores: TestStores;
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'task_keeper');
}, 30_000);
afterAll(async () => {
  await stores?.close();
  await databases?.stop();
});

/** A workflow under way whose only task ended so many days ago, or has not; answers its execution. */
async function endedTask(daysAgo: number | null): Promise<string> {
  const person = newOwner();
  const { tenantId } = person;
  const workflow = newWorkflow(person, workflowBody({ only: [] }));
  const start = startOf(person, workflow);
  await createPostgresWorkflowStore(stores.app).create({ ...workflow, start }, entryOf(person, workflow.id));
  await stores.admin.query(
    `update orchestrator.tasks set status = case when $2::integer is null then 'pending' else 'completed' end,
       completed_at = now() - make_interval(days => $2) where tenant_id = $1`,
    [tenantId, daysAgo],
  );
  return start.executionId;
}

it('removes what ended long ago and whose run is gone, a part at a time', async () => {
  const forget = async (executionId: string): Promise<string> => {
    await stores.admin.query('delete from orchestrator.executions where id = $1', [executionId]);
    return executionId;
  };
  const old = [await forget(await endedTask(100)), await forget(await endedTask(99))];
  const kept = [
    await endedTask(100),
    await forget(await endedTask(96)),
    await endedTask(1),
    await forget(await endedTask(null)),
  ];
  const keeper = createPostgresTaskKeeper(stores.enginePool);
  expect([await keeper.remove(90, 1), await keeper.remove(90, 10), await keeper.remove(90, 10)]).toEqual([
    1, 1, 0,
  ]);
  const { rows } = await stores.admin.query<{ execution_id: string }>(
    'select execution_id from orchestrator.tasks',
  );
  expect(rows.map(({ execution_id }) => execution_id).sort()).toEqual([...kept].sort());
  expect(rows.filter(({ execution_id }) => old.includes(execution_id))).toEqual([]);
});
