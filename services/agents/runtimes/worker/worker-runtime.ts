// The worker runtime: gives the task to a worker of the tenant, calls it again where it was lost, and reads what it answers. How a worker is
// called is known elsewhere. A worker is given no identity of the platform: neither a token nor who the run works for.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Tracer } from '@opentelemetry/api';
import type { Clock } from '../../../../foundation/clock.ts';
import type { OutputCheck } from '../../../../foundation/json/output-check.ts';
import type { Network } from '../../../../foundation/net/address.ts';
import { outboundUrlProblem } from '../../../../foundation/net/outbound-url.ts';
import { Attribute, spanName } from '../../../../foundation/telemetry/names.ts';
import { injectHeaders } from '../../../../foundation/telemetry/propagation.ts';
import { inSpan } from '../../../../foundation/telemetry/spans.ts';
import type { Invocation } from '../../core/invocation.ts';
import { AttemptFailed } from '../../core/invocation-failure.ts';
import { retriesMax, retryWaitMs } from '../../core/remote/retry-wait.ts';
import { readWorkerAnswer } from '../../core/worker/read-worker-answer.ts';
import { type WorkerProtocol, workerName } from '../../core/worker/worker.ts';
import { idempotencyKey } from '../../core/worker/worker-request.ts';
import type { RunAgent } from '../run-agent.ts';
import type { WorkerBreakerOf } from './worker-breakers.ts';
import { type CallWorker, endpointRefused, type WorkerCall, WorkerFailed } from './worker-call.ts';

/** What the runtime is made of. */
export interface WorkerRuntimeDeps {
  /** How a worker of each protocol is called. */
  readonly calls: Readonly<Record<WorkerProtocol, CallWorker>>;
  /** Where private addresses and http will do. */
  readonly networks: readonly Network[];
  readonly breakerOf: WorkerBreakerOf;
  readonly outputs: OutputCheck;
  readonly tracer: Tracer;
  readonly clock: Clock;
  /** From 0 to below 1. */
  readonly chance: () => number;
  /** Waits before a call is made again; rejects when the signal is aborted [a timer]. */
  readonly wait?: (waitMs: number, signal: AbortSignal) => Promise<unknown>;
}

/** Time that must be left after a wait, in milliseconds: a call within less could hardly be answered. */
const callMsMin = 500;

/**
 * Runs agents on workers. AttemptFailed `model_unavailable` for one without a worker, and as the worker failed; Fault `unavailable` with the
 * time to wait while the worker's breaker is open.
 */
export function createWorkerRuntime(deps: WorkerRuntimeDeps): RunAgent {
  return async (invocation, circumstances) => {
    const { worker } = invocation;
    if (!worker) throw withoutWorker(invocation);
    const problem = outboundUrlProblem(worker.endpoint, deps.networks);
    if (problem !== undefined) throw new AttemptFailed(endpointRefused(worker, problem).failure);
    const text = await callUntilAnswered(deps, { invocation, worker, circumstances });
    const read = readWorkerAnswer(text, { invocation, capability: circumstances.capability }, deps.outputs);
    if ('failure' in read) throw new AttemptFailed(read.failure);
    return { answer: read.answer, runtime: workerName(worker) };
  };
}

type Asked = Pick<WorkerCall, 'invocation' | 'worker' | 'circumstances'>;

/** Calls under the same key, so that a worker that keeps to it does the work once. */
async function callUntilAnswered(deps: WorkerRuntimeDeps, asked: Asked): Promise<string> {
  const breaker = deps.breakerOf(asked.circumstances.tenantId, asked.worker.workerId);
  const told = { textLength: 0, toolCalls: 0 };
  for (let retries = 0; ; retries += 1) {
    try {
      return await breaker.run(() => callOnce(deps, { ...asked, retries, told }));
    } catch (error) {
      if (!(error instanceof WorkerFailed)) throw error;
      await beforeRetry(deps, asked, { error, retries });
    }
  }
}

function callOnce(deps: WorkerRuntimeDeps, call: Omit<WorkerCall, 'headers'>): Promise<string> {
  const { invocation, worker, circumstances, retries } = call;
  const { taskId, attempt, jobId } = invocation.attemptKey;
  const attributes = {
    [Attribute.agentRuntime]: invocation.runtime,
    [Attribute.executionId]: jobId,
    [Attribute.taskId]: taskId,
    [Attribute.taskAttempt]: attempt,
    ...(retries > 0 ? { [Attribute.rpcRetryCount]: retries } : {}),
  };
  return inSpan(deps.tracer, spanName.callWorker(worker.protocol), { kind: 'client', attributes }, (span) => {
    circumstances.signal.throwIfAborted();
    const headers = new Headers({ 'idempotency-key': idempotencyKey(invocation) });
    injectHeaders(span.context, headers);
    return deps.calls[worker.protocol]({ ...call, headers });
  });
}

interface Failed {
  readonly error: WorkerFailed;
  readonly retries: number;
}

/** Waits before a call is made again; throws when it is not. */
async function beforeRetry(
  { clock, chance, wait = (waitMs, signal) => sleep(waitMs, undefined, { signal }) }: WorkerRuntimeDeps,
  { circumstances }: Asked,
  { error, retries }: Failed,
): Promise<void> {
  const { signal, tell, timeLeftMs } = circumstances;
  signal.throwIfAborted();
  const { failure, retryable, headers } = error;
  if (!retryable || retries >= retriesMax) throw new AttemptFailed(failure);
  const waitMs = retryWaitMs({ retries, headers, nowMs: clock(), chance: chance() });
  if (waitMs + callMsMin > timeLeftMs()) throw new AttemptFailed(failure);
  const seconds = Math.ceil(waitMs / 1_000);
  tell({ kind: 'progress', message: `${failure.message}; it is called again in ${seconds} s` });
  await wait(waitMs, signal).catch(() => signal.throwIfAborted());
}

function withoutWorker({ agentName }: Invocation): AttemptFailed {
  const message = `The agent ${agentName} needs a worker, and none is registered for it: use one of the builtin agents instead`;
  return new AttemptFailed({ code: 'model_unavailable', message });
}
