// A circuit breaker for one downstream: after failures in a row its calls fail at once, until trials one by one say that it is back.
// The libraries of this kind (opossum, cockatiel) close after a single success; this one wants several, and can be put into a mode.
import { Fault } from '../fault/fault.ts';
import {
  type BreakerLimits,
  type BreakerMode,
  type BreakerStanding,
  type CallOutcome,
  createBreakerRules,
  standingIn,
} from './breaker-rules.ts';

/** Told of every change of mode, and once of the first mode with `from` undefined. Must return quickly and not throw. */
export type BreakerObserver = (name: string, to: BreakerMode, from: BreakerMode | undefined) => void;

/** A breaker to make. */
export interface BreakerOptions {
  /** Such as `database`, `tool:<name>`; few values, since metrics are kept by it. */
  readonly name: string;
  readonly limits: BreakerLimits;
  /** Milliseconds of a clock that does not go back. */
  readonly nowMs: () => number;
  /** What the caller of a refused call is told. Public. */
  readonly refusal: string;
  /** Whether an error speaks against the downstream [isDownstreamFailure]. Other errors count neither way. */
  readonly isFailure?: ((error: unknown) => boolean) | undefined;
  readonly observer?: BreakerObserver | undefined;
}

/** A breaker. */
export interface Breaker {
  readonly name: string;
  /** An open breaker stays `open` until the first call after its time. */
  mode(): BreakerMode;
  /** Runs the work, or throws Fault `unavailable` with the time to wait while the breaker refuses calls. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Puts the breaker into a mode, which then ends as that mode always does. `agoMs`: when it was asked for [now]. */
  force(mode: BreakerMode, agoMs?: number): void;
  /** How it stands now. */
  look(): BreakerView;
}

/** How a breaker stands; times are of its clock. */
export interface BreakerView {
  readonly mode: BreakerMode;
  /** Since when. */
  readonly sinceMs: number;
  /** Failures in a row while closed, successes in a row while half open. */
  readonly inARow: number;
  /** True while it is in a mode that it was put into by force. */
  readonly isForced: boolean;
  /** When calls are tried again; undefined unless it is open. */
  readonly openUntilMs: number | undefined;
}

/** The private cause of a refused call. */
export class BreakerOpen extends Error {
  constructor(name: string) {
    super(`The circuit breaker ${name} lets no call through`);
    this.name = 'BreakerOpen';
  }
}

const faultsOfCallers = new Set<string>([
  'invalid_argument',
  'request_reused',
  'malformed',
  'unauthenticated',
  'permission_denied',
  'not_found',
  'already_exists',
  'failed_precondition',
  'aborted',
  'cancelled',
]);

/** True unless the error is a Fault whose reason lies with the caller. */
export function isDownstreamFailure(error: unknown): boolean {
  return !(error instanceof Fault && faultsOfCallers.has(error.reason));
}

/** A closed breaker. */
export function createBreaker(options: BreakerOptions): Breaker {
  const { name, limits, nowMs, observer, isFailure = isDownstreamFailure } = options;
  const rules = createBreakerRules(limits);
  let standing = standingIn('closed', 0, nowMs());
  observer?.(name, standing.mode, undefined);
  const move = (next: BreakerStanding): void => {
    const from = standing.mode;
    standing = next;
    if (next.mode !== from) observer?.(name, next.mode, from);
  };
  const end = (epoch: number, outcome: CallOutcome): void =>
    move(rules.ended(standing, { epoch, outcome, atMs: nowMs() }));
  return {
    name,
    mode: () => standing.mode,
    force: (mode, agoMs = 0) =>
      move({ ...standingIn(mode, standing.epoch + 1, nowMs() - agoMs), isForced: true }),
    look: () => {
      move(rules.rest(standing, nowMs()));
      const { mode, inARow, sinceMs, isForced = false } = standing;
      return { mode, inARow, isForced, sinceMs, openUntilMs: rules.openUntilMs(standing) };
    },
    run: async (work) => {
      const admission = rules.admit(standing, nowMs());
      move(admission.standing);
      if (!admission.admitted) {
        const { retryAfterMs } = admission;
        throw new Fault('unavailable', options.refusal, { retryAfterMs, cause: new BreakerOpen(name) });
      }
      const { epoch } = admission.standing;
      try {
        const value = await work();
        end(epoch, 'success');
        return value;
      } catch (error) {
        end(epoch, isFailure(error) ? 'failure' : 'unknown');
        throw error;
      }
    },
  };
}
