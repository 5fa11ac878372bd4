// The document of a run: what it fills, answers or changes, whichever service keeps it.

import type { StoredExecution } from '../core/execution-record.ts';
import type { ExecutionState } from '../core/execution-state.ts';
import type { Outcome } from '../core/journal-event.ts';

/** The end of a run, to be applied. */
export interface EndOfRun {
  readonly execution: StoredExecution;
  readonly state: ExecutionState;
  readonly outcome: Outcome;
  /** When the run ended, in milliseconds since the Unix epoch; the same for each try. */
  readonly atMs: number;
}

/** Puts and fills documents. Each verb may be repeated and then changes nothing more; both throw Faults. */
export interface RunDocument {
  /** Makes the document, with status `processing`. */
  place(execution: StoredExecution): Promise<void>;
  /** Writes the outcome. A document that is gone or belongs to a newer run counts as done. */
  apply(end: EndOfRun): Promise<void>;
}
