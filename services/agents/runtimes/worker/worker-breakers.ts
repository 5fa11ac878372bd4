// The circuit breakers of workers, one for each, made when it is first called. Workers come and go, so that only as many are kept as were
// called last; one that is called again after it was forgotten begins with a closed breaker.
import { type Breaker, createBreaker } from '../../../../foundation/breaker/breaker.ts';
import {
  createBreakerMetrics,
  forgetBreakerMetrics,
} from '../../../../foundation/breaker/breaker-metrics.ts';
import { defaultBreakerLimits } from '../../../../foundation/breaker/breaker-rules.ts';
import { Fault } from '../../../../foundation/fault/fault.ts';
import type { Metrics } from '../../../../foundation/telemetry/metrics.ts';
import { workerName } from '../../core/worker/worker.ts';
import { WorkerFailed } from './worker-call.ts';

/** The breaker of a worker, by its id. */
export type WorkerBreakerOf = (workerId: string) => Breaker;

/** What breakers are made with. */
export interface WorkerBreakersOptions {
  readonly metrics: Metrics;
  /** Milliseconds of a clock that does not go back. */
  readonly nowMs: () => number;
  /** The longest time of an attempt, which a trial has too, in milliseconds. */
  readonly attemptMsMax: number;
  /** The most that are kept [1,000]. */
  readonly countMax?: number;
}

const countMaxDefault = 1_000;

/** Closed breakers, named `worker:<id>`. */
export function createWorkerBreakers(options: WorkerBreakersOptions): WorkerBreakerOf {
  const { metrics, nowMs, attemptMsMax, countMax = countMaxDefault } = options;
  const breakers = new Map<string, Breaker>(); // in the order of use, since a map keeps the order of insertion
  const observer = createBreakerMetrics(metrics);
  const make = (workerId: string): Breaker =>
    createBreaker({
      ...{ name: workerName({ workerId }), nowMs, observer, isFailure: speaksAgainstWorker },
      limits: { ...defaultBreakerLimits, trialTimeoutMs: attemptMsMax },
      refusal: `The worker ${workerId} has failed several times in a row and is left alone for a while`,
    });
  const makeRoom = (): void => {
    for (const [workerId, { name }] of breakers) {
      if (breakers.size <= countMax) return;
      breakers.delete(workerId);
      forgetBreakerMetrics(metrics, name);
    }
  };
  return (workerId) => {
    const breaker = breakers.get(workerId) ?? make(workerId);
    breakers.delete(workerId);
    breakers.set(workerId, breaker);
    makeRoom();
    return breaker;
  };
}

/** True when the worker was lost or took all the time that there was; what it answered says nothing against it. */
function speaksAgainstWorker(error: unknown): boolean {
  if (error instanceof WorkerFailed) return error.retryable;
  return error instanceof Fault && error.reason === 'deadline_exceeded';
}
