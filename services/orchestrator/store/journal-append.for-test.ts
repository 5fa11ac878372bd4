// Appends for tests: what a test does not name is usual.
import type { JournalEvent } from '../core/journal-event.ts';
import type { ExecutionKey, JournalAppend, RowChange } from './store.ts';

/** An execution that is under way. */
export const running: RowChange = {
  status: 'running',
  startedAtMs: 5_000,
  completedAtMs: null,
  reason: '',
  error: '',
  partial: false,
};

/** An execution that has completed; it leaves the time of its start as it is. */
export const completed: RowChange = {
  ...running,
  status: 'completed',
  startedAtMs: null,
  completedAtMs: 9_000,
};

/** An execution that nobody owns from now on: until a time, until somebody asks for it, or until it has a place. */
export function parkedUntil(wakeAtMs: number | null, queued = false): RowChange {
  return { ...running, parked: { wakeAtMs, queued } };
}

/** What a test appends: one row of events, unless it says that there are none. */
export function appendOf(
  { tenantId, id }: ExecutionKey,
  seq: number,
  {
    events = [{ type: 'started' }],
    ...more
  }: Partial<JournalAppend> & { events?: readonly JournalEvent[] } = {},
): JournalAppend {
  const rows = events.length === 0 ? [] : [{ seq, atMs: 1_000 * seq, events }];
  return { tenantId, executionId: id, rows, approvals: [], commandIds: [], cached: [], ...more };
}
