// What Prometheus sees of attempts: how many run, how many callers joined one that was there, and how they ended.
import { Counter, Gauge } from 'prom-client';
import type { Metrics } from '../../../foundation/telemetry/metrics.ts';
import { MetricName } from '../../../foundation/telemetry/names.ts';

/** Measures attempts. */
export interface InvocationMetrics {
  /** Takes how many run now. */
  running(count: number): void;
  /** A caller joined an attempt that ran or had ended. */
  joined(state: 'running' | 'ended'): void;
  /** An attempt ended: `result`, or the code of its failure. */
  ended(outcome: string): void;
}

/** Registers the metrics. `runningMax` is how many may run at the same time. */
export function createInvocationMetrics(metrics: Metrics, runningMax: number): InvocationMetrics {
  const registers = [metrics];
  const running = new Gauge({
    name: MetricName.invocationsRunning,
    help: 'Attempts of tasks that run now',
    registers,
  });
  new Gauge({
    name: MetricName.invocationsMax,
    help: 'Attempts of tasks that may run at the same time',
    registers,
  }).set(runningMax);
  const joined = new Counter({
    name: MetricName.invocationsJoined,
    help: 'Callers that joined an attempt that ran or had ended, so that it was not run again',
    labelNames: ['state'],
    registers,
  });
  const ended = new Counter({
    name: MetricName.invocationsEnded,
    help: 'Attempts that ended, by result or the code of the failure',
    labelNames: ['outcome'],
    registers,
  });
  for (const state of ['running', 'ended']) joined.inc({ state }, 0);
  return {
    running: (count) => running.set(count),
    joined: (state) => joined.inc({ state }),
    ended: (outcome) => ended.inc({ outcome }),
  };
}
