// ClaimTasks: a worker asks for tasks, and waits for one if there is none.
import type { HandlerContext, ServiceImpl } from '@connectrpc/connect';
import { Fault, invalidArgument, notFound } from '../../../foundation/fault/fault.ts';
import type { TaskService } from '../../../proto/gen/domainflow/orchestrator/v1/task_service_pb.js';
import { requireUuid } from '../core/work/work-document.ts';
import type { ClaimWaiters } from '../engine/dispatch/claim-waiters.ts';
import type { DispatchStore, GivenAttempt, TaskClaim } from '../store/store.ts';
import { claimedMessage } from './task-wire.ts';
import { editorTenant } from './worker-access.ts';

const claimMax = 100;
const waitSMax = 30;
/** What is left for the answer, in milliseconds. */
const answerMs = 500;

/** What claiming needs. */
export interface ClaimTasksDeps {
  readonly dispatch: Pick<DispatchStore, 'greet' | 'claim'>;
  readonly waiters: Pick<ClaimWaiters, 'wait'>;
}

/** ClaimTasks. */
export function claimTasks({
  dispatch,
  waiters,
}: ClaimTasksDeps): ServiceImpl<typeof TaskService>['claimTasks'] {
  return async (request, context) => {
    const tenantId = editorTenant(context, 'Working on tasks');
    const workerId = requireUuid('worker_id', request.workerId);
    const max = request.max === 0 ? 1 : request.max;
    requireSizes(max, request.waitS);
    requireServing(await dispatch.greet(tenantId, workerId));
    const claim = { tenantId, workerId, max };
    const look = () => claimNow(dispatch, claim);
    const given = await look();
    const waitMs = waitMsOf(request.waitS, context);
    if (given.length > 0 || waitMs === 0) return { tasks: given.map(claimedMessage) };
    const waited = await waiters.wait({ ...claim, waitMs, signal: context.signal, look });
    return { tasks: waited.map(claimedMessage) };
  };
}

async function claimNow(
  dispatch: Pick<DispatchStore, 'claim'>,
  claim: TaskClaim,
): Promise<readonly GivenAttempt[]> {
  const claimed = await dispatch.claim(claim);
  if (claimed.type === 'given') return claimed.given;
  requireServing(claimed.type);
  return [];
}

function requireServing(found: 'active' | 'no_worker' | 'inactive'): void {
  if (found === 'no_worker') throw notFound('worker');
  if (found === 'inactive') {
    throw new Fault('failed_precondition', 'The worker was removed or deactivated: it is given no tasks');
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
