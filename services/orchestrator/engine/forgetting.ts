// Everything that is let go of once it is old, each in its own time. What is forgotten and how is said where it is done.
import type { Closing } from '../../../foundation/process/closing.ts';
import type { Log } from '../../../foundation/telemetry/log.ts';
import type { AuditKeeper, EngineStore, RateStore, TaskKeeper } from '../store/store.ts';
import { forgetEntries } from './forget-entries.ts';
import { forgetNames } from './forget-names.ts';
import { forgetRates } from './forget-rates.ts';
import { forgetTasks } from './forget-tasks.ts';
import { keepWeeks } from './keep-weeks.ts';

/** What forgetting needs. */
export interface ForgettingDeps {
  readonly store: EngineStore;
  readonly entryKeeper: AuditKeeper;
  readonly rates: RateStore;
  readonly taskKeeper: TaskKeeper;
  /** Days that runs and entries are kept. */
  readonly keptDays: number;
  readonly log: Log;
  readonly closing: Closing;
}

/** Begins; it ends with the service. */
export function beginForgetting(deps: ForgettingDeps): void {
  const { store, entryKeeper, rates, taskKeeper, keptDays, log, closing } = deps;
  closing.add('forget names', forgetNames(store, log));
  closing.add('keep weeks', keepWeeks(store, keptDays, log));
  closing.add('forget entries', forgetEntries(entryKeeper, keptDays, log));
  closing.add('forget rates', forgetRates(rates, log));
  closing.add('forget tasks', forgetTasks(taskKeeper, keptDays, log));
}
