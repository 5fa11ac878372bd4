// The place of one run among the running ones of its tenant: when it takes one, and how it leaves memory without one.
import type { Decision } from '../core/decision/decision.ts';
import type { Parking } from '../store/store.ts';
import type { Admission } from './admission.ts';
import { parkingOf } from './decided-part.ts';
import type { LiveExecution } from './live-execution.ts';
import type { TakeUpOptions } from './read-executions.ts';

/** How a run waits for a place. */
export const inLine: Parking = { wakeAtMs: null, queued: true };

/** Whether a run has a place, or takes one that is free. */
export function entersFor(admission: Admission, live: LiveExecution): boolean {
  live.admitted ||= admission.tryEnter(live.tenantId);
  return live.admitted;
}

/** Takes a place for a run that began before it was taken up, unless it only wants one and there is none. */
export function takePlace(admission: Admission, live: LiveExecution, place: TakeUpOptions['place']): void {
  if (place === 'wanted') entersFor(admission, live);
  else enter(admission, live);
}

interface Going {
  /** What was decided last. */
  readonly decision: Decision;
  readonly nowMs: number;
}

/**
 * How a run leaves memory now; undefined when it stays. One without a place may decide what people ask of it, and end; whatever else it would
 * begin waits for a place. What is under way, or has to be written at its end, takes one in any case.
 */
export function leavingFor(
  admission: Admission,
  live: LiveExecution,
  { decision, nowMs }: Going,
): Parking | undefined {
  const { status, counts } = live.state;
  const isIdle = decision.effects.length === 0 && live.aborts.size === 0;
  const parked = isIdle ? parkingOf(live.state, nowMs) : undefined;
  if (parked || live.admitted || status === 'pending') return parked;
  const isOpen = status === 'running' || status === 'paused';
  if (isOpen && counts.running === 0) return inLine;
  enter(admission, live);
  return undefined;
}

function enter(admission: Admission, live: LiveExecution): void {
  if (live.admitted) return;
  admission.enter(live.tenantId);
  live.admitted = true;
}
