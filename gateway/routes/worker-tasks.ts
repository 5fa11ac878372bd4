// What workers that pull do with tasks: claim them by a long poll, and say what came of an attempt.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { monotonicMs } from '../../foundation/clock.ts';
import { malformed, notFound } from '../../foundation/fault/fault.ts';
import { newId } from '../../foundation/ids/ids.ts';
import { callWith } from '../../foundation/rpc/caller.ts';
import type { ClaimedTask } from '../../proto/gen/domainflow/orchestrator/v1/task_pb.js';
import { callerOf } from '../auth/require-principal.ts';
import { claimInParts, returnUntold } from '../clients/claim-parts.ts';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { claimOf } from '../http/request-claim.ts';
import { scopeOf } from '../http/request-scope.ts';
import { sentDocument } from './definition-request.ts';
import { meshCall, readTimeoutMs } from './mesh-call.ts';
import { workId, workSchema } from './work-operation.ts';
import { claimedTaskJson, taskStatus } from './work-task-json.ts';
import { workerTaskOperations } from './work-task-operations.ts';

/** What the routes need. */
export interface WorkerTaskDeps {
  readonly clients: Pick<MeshClients, 'tasks'>;
  /** Whether the gateway is closing. */
  readonly health: { readonly draining: () => boolean };
}

interface ClaimBody {
  readonly max: number;
  readonly wait_s: number;
}

const config = { role: 'admin', permission: 'agent:register' } as const;

/** Registers the routes. */
export function workerTaskRoutes(app: FastifyInstance, deps: WorkerTaskDeps): void {
  const { tasks } = deps.clients;
  app.post<{ Body: ClaimBody }>(
    '/agents/:agent_id/tasks/claim',
    { config: { ...config, waits: true }, schema: workSchema(workerTaskOperations.claim) },
    async (request) => {
      const workerId = workId(request, 'agent_id');
      const { max, wait_s: waitS } = request.body;
      const claimed = await claim(request, { workerId, max, waitS }, deps);
      return { tasks: claimed.map(claimedTaskJson) };
    },
  );

  app.post(
    '/tasks/:task_id/attempts/:attempt/result',
    { config, schema: workSchema(workerTaskOperations.result) },
    async (request) => {
      const wanted = { taskId: workId(request, 'task_id'), attempt: attemptOf(request) };
      const { task, errorCode, errorMessage } = await tasks.endAttempt(
        { ...wanted, result: sentDocument(request) },
        meshCall(request),
      );
      if (!task) throw notFound('task');
      const fault = { error_code: errorCode || null, error_message: errorMessage || null };
      return { task_id: task.id, status: taskStatus(task), ...fault };
    },
  );
}

interface Claim {
  readonly workerId: string;
  readonly max: number;
  readonly waitS: number;
}

// What is given to a worker that has gone by then goes back at once; its lease would bring it back later. Under an Idempotency-Key it is kept for
// the worker's next try. A gateway that closes lets the part of the wait end that is under way: breaking it off could lose what was just given.
function claim(
  request: FastifyRequest,
  { workerId, max, waitS }: Claim,
  { clients: { tasks }, health }: WorkerTaskDeps,
): Promise<readonly ClaimedTask[]> {
  const claimId = newId();
  const claiming = claimInParts({
    waitS,
    take: async (partS) => {
      const call = meshCall(request, partS * 1000 + readTimeoutMs);
      return (await tasks.claimTasks({ workerId, max, waitS: partS, claimId }, call)).tasks;
    },
    isOver: health.draining,
    nowMs: monotonicMs,
  });
  const token = callerOf(request).meshToken();
  const giveBack = () =>
    tasks.returnClaim({ workerId, claimId }, callWith({ token, timeoutMs: readTimeoutMs }));
  const { signal } = scopeOf(request);
  const isGone = () => signal.aborted && !claimOf(request);
  void returnUntold({ claiming, isGone, giveBack }).then(() => {
    // It has its answer, which may still not reach it.
    const late = { claiming, isGone, giveBack };
    if (!signal.aborted) signal.addEventListener('abort', () => void returnUntold(late));
  });
  return claiming;
}

function attemptOf(request: FastifyRequest): number {
  const { attempt = '' } = request.params as { readonly attempt?: string };
  if (/^[1-9][0-9]{0,8}$/.test(attempt)) return Number(attempt);
  throw malformed([{ field: 'attempt', reason: 'must be a whole number from 1' }]);
}
