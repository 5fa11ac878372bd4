// GetDatabaseHealth: asks the database whether it answers, and tells of the connections to it. It answers also when the database does not.
import type { HandlerContext, ServiceImpl } from '@connectrpc/connect';
import type { WorkerService } from '../../../proto/gen/domainflow/orchestrator/v1/worker_service_pb.js';
import type { ConnectionFigures, WorkerStore } from '../store/store.ts';
import { readerTenant } from './worker-access.ts';

/** How long the database may take to count as healthy, in milliseconds. */
const answerMsMax = 3_000;
/** Part of the caller's time that is kept for the answer, in milliseconds. */
const answerMarginMs = 100;

/** GetDatabaseHealth. */
export function getDatabaseHealth(
  workers: WorkerStore,
): ServiceImpl<typeof WorkerService>['getDatabaseHealth'] {
  return async (_request, context) => {
    const tenantId = readerTenant(context);
    const told = await within(timeFor(context), workers.databaseFigures(tenantId));
    const figures = connectionFigures(workers.connections());
    if (!told) return { healthy: false, message: 'The database does not answer', ...figures };
    return {
      healthy: true,
      message: 'The database answers',
      workerCount: BigInt(told.workers),
      taskCount: BigInt(told.tasks),
      activeConnections: told.connections,
      ...figures,
    };
  };
}

function timeFor(context: HandlerContext): number {
  return Math.max(0, Math.min(answerMsMax, (context.timeoutMs() ?? answerMsMax) - answerMarginMs));
}

/** What was asked for, or undefined when it fails or takes longer. */
async function within<T>(timeMs: number, asked: Promise<T>): Promise<T | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), timeMs);
  const answered = asked.catch(() => undefined); // the pool logs and counts why
  try {
    return await Promise.race([answered, late]);
  } finally {
    clearTimeout(timer);
  }
}

function connectionFigures({ kept, idle, inUse, broken }: ConnectionFigures) {
  const overflow = Math.max(0, idle + inUse - kept);
  return { poolSize: kept, checkedIn: idle, checkedOut: inUse, overflow, invalid: broken };
}
