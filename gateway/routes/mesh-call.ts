// Call options for calls to neighbours: the caller's mesh token, a time limit, and an end when the client goes away.
import type { CallOptions } from '@connectrpc/connect';
import type { FastifyRequest } from 'fastify';
import { callWith } from '../../foundation/rpc/caller.ts';
import { callerOf } from '../auth/require-principal.ts';
import { scopeOf } from '../http/request-scope.ts';

/** Time for a read or a short write, in milliseconds. */
export const readTimeoutMs = 10_000;
/** Time to start an execution or a deletion, in milliseconds. */
export const startTimeoutMs = 15_000;
/** Time to hand over an image, or a group of imported reports, in milliseconds. */
export const carryTimeoutMs = 30_000;

/** Options for a call on behalf of the request's caller; `timeoutMs` absent means `readTimeoutMs`. */
export function meshCall(request: FastifyRequest, timeoutMs: number = readTimeoutMs): CallOptions {
  const { meshToken } = callerOf(request);
  return callWith({ token: meshToken(), timeoutMs, signal: scopeOf(request).signal });
}
