// What a thrown fault means for an attempt, in the closed list of SPEC E3.5.
import { asFault, type FaultReason } from '../../../foundation/fault/fault.ts';
import type { InvocationFailure } from './invocation.ts';

const codes: Partial<Record<FaultReason, string>> = {
  permission_denied: 'permission_denied',
  unauthenticated: 'permission_denied',
  resource_exhausted: 'limit_reached',
  unavailable: 'dependency_unavailable',
  deadline_exceeded: 'attempt_timeout',
  cancelled: 'cancelled',
};

/** Thrown by a runtime that knows as what its attempt has failed. */
export class AttemptFailed extends Error {
  readonly failure: InvocationFailure;

  constructor(failure: InvocationFailure) {
    super(failure.message);
    this.name = 'AttemptFailed';
    this.failure = failure;
  }
}

/** True for an attempt that could not be made now, as where a circuit breaker is open: SPEC E3.7, it does not count. */
export function isRefusedForNow({ code, retryAfterMs }: InvocationFailure): boolean {
  return code === 'dependency_unavailable' && retryAfterMs !== undefined;
}

/** The failure of an attempt; what is not understood is a tool error, which is tried again. */
export function failureOf(error: unknown): InvocationFailure {
  if (error instanceof AttemptFailed) return error.failure;
  const { reason, message, retryAfterMs } = asFault(error);
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  return { code: codes[reason] ?? 'tool_error', message, ...wait };
}
