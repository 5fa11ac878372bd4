// How long to wait before a call of a model, a worker or a tool is made again: as long as it asks, else longer each time.

/** Times that one call is repeated. */
export const retriesMax = 3;

const firstWaitMs = 500;
const waitMsMax = 10_000;

/** What the wait depends on. */
export interface RetryWait {
  /** Repetitions so far, from 0. */
  readonly retries: number;
  /** Headers of the answer, by lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Now, in milliseconds since the Unix epoch. */
  readonly nowMs: number;
  /** From 0 to 1, by chance, so that callers do not come back all at once. */
  readonly chance: number;
}

/** Milliseconds to wait. What is asked for is never shortened. */
export function retryWaitMs(wait: RetryWait): number {
  const longest = Math.min(waitMsMax, firstWaitMs * 2 ** wait.retries);
  return askedWaitMs(wait) ?? Math.round(longest * (0.5 + wait.chance / 2));
}

/** What `retry-after-ms` or `Retry-After` (RFC 9110: seconds or a date) asks for, in milliseconds; undefined when it asks for nothing. */
export function askedWaitMs({ headers, nowMs }: Pick<RetryWait, 'headers' | 'nowMs'>): number | undefined {
  const exact = numberOf(headers['retry-after-ms']);
  if (exact !== undefined) return exact;
  const text = headers['retry-after'];
  const seconds = numberOf(text);
  if (seconds !== undefined) return seconds * 1_000;
  const dateMs = Date.parse(text ?? '');
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - nowMs);
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}(\.\d+)?$/.test(text.trim()) ? Number(text) : undefined;
}
