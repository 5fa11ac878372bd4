// The circuit breakers of workers, one for each, made when it is first called. Workers come and go, so that only as many are kept as were
// called last; one that is called again after it was forgotten begins with a closed breaker.
import type { Breaker } from '../../../../foundation/breaker/breaker.ts';
import type { BreakerBoard } from '../../../../foundation/breaker/breaker-board.ts';
import { Fault } from '../../../../foundation/fault/fault.ts';
import { workerName } from '../../core/worker/worker.ts';
import { WorkerFailed } from './worker-call.ts';

/** The breaker of a worker of a tenant, by its id. */
export type WorkerBreakerOf = (tenantId: string, workerId: string) => Breaker;

/** What breakers are made with. */
export interface WorkerBreakersOptions {
  readonly board: BreakerBoard;
  /** The longest time of an attempt, which a trial has too, in milliseconds. */
  readonly attemptMsMax: number;
  /** The most that are kept [1,000]. */
  readonly countMax?: number;
}

const countMaxDefault = 1_000;

/** Closed breakers, measured as `worker:<id>`. */
export function createWorkerBreakers(options: WorkerBreakersOptions): WorkerBreakerOf {
  const { board, attemptMsMax, countMax = countMaxDefault } = options;
  return (tenantId, workerId) =>
    board.of({
      key: `worker:${tenantId}/${workerId}`,
      ...{ name: workerName({ workerId }), isFailure: speaksAgainstWorker, kindMax: countMax },
      limits: { trialTimeoutMs: attemptMsMax },
      refusal: `The worker ${workerId} has failed several times in a row and is left alone for a while`,
    });
}

/** True when the worker was lost or took all the time that there was; what it answered says nothing against it. */
function speaksAgainstWorker(error: unknown): boolean {
  if (error instanceof WorkerFailed) return error.retryable;
  return error instanceof Fault && error.reason === 'deadline_exceeded';
}
