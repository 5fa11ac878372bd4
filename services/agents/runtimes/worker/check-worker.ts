// Asks a worker once whether it is well. A question about one whose breaker was found open is a trial of that breaker, so that a worker comes
// back though nobody gives it work; every other question leaves breakers alone.
import { Code, ConnectError } from '@connectrpc/connect';
import type { GuardPolicy } from '../../../../foundation/net/guarded-connect.ts';
import type { Outbound } from '../../../../foundation/net/outbound-fetch.ts';
import { createMeshClient } from '../../../../foundation/rpc/mesh-client.ts';
import { Health, HealthCheckResponse_ServingStatus } from '../../../../proto/gen/grpc/health/v1/health_pb.js';
import type { Worker } from '../../core/worker/worker.ts';
import { healthUrl } from '../../core/worker/worker-request.ts';
import type { WorkerBreakerOf } from './worker-breakers.ts';
import { workerLost } from './worker-call.ts';
import { openWorkerTransport } from './worker-transport.ts';

/** Longest time that a worker has for saying that it is well, in milliseconds. */
export const healthMsMax = 5_000;

/** Until a breaker that tries is tried again, in milliseconds. */
const nextTrialMs = 1_000;

const bodyBytesMax = 65_536;

/** What asking needs. */
export interface CheckWorkerDeps {
  readonly outbound: Outbound;
  readonly policy: GuardPolicy;
  readonly breakerOf: WorkerBreakerOf;
  /** The clock of the breakers. */
  readonly nowMs: () => number;
}

/** A question after a worker. */
export interface WorkerQuestion {
  readonly tenantId: string;
  readonly worker: Worker;
  /** The question is a trial of the worker's breaker. */
  readonly trial: boolean;
  readonly signal: AbortSignal;
}

/** What was found. */
export interface WorkerCheck {
  readonly answered: boolean;
  /** Of a trial: whether the breaker is closed. */
  readonly callable: boolean;
  /** Until another trial is worth making, in milliseconds; 0 where it is callable, or was no trial. */
  readonly retryAfterMs: number;
}

/** Asks once; never rejects for what the worker does. */
export type CheckWorker = (question: WorkerQuestion) => Promise<WorkerCheck>;

/** Asks `GET {endpoint}/health`, and workers by gRPC for their health service. */
export function createCheckWorker(deps: CheckWorkerDeps): CheckWorker {
  return async (question) => {
    const ask = () => requireWell(deps, question);
    if (!question.trial) return { answered: await succeeds(ask()), callable: false, retryAfterMs: 0 };
    const breaker = deps.breakerOf(question.tenantId, question.worker.workerId);
    const answered = await succeeds(breaker.run(ask));
    const { mode, openUntilMs } = breaker.look();
    if (mode === 'closed') return { answered, callable: true, retryAfterMs: 0 };
    const leftMs =
      openUntilMs === undefined ? nextTrialMs : Math.max(nextTrialMs, openUntilMs - deps.nowMs());
    return { answered, callable: false, retryAfterMs: leftMs };
  };
}

function succeeds(work: Promise<void>): Promise<boolean> {
  return work.then(
    () => true,
    () => false, // why is of no use to who asks: the platform only wants to know whether the worker lives
  );
}

/** Throws WorkerFailed unless the worker says that it is well. */
async function requireWell(deps: CheckWorkerDeps, question: WorkerQuestion): Promise<void> {
  const { worker, signal } = question;
  const timeout = AbortSignal.timeout(healthMsMax);
  const ends = AbortSignal.any([signal, timeout]);
  try {
    if (await (worker.protocol === 'grpc' ? servesGrpc : answersHttp)(deps, worker, ends)) return;
  } catch {
    signal.throwIfAborted();
  }
  throw workerLost(worker, 'does not say that it is well');
}

async function answersHttp(
  { outbound }: CheckWorkerDeps,
  worker: Worker,
  signal: AbortSignal,
): Promise<boolean> {
  const request = { bodyBytesMax, timeoutMs: healthMsMax, signal };
  const response = await outbound.fetch(healthUrl(worker.endpoint), request);
  await response.body?.cancel();
  // The contract that a worker by Connect keeps has no such path: that it answers is enough.
  return response.ok || (worker.protocol === 'connect' && response.status < 500);
}

async function servesGrpc(
  { policy }: CheckWorkerDeps,
  worker: Worker,
  signal: AbortSignal,
): Promise<boolean> {
  const { transport, close } = openWorkerTransport(worker, policy);
  try {
    const client = createMeshClient(Health, transport);
    const { status } = await client.check({}, { signal, timeoutMs: healthMsMax });
    return status === HealthCheckResponse_ServingStatus.SERVING;
  } catch (error) {
    return ConnectError.from(error).code === Code.Unimplemented; // it answers, and has no such service
  } finally {
    close();
  }
}
