// Who holds an execution, and how one is kept that cannot be held: as the engine's store tells it. How it is stored is the adapter's business.
import type { PinnedText, StoredExecution } from '../core/execution-record.ts';
import type { JournalEntry } from '../core/journal-event.ts';

/** Who holds an execution. */
export interface ExecutionHolder {
  readonly ownerId: string;
  /** Where its replica listens. */
  readonly address: string;
}

/** An execution as its owner read it. */
export interface OwnedExecution {
  readonly ownerId: string;
  readonly execution: StoredExecution;
  /** Its journal so far, in order. */
  readonly entries: readonly JournalEntry[];
}

/** How an execution is set aside. */
export interface SetAside {
  /** How long, in milliseconds. */
  readonly forMs: number;
  /** What its row says. */
  readonly error: string;
}

/** An execution that is set aside. */
export interface SetAsideExecution {
  readonly id: string;
  /** When it began, or was recorded if it has not; milliseconds since the Unix epoch. */
  readonly sinceMs: number;
  readonly plan: PinnedText;
}
