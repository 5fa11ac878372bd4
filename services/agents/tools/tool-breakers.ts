// The circuit breakers of tenants' tools, one for each tool of a tenant, made when it is first called. Tools come and go, so that only as many
// are kept, and measured, as were called last; one that is called again after it was forgotten begins with a closed breaker.
import { type Breaker, createBreaker } from '../../../foundation/breaker/breaker.ts';
import { createBreakerMetrics, forgetBreakerMetrics } from '../../../foundation/breaker/breaker-metrics.ts';
import { defaultBreakerLimits } from '../../../foundation/breaker/breaker-rules.ts';
import type { Metrics } from '../../../foundation/telemetry/metrics.ts';
import { ToolFailed } from './agent-tool.ts';

/** The breaker of a tool of a tenant. */
export type ToolBreakerOf = (tenantId: string, toolName: string) => Breaker;

/** What breakers are made with. */
export interface ToolBreakersOptions {
  readonly metrics: Metrics;
  /** Milliseconds of a clock that does not go back. */
  readonly nowMs: () => number;
  /** The most that are kept [1,000]. */
  readonly countMax?: number;
}

const countMaxDefault = 1_000;

/** Closed breakers, measured as `tool:<tenant_id>/<tool_name>`: tools of several tenants may have one name. */
export function createToolBreakers({
  metrics,
  nowMs,
  countMax = countMaxDefault,
}: ToolBreakersOptions): ToolBreakerOf {
  const breakers = new Map<string, Breaker>(); // in the order of use, since a map keeps the order of insertion
  const observer = createBreakerMetrics(metrics);
  const make = (name: string, toolName: string): Breaker =>
    createBreaker({
      ...{ name, limits: defaultBreakerLimits, nowMs, observer },
      refusal: `The tool ${toolName} has failed several times in a row and is left alone for a while`,
      isFailure: (error) => error instanceof ToolFailed && error.isTransient,
    });
  const makeRoom = (): void => {
    for (const name of breakers.keys()) {
      if (breakers.size <= countMax) return;
      breakers.delete(name);
      forgetBreakerMetrics(metrics, name);
    }
  };
  return (tenantId, toolName) => {
    const name = `tool:${tenantId}/${toolName}`;
    const breaker = breakers.get(name) ?? make(name, toolName);
    breakers.delete(name);
    breakers.set(name, breaker);
    makeRoom();
    return breaker;
  };
}
