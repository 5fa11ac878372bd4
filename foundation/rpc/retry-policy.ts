// When a failed call is tried again. Pure.
import { Code, ConnectError } from '@connectrpc/connect';

/** Attempts of one call, the first included. */
export const attemptsMax = 4;
const backoffMsFirst = 50;
const backoffMsMax = 1_000;

/** Node's codes of a connection that was never made: the server cannot have seen the call. */
const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN']);

function causeCode(error: unknown): string | undefined {
  const cause = error instanceof ConnectError ? error.cause : undefined;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

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
 * Milliseconds to wait before another attempt (full jitter), or undefined for none. Only `unavailable` is tried again: any time where the
 * method is idempotent, else only when the call provably never left this process.
 */
export function retryDelayMs({
  error,
  attempt,
  idempotent,
  remainingMs,
  random,
}: FailedAttempt): number | undefined {
  if (attempt >= attemptsMax || ConnectError.from(error).code !== Code.Unavailable) return undefined;
  if (!idempotent && !neverSent.has(causeCode(error) ?? '')) return undefined;
  const delayMs = random * Math.min(backoffMsFirst * 2 ** attempt, backoffMsMax);
  return delayMs < remainingMs ? delayMs : undefined;
}
