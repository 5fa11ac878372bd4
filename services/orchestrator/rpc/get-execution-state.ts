// A run as its journal tells it, for requests. The journal is folded part by part and never held as a whole.
import { evolve } from '../core/evolve.ts';
import type { StoredExecution } from '../core/execution-record.ts';
import { type ExecutionState, initialState } from '../core/execution-state.ts';
import type { OpenPlan } from '../engine/pinned-plan.ts';
import type { Freshness, JournalReader } from '../store/store.ts';

/** What runs are read by. */
export interface StateDeps {
  readonly journal: JournalReader;
  readonly openPlan: OpenPlan;
}

/** The state of a run. */
export async function readState(
  { journal, openPlan }: StateDeps,
  execution: StoredExecution,
  options?: Freshness,
): Promise<ExecutionState> {
  const state = initialState(openPlan(execution.plan).run);
  for await (const entries of journal.parts(execution, options)) {
    for (const entry of entries) evolve(state, entry);
  }
  return state;
}
