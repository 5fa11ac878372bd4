// Call options for calls to neighbours: the caller's mesh token, a time limit, and an end when the client goes away.
import type { CallOptions } from '@connectrpc/connect';
import type { FastifyRequest } from 'fastify';
import { callWith } from '../../foundation/rpc/caller.ts';
import { callerOf } from '../auth/require-principal.ts';
import { claimOf } from '../http/request-claim.ts';
import { scopeOf } from '../http/request-scope.ts';

/** Time for a read or a short write, in milliseconds. */
export const readTimeoutMs = 10_000;
/** Time to start an execution or a deletion, in milliseconds. */
export const startTimeoutMs = 15_000;
/** Time to hand over an image, or a group of imported reports, in milliseconds. */
export const carryTimeoutMs = 30_000;

/**
 * Options for a call on behalf of the request's caller; `timeoutMs` absent means `readTimeoutMs`. A request under an Idempotency-Key goes on when its
 * client has gone away, so that its next try is told what came of it.
 */
export function meshCall(request: FastifyRequest, timeoutMs: number = readTimeoutMs): CallOptions {
  const token = callerOf(request).meshToken();
  const claim = claimOf(request);
  if (claim) return callWith({ token, timeoutMs, requestId: claim.requestId });
  return callWith({ token, timeoutMs, signal: scopeOf(request).signal });
}
