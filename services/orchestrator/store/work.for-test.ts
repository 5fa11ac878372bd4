// Workers and tasks for tests of dispatch, on the stores of a test. Everything that a test does not name is usual.
import { createHash, randomUUID } from 'node:crypto';
import { newId } from '../../../foundation/ids/ids.ts';
import { newPerson } from '../app.for-test.ts';
import { newEntry } from '../core/audit.for-test.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import { workerAnswer } from '../core/work/planned-work.ts';
import { type TaskDocument, timesOf } from '../core/work/task-document.ts';
import { loneNodeId, openWork, pinWork } from '../core/work/work-plan.ts';
import { createPostgresDispatchQueue } from './postgres-dispatch-queue.ts';
import { createPostgresDispatchStore } from './postgres-dispatch-store.ts';
import { createPostgresTaskStore } from './postgres-task-store.ts';
import type {
  AttemptEnd,
  AttemptKey,
  AttemptResult,
  DispatchQueue,
  DispatchStore,
  TaskKey,
  TaskStore,
} from './store.ts';
import type { TestStores } from './stores.for-test.ts';

/** How a worker of a test differs. */
export interface TestWorker {
  readonly tenantId: string;
  readonly protocol?: 'http' | 'pull';
  readonly capabilities?: readonly string[];
  readonly places?: number;
  readonly status?: string;
  readonly deactivated?: boolean;
}

/** How a task of a test differs. */
export interface TestTask extends Partial<TaskDocument> {
  readonly tenantId: string;
  /** [true] */
  readonly isDispatched?: boolean;
}

/** Dispatch over the stores of a test. */
export interface TestWork {
  readonly tasks: TaskStore;
  readonly dispatch: DispatchStore;
  readonly queue: DispatchQueue;
  /** Registers a worker; answers its id. */
  worker(worker: TestWorker): Promise<string>;
  /** Creates a task. */
  task(task: TestTask): Promise<TaskKey>;
  /** Changes a row by SQL, such as `offered_at = now() - interval '1 hour'`. */
  set(key: TaskKey, change: string): Promise<void>;
  /** A column of a row, by SQL. */
  column(key: TaskKey, expression: string): Promise<unknown>;
  /** Commands that wait for the run of a task, oldest first. */
  commands(key: TaskKey): Promise<{ readonly type: string; readonly [key: string]: unknown }[]>;
  /** An answer of an attempt. */
  answerOf(attempt: AttemptKey, result?: AttemptResult): AttemptEnd;
}

/** Over the stores. */
export function createTestWork(stores: TestStores): TestWork {
  const tasks = createPostgresTaskStore(stores.app);
  const { admin } = stores;
  return {
    tasks,
    dispatch: createPostgresDispatchStore(stores.app),
    queue: createPostgresDispatchQueue(stores.enginePool),
    worker: (worker) => insertWorker(admin, worker),
    task: (task) => createTask(tasks, task),
    async set({ tenantId, id }, change) {
      const text = `update orchestrator.tasks set ${change} where tenant_id = $1 and id = $2`;
      await admin.query(text, [tenantId, id]);
    },
    async column({ tenantId, id }, expression) {
      const text = `select ${expression} as value from orchestrator.tasks where tenant_id = $1 and id = $2`;
      return (await admin.query(text, [tenantId, id])).rows[0]?.value;
    },
    async commands({ tenantId, id }) {
      const text = `select c.command from orchestrator.commands c
        join orchestrator.tasks t on t.tenant_id = c.tenant_id and t.execution_id = c.execution_id
        where t.tenant_id = $1 and t.id = $2 order by c.id`;
      return (await admin.query(text, [tenantId, id])).rows.map(({ command }) => JSON.parse(command));
    },
    answerOf({ tenantId, id, attempt }, result = { answer: workerAnswer({ plate: 'B' }) }) {
      const hash = createHash('sha256')
        .update(JSON.stringify([attempt, result]))
        .digest();
      return { tenantId, id, attempt, result, hash, random: 0.5 };
    },
  };
}

async function insertWorker(admin: TestStores['admin'], worker: TestWorker): Promise<string> {
  const { tenantId, protocol = 'pull', capabilities = [], places = 5 } = worker;
  const { status = 'idle', deactivated = false } = worker;
  const id = newId();
  await admin.query(
    `insert into orchestrator.workers (tenant_id, id, type, name, protocol, endpoint, capabilities, health_check_interval_s,
        max_concurrent_tasks, status, deactivated, created_by)
      values ($1, $2, 'analyzer', $3, $4, $5, $6, 60, $7, $8, $9, $10)`,
    [
      ...[tenantId, id, `worker ${id}`, protocol, protocol === 'pull' ? '' : 'http://127.0.0.1:1'],
      ...[capabilities, places, status, deactivated, randomUUID()],
    ],
  );
  return id;
}

async function createTask(
  tasks: TaskStore,
  { tenantId, isDispatched = true, ...changes }: TestTask,
): Promise<TaskKey> {
  const document: TaskDocument = {
    ...{ type: 'analysis', name: 'Read plates', description: 'Reads them', inputData: { image: 1 } },
    ...{ priority: 2, requiredCapabilities: [], tags: [], maxRetries: 3 },
    ...changes,
  };
  const { name, type, requiredCapabilities, priority, maxRetries: retriesMax } = document;
  const node = { nodeId: loneNodeId, name, type, requiredCapabilities, priority, retriesMax, parents: [] };
  const plan = pinWork({ failurePolicy: 'fail_fast', tasks: [{ ...node, ...timesOf(document) }] });
  const run = openWork(plan);
  if (!run) throw new Error('no plan of work');
  const key = { tenantId, id: newId() };
  const record: ExecutionRecord = {
    ...{ tenantId, id: newId(), kind: 'task', domainId: '', domainVersion: 0, plan, subjectId: key.id },
    ...{ input: document.inputData, principal: newPerson({ tenantId }), createdAtMs: Date.now(), priority },
  };
  const entry = newEntry({ operation: 'task_creation', entityType: 'task', entityId: key.id });
  const created = await tasks.create({ key, document, isDispatched, record, run }, entry);
  if (created !== 'created') throw new Error(created);
  return key;
}
