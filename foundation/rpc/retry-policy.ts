// When a failed call is tried again. Pure.
import { Code, ConnectError } from '@connectrpc/connect';
import { fromConnectError } from '../fault/fault-wire.ts';
import { connectionFailureOf } from './connection-failure.ts';

/** Attempts of one call, the first included. */
export const attemptsMax = 4;
const backoffMsFirst = 50;
const backoffMsMax = 1_000;

/** What decides about another attempt. */
export interface FailedAttempt {
  readonly error: unknown;
  /** Attempts made so far. */
  readonly attempt: number;
  /** Whether the method is declared idempotent in its proto. */
  readonly idempotent: boolean;
  /** Time left for the call, in milliseconds. */
  readonly remainingMs: number;
  /** From 0 to below 1. */
  readonly random: number;
}

/**
 * Milliseconds to wait before another attempt (full jitter, on top of what the server asked for), or undefined for none. Only
 * `unavailable` is tried again: any time where the method is idempotent, else only when the server provably processed nothing of the call.
 */
export function retryDelayMs(failed: FailedAttempt): number | undefined {
  const { error, attempt, idempotent, remainingMs, random } = failed;
  if (attempt >= attemptsMax || ConnectError.from(error).code !== Code.Unavailable) return undefined;
  const unsent = connectionFailureOf(error)?.sent === false;
  if (!idempotent && !unsent) return undefined;
  const askedMs = fromConnectError(error).retryAfterMs ?? 0;
  const delayMs = askedMs + random * Math.min(backoffMsFirst * 2 ** attempt, backoffMsMax);
  return delayMs < remainingMs ? delayMs : undefined;
}
