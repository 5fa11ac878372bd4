// The circuit breakers of tenants' tools, one for each tool of a tenant, made when it is first called. Tools come and go, so that only as many
// are kept, and measured, as were called last; one that is called again after it was forgotten begins with a closed breaker.
import type { Breaker } from '../../../foundation/breaker/breaker.ts';
import type { BreakerBoard } from '../../../foundation/breaker/breaker-board.ts';
import { ToolFailed } from './agent-tool.ts';

/** The breaker of a tool of a tenant. */
export type ToolBreakerOf = (tenantId: string, toolName: string) => Breaker;

const countMaxDefault = 1_000;

/** Closed breakers, named `tool:<tenant_id>/<tool_name>`: tools of several tenants may have one name. `countMax`: the most that are kept. */
export function createToolBreakers(board: BreakerBoard, countMax: number = countMaxDefault): ToolBreakerOf {
  return (tenantId, toolName) =>
    board.of({
      key: `tool:${tenantId}/${toolName}`,
      refusal: `The tool ${toolName} has failed several times in a row and is left alone for a while`,
      isFailure: (error) => error instanceof ToolFailed && error.isTransient,
      kindMax: countMax,
    });
}
