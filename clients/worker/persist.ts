// Says a thing until it is heard: repeats what failed for a reason that may pass, with pauses that grow and that the server may name.
import { setTimeout as wait } from 'node:timers/promises';
import { ApiError, ConnectionError } from '../api/api-error.ts';

/** Pauses between tries, in milliseconds. */
export interface Pauses {
  /** Before the first repetition; each further one is twice as long. */
  readonly firstMs: number;
  readonly maxMs: number;
}

/** What a worker repeats with when nothing else is said. */
export const usualPauses: Pauses = { firstMs: 250, maxMs: 15_000 };

/** True for what another try may mend: no answer, a server that fails or is busy. */
export function isPassing(error: unknown): boolean {
  if (error instanceof ConnectionError) return true;
  return error instanceof ApiError && (error.status >= 500 || error.status === 429 || error.status === 408);
}

/** What the call answers, however often it takes. Rejects with what does not pass, and with the reason of the signal. */
export async function persist<T>(
  call: () => Promise<T>,
  signal: AbortSignal,
  { firstMs, maxMs }: Pauses = usualPauses,
): Promise<T> {
  for (let pauseMs = firstMs; ; pauseMs = Math.min(maxMs, pauseMs * 2)) {
    signal.throwIfAborted();
    try {
      return await call();
    } catch (error) {
      if (!isPassing(error)) throw error;
      const askedMs = error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0;
      // Not all who were refused at once come back at once.
      await pause(Math.max(askedMs, pauseMs * (0.5 + Math.random() / 2)), signal);
    }
  }
}

/** Waits; rejects with the signal's reason when it is aborted. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw error;
  });
}
