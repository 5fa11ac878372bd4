// ClaimTasks: a worker asks for tasks, and waits for one if there is none.
import type { HandlerContext, ServiceImpl } from '@connectrpc/connect';
import { Fault, invalidArgument, notFound } from '../../../foundation/fault/fault.ts';
import type { TaskService } from '../../../proto/gen/domainflow/orchestrator/v1/task_service_pb.js';
import { requireUuid } from '../core/work/work-document.ts';
import type { ClaimWaiters } from '../engine/dispatch/claim-waiters.ts';
import type { DispatchStore, GivenAttempt, Greeted, TaskClaim } from '../store/store.ts';
import { claimedMessage } from './task-wire.ts';
import { adminTenant, presentWorker } from './worker-access.ts';

const claimMax = 100;
const waitSMax = 30;
/** What is left for the answer, in milliseconds. */
const answerMs = 500;

/** What claiming needs. */
export interface ClaimTasksDeps {
  readonly dispatch: Pick<DispatchStore, 'greet' | 'claim' | 'giveBack'>;
  readonly waiters: Pick<ClaimWaiters, 'wait' | 'offered'>;
}

/** ClaimTasks. */
export function claimTasks(deps: ClaimTasksDeps): ServiceImpl<typeof TaskService>['claimTasks'] {
  const { dispatch, waiters } = deps;
  return async (request, context) => {
    const tenantId = adminTenant(context, 'Working on tasks');
    const workerId = requireUuid('worker_id', request.workerId);
    const max = request.max === 0 ? 1 : request.max;
    requireSizes(max, request.waitS);
    requireServing(await dispatch.greet(tenantId, workerId));
    const claimId = request.claimId === '' ? undefined : requireUuid('claim_id', request.claimId);
    const claim = { tenantId, workerId, max, claimId };
    const look = () => claimNow(deps, claim, context.signal);
    const given = await look();
    const waitMs = waitMsOf(request.waitS, context);
    if (given.length > 0 || waitMs === 0) return { tasks: given.map(claimedMessage) };
    const waited = await waiters.wait({ ...claim, waitMs, signal: context.signal, look });
    return { tasks: waited.map(claimedMessage) };
  };
}

// What is given to a worker that is not there any more is others' at once, and not only when its lease is over.
async function claimNow(
  { dispatch, waiters }: ClaimTasksDeps,
  claim: TaskClaim,
  gone: AbortSignal,
): Promise<readonly GivenAttempt[]> {
  const claimed = await dispatch.claim(claim);
  if (claimed.type !== 'given') {
    requireServing(claimed.type);
    return [];
  }
  if (!gone.aborted || claimed.given.length === 0) return claimed.given;
  if ((await dispatch.giveBack(claim, claimed.given)) > 0) waiters.offered(claim.tenantId);
  return [];
}

function requireServing(found: Greeted): void {
  if (found === 'no_worker') throw notFound('worker');
  if (found === 'removed') presentWorker(found);
  if (found === 'deactivated') {
    throw new Fault('failed_precondition', 'The worker is deactivated: it is given no tasks');
  }
}

function requireSizes(max: number, waitS: number): void {
  const violations = [
    ...(max < 1 || max > claimMax ? [{ field: 'max', reason: `must be 1 to ${claimMax}` }] : []),
    ...(waitS < 0 || waitS > waitSMax ? [{ field: 'wait_s', reason: `must be 0 to ${waitSMax}` }] : []),
  ];
  if (violations.length > 0) throw invalidArgument(violations);
}

function waitMsOf(waitS: number, context: Pick<HandlerContext, 'timeoutMs'>): number {
  const leftMs = (context.timeoutMs() ?? waitSMax * 1_000) - answerMs;
  return Math.max(0, Math.min(waitS * 1_000, leftMs));
}
