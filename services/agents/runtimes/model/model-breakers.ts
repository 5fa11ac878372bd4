// The circuit breakers of model providers, one for each, made when it is first called.
import { type Breaker, createBreaker } from '../../../../foundation/breaker/breaker.ts';
import { createBreakerMetrics } from '../../../../foundation/breaker/breaker-metrics.ts';
import { defaultBreakerLimits } from '../../../../foundation/breaker/breaker-rules.ts';
import type { Metrics } from '../../../../foundation/telemetry/metrics.ts';
import { speaksAgainstProvider } from './provider-failed.ts';

/** The breaker of a provider, by its name; providers are few, since they are configured. */
export type BreakerOf = (provider: string) => Breaker;

/** What breakers are made with. */
export interface ModelBreakersOptions {
  readonly metrics: Metrics;
  /** Milliseconds of a clock that does not go back. */
  readonly nowMs: () => number;
  /** Time of one call, which a trial has too, in milliseconds. */
  readonly callTimeoutMs: number;
}

/** Closed breakers, named `model:<provider>`. */
export function createModelBreakers({ metrics, nowMs, callTimeoutMs }: ModelBreakersOptions): BreakerOf {
  const breakers = new Map<string, Breaker>();
  const observer = createBreakerMetrics(metrics);
  return (provider) => {
    const known = breakers.get(provider);
    if (known) return known;
    const made = createBreaker({
      ...{ name: `model:${provider}`, nowMs, observer, isFailure: speaksAgainstProvider },
      limits: { ...defaultBreakerLimits, trialTimeoutMs: callTimeoutMs },
      refusal: `The model provider ${provider} has failed several times in a row and is left alone for a while`,
    });
    breakers.set(provider, made);
    return made;
  };
}
