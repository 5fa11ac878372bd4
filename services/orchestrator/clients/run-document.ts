// The document of a run: what it fills, answers or changes, whichever service keeps it.

import { Fault } from '../../../foundation/fault/fault.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import type { TaskFault } from '../core/agent-answer.ts';
import type { StoredExecution } from '../core/execution-record.ts';
import type { ExecutionState } from '../core/execution-state.ts';
import type { Outcome } from '../core/journal-event.ts';

/** The end of a run, to be applied. */
export interface EndOfRun {
  readonly execution: StoredExecution;
  readonly state: ExecutionState;
  readonly outcome: Outcome;
  /** What `prepare` answered, as it was journalled; absent where nothing was prepared. */
  readonly prepared?: JsonObject;
  /** When the run ended, in milliseconds since the Unix epoch; the same for each try. */
  readonly atMs: number;
}

/** What applying tells. */
export interface AppliedRun {
  /** For the stream of the run; at most 300 characters, empty when there is none. */
  readonly summary: string;
}

/** Puts and fills documents. Each verb may be repeated and then changes nothing more; all throw Faults. */
export interface RunDocument {
  /** Makes the document, with status `processing`, or for a run that repeats another one, makes the document its own. */
  place(execution: StoredExecution): Promise<void>;
  /**
   * Finds out what the outcome will change, before that is journalled, with every id that it needs. It only reads. Absent where nothing has
   * to be found out; called only for runs that succeeded or are partial. Throws {@link OutcomeRefused} for what the run may not change.
   */
  prepare?(execution: StoredExecution, state: ExecutionState): Promise<JsonObject>;
  /** Writes the outcome. A document that is gone or belongs to a newer run counts as done. */
  apply(end: EndOfRun): Promise<AppliedRun>;
}

/** The run must not be applied: it fails with this fault of the closed list, and trying again does not help. */
export class OutcomeRefused extends Error {
  readonly fault: TaskFault;

  constructor(fault: TaskFault) {
    super(fault.message);
    this.name = 'OutcomeRefused';
    this.fault = fault;
  }
}

/** Rethrows why a document could not be reopened. One that is gone cannot be the document of a run any more: `failed_precondition`. */
export function unlessDeleted(error: unknown): never {
  if (error instanceof Fault && error.reason === 'not_found') {
    throw new Fault('failed_precondition', 'What the run was about has been deleted');
  }
  throw error;
}
