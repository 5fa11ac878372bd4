// One step of one execution: decide, make the events durable, and only then perform the effects.
import type { Clock } from '../../../foundation/clock.ts';
import { Fault } from '../../../foundation/fault/fault.ts';
import { decide, type Observation } from '../core/decide.ts';
import { fold } from '../core/evolve.ts';
import type { ExecutionState } from '../core/execution-state.ts';
import type { JournalEvent } from '../core/journal-event.ts';
import type { RowChange } from '../store/store.ts';
import type { PerformEffect } from './effects/perform-effect.ts';
import type { Journal } from './journal-lane.ts';
import type { LiveExecution } from './live-execution.ts';

/** What a step needs. */
export interface AdvanceDeps {
  readonly journal: Journal;
  readonly perform: PerformEffect;
  readonly clock: Clock;
}

/** Advances by one observation. `observe` is told what the effects lead to. Throws when it is not known what became durable. */
export async function advance(
  { journal, perform, clock }: AdvanceDeps,
  live: LiveExecution,
  observation: Observation,
  observe: (seen: Observation) => void,
): Promise<void> {
  if (live.dropped) return;
  const atMs = clock();
  const { events, effects } = decide(live.state, observation, atMs);
  const next = await record(journal, live, events, atMs);
  if (live.dropped) return;
  live.state = next;
  settlePlaced(live);
  for (const effect of effects) perform(live, effect, observe);
}

async function record(
  journal: Journal,
  { ownerId, state, execution }: LiveExecution,
  events: readonly JournalEvent[],
  atMs: number,
): Promise<ExecutionState> {
  if (events.length === 0) return state;
  const entries = events.map((event, at) => ({ seq: state.seq + 1 + at, atMs, event }));
  const next = fold(state, entries);
  const row = next.status === state.status ? {} : { row: rowOf(next) };
  const { tenantId, id: executionId } = execution;
  const outcome = await journal.append(ownerId, { tenantId, executionId, entries, ...row });
  if (outcome === 'fenced') throw new Error('the owner of the execution has been ended');
  return next;
}

// A caller is told only what is durable.
function settlePlaced({ state, placed, refusal }: LiveExecution): void {
  if (!placed || state.status === 'pending') return;
  if (state.startedMs !== undefined) placed.resolve();
  else placed.reject(refusal ?? new Fault('unavailable', state.outcome?.error ?? 'The run could not start'));
}

function rowOf({ status, startedMs, endedMs, outcome }: ExecutionState): RowChange {
  return {
    status,
    startedAtMs: startedMs ?? null,
    completedAtMs: endedMs ?? null,
    reason: outcome?.reason ?? '',
    error: outcome?.error ?? '',
    partial: outcome?.partial ?? false,
  };
}
