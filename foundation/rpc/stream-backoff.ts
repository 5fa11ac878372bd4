// How long to wait before a stream that was lost is opened again, and the waiting itself.
import { setTimeout as delay } from 'node:timers/promises';

const backoffMsFirst = 100;
const backoffMsMax = 5_000;

/** The wait after so many streams in a row that brought nothing, in milliseconds. Full jitter, so that all who lost the same server do not come back at once. */
export function backoffMs(fruitless: number): number {
  return Math.random() * Math.min(backoffMsFirst * 2 ** fruitless, backoffMsMax);
}

/** Waits, in milliseconds; returns early when the signal is aborted. */
export async function pauseInRealTime(waitMs: number, signal: AbortSignal): Promise<void> {
  await delay(waitMs, undefined, { signal }).catch(() => undefined);
}
