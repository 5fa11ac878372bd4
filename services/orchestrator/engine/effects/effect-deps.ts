// What performing effects needs, and how an effect tells what came of it.
import type { Clock } from '../../../../foundation/clock.ts';
import type { Fault } from '../../../../foundation/fault/fault.ts';
import type { Log } from '../../../../foundation/telemetry/log.ts';
import type { InvokeAgent } from '../../clients/invoke-agent.ts';
import type { RunDocument } from '../../clients/run-document.ts';
import type { Observation } from '../../core/decide.ts';
import type { ExecutionKind } from '../../core/execution-kind.ts';
import type { Slots } from '../slots.ts';

/** What performing needs. */
export interface EffectDeps {
  readonly documents: Readonly<Record<ExecutionKind, RunDocument>>;
  readonly invoke: InvokeAgent;
  /** Places for attempts that run at the same time in this process. */
  readonly slots: Slots;
  readonly clock: Clock;
  readonly log: Log;
}

/** Tells the executor what was seen. */
export type Tell = (seen: Observation) => void;

/** Wait before the first repetition of what failed in passing, in milliseconds; it doubles with each further one. */
export const repeatMsFirst = 500;
/** Longest wait, in milliseconds. */
export const repeatMsMax = 30_000;

/** True for faults that pass by themselves, such as a conflict that says when to try again. */
export function isPassing({ reason, retryAfterMs }: Fault): boolean {
  return (
    retryAfterMs !== undefined ||
    reason === 'unavailable' ||
    reason === 'deadline_exceeded' ||
    reason === 'resource_exhausted' ||
    reason === 'internal'
  );
}
