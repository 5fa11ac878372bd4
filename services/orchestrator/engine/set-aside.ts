// What becomes of a run that cannot go on: the store refuses what it wants to record, or its journal cannot be read. It is not asked for ever.
import type { Clock } from '../../../foundation/clock.ts';
import type { Log } from '../../../foundation/telemetry/log.ts';
import type { OwnedExecution } from '../store/store.ts';
import type { Journal } from './journal-lane.ts';

/** After so many refusals of what a run wants to record it is failed, and set aside if even that is refused. */
export const refusalsMax = 5;

/** What is seen then. */
export const unstorable = {
  type: 'unstorable',
  fault: { code: 'output_invalid', message: 'What the run had to record cannot be stored' },
} as const;

/** After this time what was set aside is tried again, in milliseconds: perhaps by a newer version. */
export const setAsideMs = 600_000;

/** What its row says. */
export const setAsideError = 'The run was set aside: it cannot be gone on with as it is recorded';

/** What setting aside needs. */
export interface SetAsideDeps {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Log;
}

/** Nobody holds the execution for a while, and its row says why. */
export function setAside(
  { journal, clock, log }: SetAsideDeps,
  { ownerId, execution }: OwnedExecution,
): void {
  const { tenantId, id: executionId, status, startedAtMs = null, reason, partial } = execution;
  const parked = { wakeAtMs: clock() + setAsideMs, queued: false };
  const error = setAsideError;
  const change = { status, startedAtMs, completedAtMs: null, reason, error, partial, parked };
  const names = { execution_id: executionId };
  journal.append(
    { ownerId, tenantId, executionId, broken: false },
    {
      ...{ seq: 0, atMs: 0, events: [], change },
      written: () => log.error(names, 'An execution was set aside'),
      lost: (err) => log.error({ err, ...names }, 'An execution could not be set aside'),
    },
  );
}
