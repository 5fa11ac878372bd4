// Waits for what a deployment does in the background. The time is that of the specification (S18), and running out of it is a failure.
import { setTimeout as sleep } from 'node:timers/promises';

const firstPauseMs = 50;
const pauseMsMax = 1_000;

/** What is waited for. */
export interface Wait<T> {
  /** Stands in the sentence of the failure. */
  readonly what: string;
  readonly read: () => Promise<T>;
  readonly isDone: (value: T) => boolean;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Reads again and again, less and less often, until it is done. Rejects when the time is over, or the signal is aborted. */
export async function waitFor<T>({ what, read, isDone, timeoutMs, signal }: Wait<T>): Promise<T> {
  const startedMs = performance.now();
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMsMax, pauseMs * 1.5)) {
    const value = await read();
    if (isDone(value)) return value;
    if (performance.now() - startedMs > timeoutMs)
      throw new Error(`${what} did not happen within ${timeoutMs / 1_000} s`);
    await sleep(pauseMs, undefined, { signal });
  }
}
