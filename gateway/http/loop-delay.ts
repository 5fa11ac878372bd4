// Whether the event loop keeps up. One long piece of work, such as the start, is no sign of too much to do; being late time after time is.
import { type Clock, monotonicMs } from '../../foundation/clock.ts';

/** Between two looks, in milliseconds. */
const lookMs = 100;
/** Looks in a row that are late before it counts. */
const looksMax = 3;

/** Looks after the event loop. */
export interface LoopDelay {
  /** True while the last looks have all been late. */
  isLate(): boolean;
  stop(): void;
}

/** Begins to look; a look is late when it comes more than `delayMs` after its time. */
export function watchLoopDelay(delayMs: number, clock: Clock = monotonicMs): LoopDelay {
  let dueMs = clock() + lookMs;
  let late = 0;
  const look = (): void => {
    late = clock() - dueMs > delayMs ? late + 1 : 0;
    dueMs = clock() + lookMs;
    timer.refresh();
  };
  const timer = setTimeout(look, lookMs).unref();
  return { isLate: () => late >= looksMax, stop: () => clearTimeout(timer) };
}
