// Which faults of a task are worth another attempt, and how long to wait before it.

const retryable = new Set([
  'model_error',
  'model_timeout',
  'tool_error',
  'worker_lost',
  'dependency_unavailable',
  'attempt_timeout',
]);

/** Wait before the first retry, in milliseconds; it doubles with each further one. */
export const backoffMsFirst = 2_000;
/** Longest wait, in milliseconds. */
export const backoffMsMax = 60_000;

/** True when another attempt may help. */
export function isRetryable(code: string): boolean {
  return retryable.has(code);
}

/**
 * A number from 0 to below 1 that these whole numbers give, spread evenly: for a wait that has to differ between runs and tasks where chance
 * is not at hand.
 */
export function spreadOf(...numbers: readonly number[]): number {
  let hash = 0x9e3779b9;
  for (const each of numbers) {
    for (const half of [each % 2 ** 32, Math.floor(each / 2 ** 32)]) {
      hash = Math.imul(hash ^ half, 0x85ebca6b);
      hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
      hash ^= hash >>> 16;
    }
  }
  return (hash >>> 0) / 2 ** 32;
}

/** Wait before the next attempt in milliseconds, with full jitter. `attempt` counts from 1, `random` is from 0 to below 1. */
export function backoffMs(attempt: number, random: number): number {
  return Math.round(random * Math.min(backoffMsFirst * 2 ** (attempt - 1), backoffMsMax));
}
