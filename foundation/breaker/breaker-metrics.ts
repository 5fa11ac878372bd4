// What Prometheus sees of circuit breakers: the mode of each as a number, and how often it changed.
import { Counter, Gauge } from 'prom-client';
import type { Metrics } from '../telemetry/metrics.ts';
import { MetricName } from '../telemetry/names.ts';
import type { BreakerObserver } from './breaker.ts';
import type { BreakerMode } from './breaker-rules.ts';

/** The value of `domainflow_breaker_state` in each mode. */
export const breakerStateValue: Readonly<Record<BreakerMode, number>> = { closed: 0, half_open: 1, open: 2 };

/** Records breakers by name. May be created more than once on one registry. */
export function createBreakerMetrics(registry: Metrics): BreakerObserver {
  const state =
    (registry.getSingleMetric(MetricName.breakerState) as Gauge<'name'> | undefined) ??
    new Gauge({
      name: MetricName.breakerState,
      help: 'Mode of a circuit breaker: 0 closed, 1 half open, 2 open',
      labelNames: ['name'],
      registers: [registry],
    });
  const transitions =
    (registry.getSingleMetric(MetricName.breakerTransitions) as
      | Counter<'name' | 'from' | 'to'>
      | undefined) ??
    new Counter({
      name: MetricName.breakerTransitions,
      help: 'Changes of the mode of a circuit breaker',
      labelNames: ['name', 'from', 'to'],
      registers: [registry],
    });
  return (name, to, from) => {
    state.set({ name }, breakerStateValue[to]);
    if (from !== undefined) transitions.inc({ name, from, to });
  };
}

/** Takes a breaker that is not there any more out of what is measured. */
export function forgetBreakerMetrics(registry: Metrics, name: string): void {
  (registry.getSingleMetric(MetricName.breakerState) as Gauge<'name'> | undefined)?.remove({ name });
  const transitions = registry.getSingleMetric(MetricName.breakerTransitions) as
    | Counter<'name' | 'from' | 'to'>
    | undefined;
  const modes = Object.keys(breakerStateValue);
  for (const from of modes) for (const to of modes) transitions?.remove({ name, from, to });
}
