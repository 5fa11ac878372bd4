// The gate for workers that speak gRPC: what they ask is asked of the orchestrator in their name, as by REST API v2.
import type { CallOptions, HandlerContext, ServiceImpl } from '@connectrpc/connect';
import { monotonicMs } from '../../foundation/clock.ts';
import { asFault, Fault, invalidArgument, malformed } from '../../foundation/fault/fault.ts';
import type { TokenMint } from '../../foundation/identity/token-mint.ts';
import { isUuid, newId } from '../../foundation/ids/ids.ts';
import { callerOf, callWith } from '../../foundation/rpc/caller.ts';
import { WorkerStatus } from '../../proto/gen/domainflow/orchestrator/v1/worker_pb.js';
import type { WorkerGateService } from '../../proto/gen/domainflow/workers/v1/worker_gate_service_pb.js';
import { claimInParts, returnUntold } from '../clients/claim-parts.ts';
import type { MeshClients } from '../clients/mesh-clients.ts';
import { publicError } from '../http/public-error.ts';
import { enumWord } from './enum-words.ts';
import { readTimeoutMs } from './mesh-call.ts';
import { taskStatus } from './work-task-json.ts';
import { claimTasksMax, claimWaitMaxS } from './work-task-operations.ts';

/** What the gate needs. */
export interface WorkerGateDeps {
  readonly clients: Pick<MeshClients, 'workers' | 'tasks'>;
  readonly mint: TokenMint;
  /** Whether the gateway is closing. */
  readonly health: { readonly draining: () => boolean };
}

/** Part of a call's time that is kept for its answer, in milliseconds. */
const answerMarginMs = 500;

/** The service. */
export function workerGate(deps: WorkerGateDeps): ServiceImpl<typeof WorkerGateService> {
  const { workers, tasks } = deps.clients;
  const call = (context: HandlerContext): CallOptions => callFor(context, deps);
  return {
    register: ({ worker }, context) =>
      told(async () => {
        const found = await workers.registerWorker({ worker: worker ?? {} }, call(context));
        return { workerId: found.worker?.id ?? '', created: found.created };
      }),
    heartbeat: ({ workerId, heartbeat }, context) =>
      told(async () => {
        const wanted = { workerId: idOf('worker_id', workerId), heartbeat: heartbeat ?? {} };
        const { status, lastSeen, nextHeartbeatS, lostTaskIds } = await workers.heartbeat(
          wanted,
          call(context),
        );
        const word = enumWord(WorkerStatus, status) ?? '';
        return { status: word, nextHeartbeatS, lostTaskIds, ...(lastSeen && { lastSeen }) };
      }),
    claim: (request, context) => told(() => claim(request, context, deps)),
    endAttempt: ({ taskId, attempt, result }, context) =>
      told(async () => {
        const wanted = { taskId: idOf('task_id', taskId), attempt, result: result ?? {} };
        if (attempt < 1) throw malformed([{ field: 'attempt', reason: 'must be a whole number from 1' }]);
        const { task, errorCode, errorMessage } = await tasks.endAttempt(wanted, call(context));
        return { status: task ? taskStatus(task) : '', errorCode, errorMessage };
      }),
  };
}

interface Wanted {
  readonly workerId: string;
  readonly max: number;
  readonly waitS: number;
}

async function claim(asked: Wanted, context: HandlerContext, deps: WorkerGateDeps) {
  const { tasks } = deps.clients;
  const workerId = idOf('worker_id', asked.workerId);
  const max = asked.max === 0 ? 1 : asked.max;
  const problems = [
    ...outside('max', max, { min: 1, max: claimTasksMax }),
    ...outside('wait_s', asked.waitS, { min: 0, max: claimWaitMaxS }),
  ];
  if (problems.length > 0) throw invalidArgument(problems);
  const leftMs = Math.max(0, (context.timeoutMs() ?? 0) - 2 * answerMarginMs);
  const claimId = newId();
  const claiming = claimInParts({
    waitS: Math.min(asked.waitS, Math.floor(leftMs / 1000)),
    take: async (waitS) =>
      (await tasks.claimTasks({ workerId, max, waitS, claimId }, callFor(context, deps))).tasks,
    isOver: deps.health.draining,
    nowMs: monotonicMs,
  });
  const isGone = () => context.signal.aborted;
  const left = { workerId, claimId };
  void returnUntold({ claiming, isGone, giveBack: () => giveBack(left, context, deps) });
  const found = await claiming;
  return { tasks: [...found] };
}

// The worker has gone: its own call has no time left and no signal that would not end this one.
function giveBack(
  left: { readonly workerId: string; readonly claimId: string },
  context: HandlerContext,
  { clients, mint }: WorkerGateDeps,
): Promise<unknown> {
  const token = mint.mint(callerOf(context).principal);
  return clients.tasks.returnClaim(left, callWith({ token, timeoutMs: readTimeoutMs }));
}

function outside(field: string, value: number, { min, max }: { readonly min: number; readonly max: number }) {
  return value >= min && value <= max ? [] : [{ field, reason: `must be from ${min} to ${max}` }];
}

function callFor(context: HandlerContext, { mint }: WorkerGateDeps): CallOptions {
  const timeoutMs = (context.timeoutMs() ?? 0) - answerMarginMs;
  if (timeoutMs <= 0) throw new Fault('deadline_exceeded', 'The time for the call is up');
  return callWith({ token: mint.mint(callerOf(context).principal), timeoutMs, signal: context.signal });
}

function idOf(field: string, id: string): string {
  if (!isUuid(id)) throw malformed([{ field, reason: 'must be a UUID' }]);
  return id.toLowerCase();
}

// What a failure of the mesh says of the inside stays here, as it does behind the REST API.
async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { reason, retryAfterMs } = asFault(error);
    const { sentence, violations } = publicError(error, true);
    throw new Fault(reason, sentence, {
      ...{ violations, cause: error },
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  }
}
