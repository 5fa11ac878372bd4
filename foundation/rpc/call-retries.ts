// Tries a call until it is answered, may not be tried again, or its time is up. Whatever it ends with is a Fault.
import { setTimeout as delay } from 'node:timers/promises';
import type { DescMethod } from '@bufbuild/protobuf';
import { MethodOptions_IdempotencyLevel as Idempotency } from '@bufbuild/protobuf/wkt';
import type { Clock } from '../clock.ts';
import { Fault } from '../fault/fault.ts';
import { abortFault, callFault, deadlineFault } from './abort-fault.ts';
import { retryDelayMs } from './retry-policy.ts';

/** A call that may take several attempts. */
export interface RetryCall<T> {
  readonly method: DescMethod;
  /** Time for all attempts, in milliseconds; a call without one is refused. */
  readonly timeoutMs: number | undefined;
  /** Ends the call, also while it waits for the next attempt. */
  readonly signal: AbortSignal | undefined;
  readonly clock: Clock;
  /** One attempt within the time that is left, in whole milliseconds. `retryCount` is absent on the first. */
  readonly attempt: (remainingMs: number, retryCount: number | undefined) => Promise<T>;
}

/** The first answer. Each attempt is given the time that is left, so that retries never outlive the caller's deadline. */
export async function withRetries<T>({
  method,
  timeoutMs,
  signal,
  clock,
  attempt,
}: RetryCall<T>): Promise<T> {
  if (!Number.isFinite(timeoutMs)) throw new Fault('internal', 'A call inside the mesh has no deadline');
  const deadlineMs = clock() + Number(timeoutMs);
  const idempotent = isIdempotent(method);
  for (let tries = 1; ; tries += 1) {
    if (signal?.aborted) throw abortFault(signal.reason);
    const remainingMs = Math.floor(deadlineMs - clock());
    if (remainingMs <= 0) throw deadlineFault();
    try {
      return await attempt(remainingMs, tries === 1 ? undefined : tries - 1);
    } catch (error) {
      const leftMs = deadlineMs - clock();
      const failed = { error, attempt: tries, idempotent, remainingMs: leftMs, random: Math.random() };
      const waitMs = retryDelayMs(failed);
      if (waitMs === undefined || signal?.aborted) throw callFault(error, signal);
      await pause(waitMs, signal);
    }
  }
}

function isIdempotent(method: DescMethod): boolean {
  return method.idempotency === Idempotency.NO_SIDE_EFFECTS || method.idempotency === Idempotency.IDEMPOTENT;
}

async function pause(waitMs: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(waitMs, undefined, signal ? { signal } : {});
  } catch (error) {
    throw callFault(error, signal);
  }
}
