// What becomes of a run that cannot go on: the store refuses what it wants to record, or its journal cannot be read. It is not asked for ever:
// nobody holds it for a while, its row says so, and operators are told once each time.
import { Counter } from 'prom-client';
import type { Clock } from '../../../foundation/clock.ts';
import type { Log } from '../../../foundation/telemetry/log.ts';
import type { Metrics } from '../../../foundation/telemetry/metrics.ts';
import { MetricName } from '../../../foundation/telemetry/names.ts';
import { setAsideError } from '../core/set-aside.ts';
import type { ExecutionKey, OwnedExecution, SetAside } from '../store/store.ts';
import type { Journal } from './journal-lane.ts';

/** After so many refusals of what a run wants to record it is failed, and set aside if even that is refused. */
export const refusalsMax = 5;

/** What is seen then. */
export const unstorable = {
  type: 'unstorable',
  fault: { code: 'output_invalid', message: 'What the run had to record cannot be stored' },
} as const;

/** After this time what was set aside is tried again, in milliseconds: perhaps by a newer version. */
const setAsideMs = 600_000;

/** What setting aside needs. */
export interface SetAsideDeps {
  readonly journal: Journal;
  /** Parks an execution of this process, however it is recorded. */
  readonly park: (key: ExecutionKey, why: SetAside) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
  /** Absent measures nothing. */
  readonly metrics?: Metrics | undefined;
}

/** Sets aside. */
export interface SettingAside {
  /** One that could be read; `error` is why it cannot go on, where that is known. Never throws. */
  read(owned: OwnedExecution, error?: unknown): void;
  /** One that cannot be read; `error` is why. Throws the store's Fault while it is away. */
  unread(key: ExecutionKey, error: unknown): Promise<void>;
}

/** Over the journal and the store. */
export function createSettingAside({ journal, park, clock, log, metrics }: SetAsideDeps): SettingAside {
  const count = metrics && countOf(metrics);
  const told = (executionId: string, err: unknown): void => {
    count?.inc();
    log.error({ err, execution_id: executionId }, 'An execution was set aside: it cannot be gone on with');
  };
  return {
    read({ ownerId, execution }, error) {
      const { tenantId, id: executionId, status, startedAtMs = null, reason, partial } = execution;
      const parked = { wakeAtMs: clock() + setAsideMs, queued: false };
      const change = {
        status,
        startedAtMs,
        completedAtMs: null,
        reason,
        error: setAsideError,
        partial,
        parked,
      };
      const lost = (err: unknown): void =>
        log.error({ err, execution_id: executionId }, 'An execution could not be set aside');
      journal.append(
        { ownerId, tenantId, executionId, broken: false },
        { ...{ seq: 0, atMs: 0, events: [], change }, written: () => told(executionId, error), lost },
      );
    },
    async unread(key, error) {
      await park(key, { forMs: setAsideMs, error: setAsideError });
      told(key.id, error);
    },
  };
}

function countOf(metrics: Metrics): Counter {
  return new Counter({
    name: MetricName.executionsSetAside,
    help: 'How often an execution was set aside that cannot be gone on with as it is recorded; it is tried again after ten minutes',
    registers: [metrics],
  });
}
