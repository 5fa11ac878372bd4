// The pause of a test between two looks at something that nobody tells it of. It is no wait for a time: what is looked for is there or not,
// and without the pause the looks would take the processor away from whom they wait for.
import { setTimeout as sleep } from 'node:timers/promises';

const pauseMs = 5;

/** Resolves a little later. */
export function pause(): Promise<void> {
  return sleep(pauseMs);
}
