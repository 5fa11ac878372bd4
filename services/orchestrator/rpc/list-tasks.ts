// ListTasks: a part of the tasks of API v2.
import type { ServiceImpl } from '@connectrpc/connect';
import { invalidArgument, malformed, type Violation } from '../../../foundation/fault/fault.ts';
import { isUuid } from '../../../foundation/ids/ids.ts';
import { TaskOrder as OrderMessage } from '../../../proto/gen/domainflow/orchestrator/v1/task_pb.js';
import type {
  ListTasksRequest,
  TaskService,
} from '../../../proto/gen/domainflow/orchestrator/v1/task_service_pb.js';
import type { TaskOrder, TaskSlice, TaskStore } from '../store/store.ts';
import { taskMessage, taskStatusOf } from './task-wire.ts';
import { readerTenant } from './worker-access.ts';

const limitMax = 1_000;
const limitUsual = 100;

const orders: Readonly<Record<OrderMessage, TaskOrder>> = {
  [OrderMessage.UNSPECIFIED]: 'priority',
  [OrderMessage.CREATED_AT]: 'created_at',
  [OrderMessage.PRIORITY]: 'priority',
  [OrderMessage.STATUS]: 'status',
  [OrderMessage.NAME]: 'name',
  [OrderMessage.TYPE]: 'type',
};

/** ListTasks. An id that is no UUID is `malformed`. */
export function listTasks(tasks: TaskStore): ServiceImpl<typeof TaskService>['listTasks'] {
  return async (request, context) => {
    const tenantId = readerTenant(context);
    const { items, total } = await tasks.list(tenantId, sliceOf(request));
    return { tasks: items.map(taskMessage), totalCount: BigInt(total) };
  };
}

function sliceOf(request: ListTasksRequest): TaskSlice {
  const { offset, ascending, sortBy, workflowId, workerId } = request;
  const limit = request.limit === 0 ? limitUsual : request.limit;
  const ids = { workflow_id: workflowId, worker_id: workerId };
  const forms: Violation[] = Object.entries(ids)
    .filter(([, id]) => id !== '' && !isUuid(id))
    .map(([field]) => ({ field, reason: 'must be a UUID' }));
  const wrong: Violation[] = [];
  if (limit < 1 || limit > limitMax) wrong.push({ field: 'limit', reason: `must be 1 to ${limitMax}` });
  if (offset < 0) wrong.push({ field: 'offset', reason: 'must be 0 or more' });
  const order: TaskOrder | undefined = orders[sortBy];
  if (!order) wrong.push({ field: 'sort_by', reason: 'is none that is known' });
  if (forms.length > 0) throw malformed([...forms, ...wrong]);
  if (wrong.length > 0) throw invalidArgument(wrong);
  const status = taskStatusOf(request.status);
  return {
    ...{ limit, offset, ascending, sortBy: order ?? 'priority' },
    ...(status === undefined ? {} : { status }),
    ...(workflowId === '' ? {} : { workflowId }),
    ...(workerId === '' ? {} : { workerId }),
  };
}
