// Runs of tasks for workers among the executions, over the wire: they are read and steered like others, listed where they are asked for, and
// told in the audit log by the entries of what created them alone.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import {
  ExecutionKind,
  ExecutionStatus,
  LogStatus,
  TaskStatus,
} from '../../../proto/gen/domainflow/orchestrator/v1/execution_pb.js';
import { RerunMode } from '../../../proto/gen/domainflow/orchestrator/v1/rerun_pb.js';
import { newAdmin, startTestOrchestrator, type TestOrchestrator } from '../app.for-test.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import { jobIdOf } from '../core/public-id.ts';
import { workerEnded } from '../core/work/work-run.for-test.ts';
import { insertWorkerEnd } from '../store/insert-worker-end.ts';
import { recordTestWork } from '../store/recorded-work.for-test.ts';

let databases: TestDatabases;
let app: TestOrchestrator;
beforeAll(async () => {
  databases = await startTestDatabases();
  app = await startTestOrchestrator(databases, 'work_runs');
}, 30_000);
afterAll(async () => {
  await app.close();
  await databases.stop();
});

const editor = newAdmin();
const recorded = (kind: 'workflow' | 'task' = 'workflow'): Promise<ExecutionRecord> =>
  recordTestWork(
    app.stores,
    { read: [], judge: ['read'] },
    { kind, principal: editor, tenantId: editor.tenantId, tasks: { requiredCapabilities: ['reading'] } },
  );

async function end(record: ExecutionRecord, nodeId: string): Promise<void> {
  await app.stores.app.tenantTransaction(record.tenantId, (client) =>
    insertWorkerEnd(client, record, workerEnded(nodeId, 1, { startedMs: Date.now() - 1_000 })),
  );
}

describe('a run of tasks for workers', () => {
  it('says which worker it waits for, and at its end what was answered in which attempt', async () => {
    const record = await recorded();
    const jobId = jobIdOf(record.id);
    const before = await app.executions.getExecution({ jobId }, app.as(editor));
    expect(before.execution).toMatchObject({
      ...{ kind: ExecutionKind.WORKFLOW, status: ExecutionStatus.RUNNING, reason: '', domainId: '' },
      subject: { case: 'workflowId', value: record.subjectId },
      edges: [{ from: 'read', to: 'judge' }],
      tasks: [
        { nodeId: 'read', status: TaskStatus.READY, attempt: 0 },
        { nodeId: 'judge', status: TaskStatus.WAITING, waitingFor: ['the output of read'] },
      ],
    });
    expect(before.execution?.tasks[0]?.waitingFor).toEqual(['a worker that can do reading to do The read']);
    await app.stores.admin.query(
      `update orchestrator.tasks set status = 'running', worker_id = id, attempt = 2, lease_until = clock_timestamp()
       where execution_id = $1 and node_id = 'read'`,
      [record.id],
    );
    const given = await app.executions.getExecution({ jobId }, app.as(editor));
    expect(given.execution?.tasks[0]).toMatchObject({
      ...{ status: TaskStatus.RUNNING, attempt: 2 },
      waitingFor: ['attempt 2 of The read, which a worker has'],
    });
    await end(record, 'read');
    await app.watch.seen(record, 'task_offered', 'judge');
    await end(record, 'judge');
    await app.watch.seen(record, 'ended');
    const after = await app.executions.getExecution({ jobId }, app.as(editor));
    expect(after.execution).toMatchObject({
      status: ExecutionStatus.COMPLETED,
      executionLog: [
        {
          ...{ status: LogStatus.SUCCESS, taskId: 'task_1', attempt: 1, executionTimeMs: 1_000n },
          ...{ output: { answer: 'read' }, runtime: 'worker:a-user' },
        },
        { status: LogStatus.SUCCESS, taskId: 'task_2', attempt: 1 },
      ],
    });
  });

  it('is cancelled like any other, and cannot be repeated without what it came from', async () => {
    const record = await recorded('task');
    const jobId = jobIdOf(record.id);
    await app.control.cancelExecution({ jobId }, app.as(editor));
    const { execution } = await app.executions.getExecution({ jobId }, app.as(editor));
    expect(execution).toMatchObject({ status: ExecutionStatus.CANCELLED, subject: { case: undefined } });
    const again = app.control.rerunExecution({ jobId, mode: RerunMode.ALL }, app.as(editor));
    await expect(again).rejects.toThrow('create that anew instead');
  });

  it('is in lists of executions where its kind is asked for, and nowhere else', async () => {
    const record = await recorded();
    const idsOf = async (kind: ExecutionKind): Promise<string[]> =>
      (await app.executions.listExecutions({ kind }, app.as(editor))).executions.map(({ id }) => id);
    expect(await idsOf(ExecutionKind.WORKFLOW)).toContain(record.id);
    expect(await idsOf(ExecutionKind.TASK)).not.toContain(record.id);
    expect(await idsOf(ExecutionKind.UNSPECIFIED)).toEqual([]);
  });
});
