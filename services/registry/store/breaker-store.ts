// The part of the port that is about circuit breakers of all processes.
import type { Actor } from '../core/actor.ts';
import type { BreakerReport, BreakerState, ForcedBreaker } from '../core/breaker.ts';

/** What a process tells of its circuit breakers. */
export interface ProcessReport extends Omit<BreakerReport, 'states'> {
  /** Undefined when they are those that it told last. */
  readonly states: readonly BreakerState[] | undefined;
}

/** A mode to put breakers into. */
export type ForcedWish = Omit<ForcedBreaker, 'agoMs'>;

/** Circuit breakers of all processes. They are of no tenant: what a tenant may see is for the caller to say. */
export interface BreakerStore {
  /** False when the process told that nothing has changed and what it told before is not known any more. */
  reportBreakers(report: ProcessReport): Promise<boolean>;
  /** What was asked for within five minutes, newest first; at most 1,000. */
  forcedBreakers(): Promise<readonly ForcedBreaker[]>;
  /** What processes that have told within ten seconds told last; at most 1,000. */
  breakerReports(): Promise<readonly BreakerReport[]>;
  /** The same, of the breakers of the platform that are not closed alone. */
  ailingReports(): Promise<readonly BreakerReport[]>;
  /** Asks for a mode, in place of what was asked for the same key before. A request that comes again asks once. */
  forceBreaker(actor: Actor, wish: ForcedWish): Promise<void>;
}
