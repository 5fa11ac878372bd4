// Leak detection: connections that stay checked out are reported with the place that took them, and closed when they still do not come back.
import type { Clock } from '../clock.ts';
import type { HeldConnection } from './pool-observer.ts';

/** After this long a checked-out connection is reported, once. */
export const heldReportMs = 60_000;

/** After this long it is closed under its holder. */
export const heldCloseMs = 300_000;

/** Watches what is checked out. */
export interface HeldConnections {
  /** Starts watching a connection; `close` ends it under its holder. Answers what to call when it comes back. */
  watch(close: () => void): () => void;
  /** Looks for connections held too long; called every few seconds. */
  sweep(): void;
  /** How many are checked out now. */
  count(): number;
}

interface Holding {
  readonly sinceMs: number;
  readonly taken: Error;
  readonly close: () => void;
  reported: boolean;
}

/** A watch over the connections of one pool. */
export function createHeldConnections(clock: Clock, onHeld: (held: HeldConnection) => void): HeldConnections {
  const holdings = new Set<Holding>();
  const check = (holding: Holding, heldMs: number): void => {
    const closed = heldMs >= heldCloseMs;
    if (heldMs < heldReportMs || (holding.reported && !closed)) return;
    holding.reported = true;
    onHeld({ heldMs, callSite: callSiteOf(holding.taken), closed });
    if (!closed) return;
    holdings.delete(holding);
    holding.close();
  };
  return {
    watch: (close) => {
      const holding = { sinceMs: clock(), taken: new Error('taken'), close, reported: false };
      holdings.add(holding);
      return () => void holdings.delete(holding);
    },
    sweep: () => {
      for (const holding of holdings) check(holding, clock() - holding.sinceMs);
    },
    count: () => holdings.size,
  };
}

/** The positions outside this folder's own checkout code: the stack without its first line. */
function callSiteOf(taken: Error): string {
  return (taken.stack ?? '').split('\n').slice(1).join('\n');
}
