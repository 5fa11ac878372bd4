// Whether the state that an owner has in memory is what its journal says, in everything but what only this process needs to know.
import { isDeepStrictEqual } from 'node:util';
import { fold } from '../../services/orchestrator/core/evolve.ts';
import { type ExecutionState, initialState } from '../../services/orchestrator/core/execution-state.ts';
import type { JournalEntry } from '../../services/orchestrator/core/journal-event.ts';

/** True when the entries, as far as the state has come, fold into it. */
export function isFolded(state: ExecutionState, entries: readonly JournalEntry[]): boolean {
  const seen = entries.filter(({ seq }) => seq <= state.seq);
  return isDeepStrictEqual(recorded(state), recorded(fold(initialState(state.plan), seen)));
}

function recorded({ plan, tasks, startable, active, failures, ...state }: ExecutionState) {
  const namesOf = (some: Iterable<ExecutionState['tasks'][number]>) =>
    Array.from(some, ({ planned }) => planned.nodeId);
  const plain = { ...state, tasks: tasks.map(({ lookup, ...task }) => task) };
  return JSON.parse(JSON.stringify({ ...plain, active: namesOf(active), failures: namesOf(failures) }));
}
