// What watchers ask of journals and what they are answered: where each of them stands, and what follows there.
import type { JournalEntry } from './journal-event.ts';

/** Where a watcher stands in a journal. */
export interface JournalPosition {
  readonly tenantId: string;
  /** Of the execution. */
  readonly id: string;
  /** Number of the last event that is known; 0 for none. */
  readonly after: number;
  /** True when that is known to be the last event of its row; what follows is then read alone, else the whole row comes again. */
  readonly atRowEnd: boolean;
}

/** A part of a journal. */
export interface JournalRead {
  /** In order. */
  readonly entries: readonly JournalEntry[];
  /** True when nothing follows these entries. */
  readonly isWhole: boolean;
  readonly ended: boolean;
  /** True when nobody owns it: it waits, or has ended. */
  readonly isParked: boolean;
  /** Where its owner listens; absent while nobody who lives owns it. */
  readonly address?: string;
}

/** Runs that a person started. */
export interface WatchScope {
  readonly tenantId: string;
  readonly userId: string;
  /** Runs of this session alone. */
  readonly sessionId?: string;
  /** Only runs with later ids. */
  readonly afterId: string;
}

/** A run among those of a scope. */
export interface ScopedRun {
  readonly id: string;
  /** Number of its last event; 0 when it has none, or has ended. */
  readonly seq: number;
  /** When that was decided, in milliseconds since the Unix epoch; absent when there is none. */
  readonly atMs?: number;
  readonly ended: boolean;
  /** True when nobody owns it. */
  readonly isParked: boolean;
}

/** Runs that a person started, and of which something was decided. */
export interface NewsScope extends Omit<WatchScope, 'afterId'> {
  /** Only runs with ids up to this one. */
  readonly untilId: string;
  /** Only what was decided later, in milliseconds since the Unix epoch. */
  readonly sinceMs: number;
}

/** A run of which something was decided. */
export interface MovedRun {
  readonly id: string;
  /** Number of the last event before that. */
  readonly after: number;
}
