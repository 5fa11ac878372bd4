// Leak detection: connections that stay checked out are reported with the place that took them, and closed when they still do not come back.
import type { Clock } from '../clock.ts';
import type { HeldConnection } from './pool-observer.ts';

/** After this long a checked-out connection is reported, once. */
export const heldReportMs = 60_000;

/** After this long it is closed under its holder. */
export const heldCloseMs = 300_000;

/** How long a connection may be held. */
export interface HeldLimits {
  /** After so many milliseconds it is reported [60,000]. */
  readonly reportMs: number;
  /** After so many milliseconds it is closed [300,000]. */
  readonly closeMs: number;
}

/** Watches what is checked out. */
export interface HeldConnections {
  /** Starts watching a connection; `close` ends it under its holder, `taken` was made where it was asked for. Answers what to call when it comes back. */
  watch(close: () => void, taken: Error): () => void;
  /** Looks for connections held too long; called every few seconds. */
  sweep(): void;
  /** How many are checked out now. */
  count(): number;
  readonly limits: HeldLimits;
}

/** Files of the pool and of the breaker in front of it; tests beside them are callers. */
const ownFile = /\/foundation\/(?:postgres|breaker)\/[\w-]+\.ts\b/;

interface Holding {
  readonly sinceMs: number;
  readonly taken: Error;
  readonly close: () => void;
  reported: boolean;
}

/** A watch over the connections of one pool. */
export function createHeldConnections(
  clock: Clock,
  onHeld: (held: HeldConnection) => void,
  limits: HeldLimits = { reportMs: heldReportMs, closeMs: heldCloseMs },
): HeldConnections {
  const holdings = new Set<Holding>();
  const report = (holding: Holding, heldMs: number, closed: boolean): void =>
    onHeld({ heldMs, callSite: callSiteOf(holding.taken), closed });
  const check = (holding: Holding, heldMs: number): void => {
    if (heldMs < limits.reportMs) return;
    if (!holding.reported) report(holding, heldMs, false);
    holding.reported = true;
    if (heldMs < limits.closeMs) return;
    report(holding, heldMs, true);
    holdings.delete(holding);
    holding.close();
  };
  return {
    watch: (close, taken) => {
      const holding = { sinceMs: clock(), taken, close, reported: false };
      holdings.add(holding);
      return () => void holdings.delete(holding);
    },
    sweep: () => {
      for (const holding of holdings) check(holding, clock() - holding.sinceMs);
    },
    count: () => holdings.size,
    limits,
  };
}

/** The stack without its first line and without the way through the pool itself. */
function callSiteOf(taken: Error): string {
  const positions = (taken.stack ?? '').split('\n').slice(1);
  const outside = positions.filter((position) => !ownFile.test(position));
  return (outside.length > 0 ? outside : positions).join('\n');
}
