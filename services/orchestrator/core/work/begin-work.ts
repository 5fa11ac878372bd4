// The beginning of a run of tasks for workers, decided before any replica holds it: it needs none until there is an answer.
import { decide } from '../decide.ts';
import { type ExecutionStatus, initialState } from '../execution-state.ts';
import type { JournalEvent } from '../journal-event.ts';
import type { RunPlan } from '../run-plan.ts';
import { type TaskChange, taskChangesOf } from './task-change.ts';

/** A run that has begun, and waits for workers. */
export interface BegunWork {
  /** When it began, in milliseconds since the Unix epoch. */
  readonly atMs: number;
  /** The first events of its journal, from number 1. */
  readonly events: readonly JournalEvent[];
  readonly status: ExecutionStatus;
  readonly startedAtMs: number;
  /** Which of its tasks are offered; rows of all others wait. */
  readonly changes: readonly TaskChange[];
}

/** What a run has to begin with. */
export interface BeginningWork {
  readonly run: RunPlan;
  /** In milliseconds since the Unix epoch. */
  readonly nowMs: number;
}

/** Begins: as many tasks without parents as may be under way are offered. Throws for plans that have anything else to do at once. */
export function beginWork({ run, nowMs }: BeginningWork): BegunWork {
  const state = initialState(run);
  const steps = { document: false, prepare: false };
  const { events, effects } = decide(state, { type: 'loaded' }, { nowMs, places: 0, steps });
  if (effects.length > 0 || state.status !== 'running' || state.counts.waiting_worker === 0) {
    throw new Error('a run that does not begin by waiting for workers');
  }
  const changes = taskChangesOf(state, events, nowMs);
  return { atMs: nowMs, events, status: state.status, startedAtMs: nowMs, changes };
}
