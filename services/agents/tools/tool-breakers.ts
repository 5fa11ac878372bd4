// The circuit breakers of tenants' tools, one for each tool of a tenant. Names of tools are as many as tenants make, so they are measured
// nowhere, and the ones not used for longest are forgotten.
import { type Breaker, createBreaker } from '../../../foundation/breaker/breaker.ts';
import { defaultBreakerLimits } from '../../../foundation/breaker/breaker-rules.ts';
import { createBoundedCache } from '../../../foundation/cache/bounded-cache.ts';
import { ToolFailed } from './agent-tool.ts';

/** The breaker of a tool of a tenant. */
export type ToolBreakerOf = (tenantId: string, toolName: string) => Breaker;

const breakersMax = 10_000;

/** Closed breakers, named `tool:<name>`. `nowMs` is a clock that does not go back. */
export function createToolBreakers(nowMs: () => number): ToolBreakerOf {
  const breakers = createBoundedCache<Breaker>({ weightMax: breakersMax, weightOf: () => 1 });
  return (tenantId, toolName) => {
    const key = `${tenantId} ${toolName}`;
    const known = breakers.get(key);
    if (known) return known;
    const breaker = createBreaker({
      ...{ name: `tool:${toolName}`, limits: defaultBreakerLimits, nowMs },
      refusal: `The tool ${toolName} has failed several times in a row and is left alone for a while`,
      isFailure: (error) => error instanceof ToolFailed && error.isTransient,
    });
    breakers.set(key, breaker);
    return breaker;
  };
}
