// A run as its journal tells it, for requests. The journal is folded part by part and never held as a whole.

import { Fault } from '../../../foundation/fault/fault.ts';
import { evolve } from '../core/evolve.ts';
import type { StoredExecution } from '../core/execution-record.ts';
import { type ExecutionState, initialState } from '../core/execution-state.ts';
import type { JournalEntry } from '../core/journal-event.ts';
import { isSetAside, setAsideError } from '../core/set-aside.ts';
import type { OpenPlan } from '../engine/pinned-plan.ts';
import type { Freshness, JournalReader } from '../store/store.ts';

/** What runs are read by. */
export interface StateDeps {
  readonly journal: JournalReader;
  readonly openPlan: OpenPlan;
}

/** What is wanted of a journal. */
export interface StateOptions extends Freshness {
  /** Told every entry, in order. */
  readonly each?: (entry: JournalEntry) => void;
}

/** The state of a run. */
export async function readState(
  { journal, openPlan }: StateDeps,
  execution: StoredExecution,
  { each, ...options }: StateOptions = {},
): Promise<ExecutionState> {
  const state = initialState(openPlan(execution.plan).run);
  for await (const entries of journal.parts(execution, options)) {
    for (const entry of entries) {
      evolve(state, entry);
      each?.(entry);
    }
  }
  return state;
}

/**
 * The state of a run as far as it can be shown: of one that is set aside since its journal cannot be read, what its row tells. Fault
 * `unavailable` when not even its plan can be read.
 */
export async function readShownState(
  deps: StateDeps,
  execution: StoredExecution,
  options: StateOptions = {},
): Promise<ExecutionState> {
  try {
    return await readState(deps, execution, options);
  } catch (error) {
    if (error instanceof Fault || !isSetAside(execution)) throw error;
    return { ...stateBefore(deps, execution), status: execution.status };
  }
}

function stateBefore({ openPlan }: StateDeps, { plan }: StoredExecution): ExecutionState {
  try {
    return initialState(openPlan(plan).run);
  } catch (cause) {
    throw new Fault('unavailable', setAsideError, { cause });
  }
}
