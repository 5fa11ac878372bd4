// What a pool tells the outside, for metrics and alarms. It counts and times nothing itself beyond what it passes on.

/** A connection that was checked out for too long. */
export interface HeldConnection {
  readonly heldMs: number;
  /** Where it was asked for: a stack of file positions, no values. */
  readonly callSite: string;
  /** True when it was closed under its holder, whose statements then fail; false for the first warning. */
  readonly closed: boolean;
}

/** Told what happens in a pool, at once and in order. Must return quickly and not throw. */
export interface PoolObserver {
  connectionOpened(): void;
  connectionClosed(): void;
  /** How many connections are checked out now. */
  connectionsActive(count: number): void;
  /** No connection could be had, or an idle one broke. `type` is the one of `FailedAcquire`. */
  connectionFailed(type: string, cause: unknown): void;
  /** A whole transaction with all its attempts, committed or not. */
  transactionEnded(operation: 'read' | 'write' | 'system', durationMs: number): void;
  /** One statement, answered or failed. */
  statementEnded(durationMs: number): void;
  connectionHeld(held: HeldConnection): void;
}

/** An observer that nobody listens to. */
export const silentObserver: PoolObserver = {
  connectionOpened: () => undefined,
  connectionClosed: () => undefined,
  connectionsActive: () => undefined,
  connectionFailed: () => undefined,
  transactionEnded: () => undefined,
  statementEnded: () => undefined,
  connectionHeld: () => undefined,
};
