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

/** What a statement of the store shows: the transactions that have committed before it. */
export interface StoreView {
  /** Time of the statement by the store's clock, in milliseconds since the Unix epoch. */
  readonly atMs: number;
  /** Every transaction with a lower number is over. */
  readonly oldest: number;
  /** No transaction with this number or a higher one is shown. */
  readonly next: number;
  /** Between the two: transactions that are not shown. */
  readonly pending: readonly number[];
}

/** Whose runs somebody watches. */
export interface WatchScope {
  readonly tenantId: string;
  readonly userId: string;
  /** Runs of this session alone. */
  readonly sessionId?: string;
}

/** A search among them for what was written since. */
export interface NewsScope extends WatchScope {
  /** Only what this view does not show. */
  readonly seen: StoreView;
  /** Only what this view shows; absent for everything. */
  readonly through?: StoreView;
  /** Only runs with later ids. */
  readonly afterId: string;
}

/** A part of what such a search found. */
export interface News {
  /** What was there when it was read. */
  readonly view: StoreView;
  /** In the order of their ids. */
  readonly runs: readonly MovedRun[];
  /** Where the search goes on; absent when nothing is left. */
  readonly untilId?: string;
}

/** A run of which something was written. */
export interface MovedRun {
  readonly id: string;
  /** Number of the last event before that. */
  readonly after: number;
  /** Number of the last event of that. */
  readonly last: number;
}
