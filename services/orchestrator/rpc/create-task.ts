// CreateTask: records a task with its run, which waits for a worker from then on.
import type { HandlerContext, ServiceImpl } from '@connectrpc/connect';
import { context as contextApi } from '@opentelemetry/api';
import type { Clock } from '../../../foundation/clock.ts';
import { invalidArgument, notFound } from '../../../foundation/fault/fault.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import { principalOf, requestIdOf } from '../../../foundation/rpc/caller.ts';
import { storeTrace } from '../../../foundation/telemetry/propagation.ts';
import type { TaskService } from '../../../proto/gen/domainflow/orchestrator/v1/task_service_pb.js';
import type { WriteRecord } from '../core/audit.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import { jobIdOf } from '../core/public-id.ts';
import { type LoneTask, readLoneTask, timesOf } from '../core/work/task-document.ts';
import { loneNodeId, openWork, pinWork } from '../core/work/work-plan.ts';
import type { NewTask, TaskKey, TaskStore } from '../store/store.ts';
import { taskMessage } from './task-wire.ts';
import { editorTenant } from './worker-access.ts';
import { type Writer, writerOf } from './writer.ts';

/** What creating needs. */
export interface CreateTaskDeps {
  readonly tasks: TaskStore;
  readonly clock: Clock;
  /** Says that a tenant's workers may find something. */
  readonly offered: (tenantId: string) => void;
}

/** CreateTask. A request that comes again is answered the task that it created, also of several at once. */
export function createTask(deps: CreateTaskDeps): ServiceImpl<typeof TaskService>['createTask'] {
  return async ({ task: body = {}, autoDispatch }, context) => {
    const tenantId = editorTenant(context, 'Creating tasks');
    const writer = writerOf(context);
    const requestId = requestIdOf(context);
    const key = { tenantId, id: requestId ?? newId() };
    const before = requestId && (await deps.tasks.read(key, { fresh: true }));
    if (before) return { task: taskMessage(before) };
    const task = newTask(deps, { key, isDispatched: autoDispatch, ...readLoneTask(body) }, context);
    if ((await deps.tasks.create(task, entryOf(task, writer))) === 'no_workflow') {
      throw invalidArgument([{ field: 'workflow_id', reason: 'names no workflow' }]);
    }
    if (autoDispatch) deps.offered(tenantId);
    const created = await deps.tasks.read(key, { fresh: true });
    if (!created) throw notFound('task');
    return { task: taskMessage(created) };
  };
}

interface Wished extends LoneTask {
  readonly key: TaskKey;
  readonly isDispatched: boolean;
}

function newTask({ clock }: CreateTaskDeps, wished: Wished, context: HandlerContext): NewTask {
  const { name, type, requiredCapabilities, priority, maxRetries: retriesMax } = wished.document;
  const node = { nodeId: loneNodeId, name, type, requiredCapabilities, priority, retriesMax, parents: [] };
  const plan = pinWork({ failurePolicy: 'fail_fast', tasks: [{ ...node, ...timesOf(wished.document) }] });
  const run = openWork(plan);
  if (!run) throw new Error('a plan of a task is one of work');
  const trace = storeTrace(contextApi.active());
  const { tenantId, id: taskId } = wished.key;
  const record: ExecutionRecord = {
    ...{ tenantId, id: newId(), kind: 'task', domainId: '', domainVersion: 0, plan },
    ...{ subjectId: taskId, input: wished.document.inputData, principal: principalOf(context), priority },
    ...(trace ? { trace } : {}),
    createdAtMs: clock(),
  };
  return { ...wished, record, run };
}

// Without what people wrote.
function entryOf({ key, document, isDispatched, record }: NewTask, writer: Writer): WriteRecord {
  const about = { operation: 'task_creation', entityType: 'task', entityId: key.id } as const;
  const { type, priority } = document;
  const details = { type, priority, auto_dispatch: isDispatched, job_id: jobIdOf(record.id) };
  return { ...about, message: 'Created a task', details, ...writer };
}
