// EndAttempt: a worker says what came of an attempt. It is recorded first, and its run is told then.
import { createHash } from 'node:crypto';
import type { HandlerContext, ServiceImpl } from '@connectrpc/connect';
import { Fault, invalidArgument, notFound } from '../../../foundation/fault/fault.ts';
import { canonicalJson } from '../../../foundation/json/canonical-json.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import type { OutputCheck } from '../../../foundation/json/output-check.ts';
import type { TaskService } from '../../../proto/gen/domainflow/orchestrator/v1/task_service_pb.js';
import { judgedResult, readAttemptResult } from '../core/work/attempt-result.ts';
import { requireUuid } from '../core/work/work-document.ts';
import type { Engine } from '../engine/engine.ts';
import type { AttemptEnd, EndedAttempt, ExecutionKey } from '../store/store.ts';
import type { AssignTaskDeps } from './assign-task.ts';
import { findTask } from './get-task.ts';
import { taskMessage } from './task-wire.ts';
import { adminTenant } from './worker-access.ts';

/** Longest wait for the run, in milliseconds. */
const reachMsMax = 5_000;
/** What is left for the answer, in milliseconds. */
const answerMs = 500;

/** How runs are reached. */
export interface ReachRun {
  readonly deliver: Engine['deliver'];
}

/** What ending attempts needs. */
export interface EndAttemptDeps extends AssignTaskDeps, ReachRun {
  /** Holds outputs against what agents promise. */
  readonly outputs: OutputCheck;
}

/** EndAttempt. A task whose run could not be told in time is answered as running: what was sent is kept, and the run will be told. */
export function endAttempt(deps: EndAttemptDeps): ServiceImpl<typeof TaskService>['endAttempt'] {
  return async ({ taskId, attempt, result: sent = {} }, context) => {
    const tenantId = adminTenant(context, 'Answering for workers');
    const key = { tenantId, id: requireUuid('task_id', taskId) };
    const read = readAttemptResult(sent);
    const violations = [
      ...('violations' in read ? read.violations : []),
      ...(attempt < 1 ? [{ field: 'attempt', reason: 'must be 1 or more' }] : []),
    ];
    if (violations.length > 0 || 'violations' in read) throw invalidArgument(violations);
    const { result } = read;
    const hash = attemptHash(attempt, sent);
    const judge: AttemptEnd['judge'] = (told, schema) => judgedResult(told, deps.outputs, schema);
    const ended = await deps.dispatch.end({ ...key, attempt, result, judge, hash, random: Math.random() });
    const { execution, result: recorded } = requireEnded(ended);
    await reachRun(deps, execution, context);
    deps.offered(tenantId);
    const task = taskMessage(await findTask(deps.tasks, key, { ofPlaybooks: true }));
    return { task, errorCode: recorded.fault?.code ?? '', errorMessage: recorded.fault?.message ?? '' };
  };
}

/** By what an answer is known again: of each attempt its own. */
export function attemptHash(attempt: number, sent: JsonObject): Buffer {
  return createHash('sha256')
    .update(`${attempt} ${canonicalJson(sent)}`)
    .digest();
}

function requireEnded(
  ended: EndedAttempt,
): Extract<EndedAttempt, { readonly type: 'recorded' | 'repeated' }> {
  switch (ended.type) {
    case 'recorded':
    case 'repeated':
      return ended;
    case 'no_task':
      throw notFound('task');
    case 'lost':
      throw new Fault('aborted', 'The attempt is not the worker’s any more, or never was');
    case 'answered':
      throw new Fault('aborted', 'The attempt was answered before with something else');
  }
}

/** Waits for the run to have heard what waits for it, but not for long: it will hear of it in any case. */
export async function reachRun(
  { deliver }: ReachRun,
  execution: ExecutionKey,
  context: Pick<HandlerContext, 'timeoutMs'>,
): Promise<void> {
  const leftMs = (context.timeoutMs() ?? reachMsMax) - answerMs;
  try {
    await deliver(execution, Math.max(0, Math.min(leftMs, reachMsMax)));
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
  }
}
