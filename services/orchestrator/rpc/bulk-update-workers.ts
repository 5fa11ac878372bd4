// BulkUpdateWorkers: does one thing to many workers, all or nothing, apart from those that cannot be.
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { ServiceImpl } from '@connectrpc/connect';
import type { Clock } from '../../../foundation/clock.ts';
import { invalidArgument } from '../../../foundation/fault/fault.ts';
import type { WorkerService } from '../../../proto/gen/domainflow/orchestrator/v1/worker_service_pb.js';
import type { WriteRecord } from '../core/audit.ts';
import { requireUuid } from '../core/work/work-document.ts';
import { type WorkerOperation, workerOperations } from '../core/work/worker.ts';
import type { BulkOutcome, WorkerStore } from '../store/store.ts';
import { adminTenant } from './worker-access.ts';
import { operationOf } from './worker-wire.ts';
import { writerOf } from './writer.ts';

const workersMax = 1_000;
/** Errors that the audit entry names. */
const toldErrorsMax = 10;

/** What it needs. */
export interface BulkDeps {
  readonly workers: WorkerStore;
  readonly clock: Clock;
  /** Told that tasks of a tenant were taken back. */
  readonly returned: (tenantId: string) => void;
}

/** BulkUpdateWorkers. `malformed` when an id is no UUID. */
export function bulkUpdateWorkers({
  workers,
  clock,
  returned,
}: BulkDeps): ServiceImpl<typeof WorkerService>['bulkUpdateWorkers'] {
  return async (request, context) => {
    const tenantId = adminTenant(context, 'Changing many workers at once');
    const writer = writerOf(context);
    const operation = operationOf(request.operation);
    const { length } = request.workerIds;
    if (!operation) {
      const reason = `must be one of ${workerOperations.join(', ')}`;
      throw invalidArgument([{ field: 'operation', reason }]);
    }
    if (length < 1 || length > workersMax) {
      throw invalidArgument([{ field: 'agent_ids', reason: `must have from 1 to ${workersMax} items` }]);
    }
    const workerIds = request.workerIds.map((id, at) => requireUuid(`agent_ids[${at}]`, id));
    const outcome = await workers.operate(tenantId, { operation, workerIds }, (told) => ({
      ...entryOf(operation, length, told),
      ...writer,
    }));
    if (outcome.returnedTasks > 0) returned(tenantId);
    return {
      updatedCount: outcome.updated,
      errors: [...outcome.errors],
      committedAt: timestampFromMs(clock()),
    };
  };
}

function entryOf(
  operation: WorkerOperation,
  total: number,
  { updated, returnedTasks, errors }: BulkOutcome,
): Omit<WriteRecord, 'userId' | 'traceId' | 'startedMs'> {
  const told = errors
    .slice(0, toldErrorsMax)
    .map(({ workerId, message }) => ({ agent_id: workerId, message }));
  return {
    operation: 'bulk_agent_operation',
    entityType: 'worker',
    entityId: operation,
    message: 'Changed many workers at once',
    status: errors.length === 0 ? 'success' : updated > 0 ? 'partial' : 'failure',
    details: {
      operation,
      total,
      updated,
      returned_tasks: returnedTasks,
      error_count: errors.length,
      errors: told,
    },
  };
}
