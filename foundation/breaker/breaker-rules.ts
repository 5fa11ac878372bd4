// When a circuit breaker opens, tries and closes, as a pure state machine: given a standing and what happened, the next standing.
// It knows no clock, no call and no fault; `breaker.ts` feeds it.

/** `closed` lets every call through, `open` none, `half_open` one at a time. */
export type BreakerMode = 'closed' | 'open' | 'half_open';

/** What a call says about the downstream: `unknown` when it failed for a reason that lies with the caller. */
export type CallOutcome = 'success' | 'failure' | 'unknown';

/** When a breaker changes its mode. */
export interface BreakerLimits {
  /** Failures in a row that open it. */
  readonly failuresMax: number;
  /** How long it stays open before it tries, in milliseconds. */
  readonly resetMs: number;
  /** Trials in a row that must succeed before it closes. */
  readonly successesMin: number;
  /** A trial that has not ended after so many milliseconds counts as failed. */
  readonly trialTimeoutMs: number;
  /** How long it stays open when it was put there by force, in milliseconds [`resetMs`]. */
  readonly forcedOpenMs?: number;
}

/** The figures of every downstream that has none of its own. */
export const defaultBreakerLimits: BreakerLimits = {
  failuresMax: 5,
  resetMs: 60_000,
  successesMin: 3,
  trialTimeoutMs: 30_000,
};

/** Where a breaker stands. */
export interface BreakerStanding {
  readonly mode: BreakerMode;
  /** Raised with every change of mode: calls that were let through in an earlier one no longer count. */
  readonly epoch: number;
  /** Failures in a row while closed, successes in a row while half open. */
  readonly inARow: number;
  /** When this mode began. */
  readonly sinceMs: number;
  /** When the trial under way began; absent when there is none. */
  readonly trialSinceMs?: number | undefined;
  /** True while the mode is one that it was put into by force. */
  readonly isForced?: boolean;
}

/** A call let through, with what its end must tell; or one refused, with how long to wait. */
export type Admission =
  | { readonly admitted: true; readonly standing: BreakerStanding }
  | { readonly admitted: false; readonly standing: BreakerStanding; readonly retryAfterMs: number };

/** The end of a call that was let through in an epoch. */
export interface EndedCall {
  readonly epoch: number;
  readonly outcome: CallOutcome;
  readonly atMs: number;
}

/** The rules of a breaker with these limits. */
export interface BreakerRules {
  /** The standing now when nobody calls: an open one whose time is over is half open, and a trial that is overdue has failed. */
  rest(standing: BreakerStanding, nowMs: number): BreakerStanding;
  /** When an open breaker begins to try; undefined for one that is not open. */
  openUntilMs(standing: BreakerStanding): number | undefined;
  admit(standing: BreakerStanding, nowMs: number): Admission;
  /** The standing after a call's end. Calls of an earlier epoch change nothing. */
  ended(standing: BreakerStanding, call: EndedCall): BreakerStanding;
}

/** The standing of a breaker in a mode from now on: at its start, or put there by force. A forced mode ends as any other does. */
export function standingIn(mode: BreakerMode, epoch: number, nowMs: number): BreakerStanding {
  return { mode, epoch, inARow: 0, sinceMs: nowMs };
}

/** The state machine for these limits. Times are of one clock that does not go back. */
export function createBreakerRules(limits: BreakerLimits): BreakerRules {
  const turn = (standing: BreakerStanding, mode: BreakerMode, nowMs: number): BreakerStanding =>
    standingIn(mode, standing.epoch + 1, nowMs);
  const refuse = (standing: BreakerStanding, retryAfterMs: number): Admission => ({
    admitted: false,
    standing,
    retryAfterMs,
  });
  const openMs = ({ isForced }: BreakerStanding): number =>
    isForced ? (limits.forcedOpenMs ?? limits.resetMs) : limits.resetMs;
  const openUntilMs = (standing: BreakerStanding): number | undefined =>
    standing.mode === 'open' ? standing.sinceMs + openMs(standing) : undefined;
  const rest = (standing: BreakerStanding, nowMs: number): BreakerStanding => {
    const { trialSinceMs } = standing;
    const untilMs = openUntilMs(standing);
    if (untilMs !== undefined && untilMs <= nowMs) return turn(standing, 'half_open', nowMs);
    const overdue = trialSinceMs !== undefined && nowMs - trialSinceMs >= limits.trialTimeoutMs;
    return overdue ? turn(standing, 'open', nowMs) : standing;
  };
  const admit = (before: BreakerStanding, nowMs: number): Admission => {
    const standing = rest(before, nowMs);
    if (standing.mode === 'closed') return { admitted: true, standing };
    const untilMs = openUntilMs(standing);
    if (untilMs !== undefined) return refuse(standing, untilMs - nowMs);
    if (standing.trialSinceMs !== undefined) return refuse(standing, limits.resetMs);
    return { admitted: true, standing: { ...standing, trialSinceMs: nowMs } };
  };
  const ended = (standing: BreakerStanding, { epoch, outcome, atMs }: EndedCall): BreakerStanding => {
    if (epoch !== standing.epoch) return standing;
    const { mode, inARow } = standing;
    if (mode === 'closed') return afterCall(standing, outcome, atMs);
    if (outcome === 'failure') return turn(standing, 'open', atMs);
    const successes = outcome === 'success' ? inARow + 1 : inARow;
    if (successes >= limits.successesMin) return turn(standing, 'closed', atMs);
    return { ...standing, inARow: successes, trialSinceMs: undefined };
  };
  const afterCall = (standing: BreakerStanding, outcome: CallOutcome, atMs: number): BreakerStanding => {
    const isNews = outcome === 'failure' || (outcome === 'success' && standing.inARow > 0);
    if (!isNews) return standing;
    const failures = outcome === 'failure' ? standing.inARow + 1 : 0;
    return failures >= limits.failuresMax ? turn(standing, 'open', atMs) : { ...standing, inARow: failures };
  };
  return { rest, openUntilMs, admit, ended };
}
