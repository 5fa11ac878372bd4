// Runs a long computation in short turns, so that the process answers others in between. What is computed says itself where it may be
// interrupted; it must hold nothing that others may change meanwhile.
import { setImmediate as othersTurn } from 'node:timers/promises';

/** How long a turn lasts before others have theirs, in milliseconds; a step that is longer is not cut. */
export const turnMs = 20;

/** Takes every step of the computation and answers its result. `now` is a monotonic clock in milliseconds [the process's]. */
export async function takeTurns<Result>(
  steps: Iterator<unknown, Result>,
  now: () => number = () => performance.now(),
): Promise<Result> {
  let endMs = now() + turnMs;
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value;
    if (now() < endMs) continue;
    await othersTurn();
    endMs = now() + turnMs;
  }
}
