// The caller's own name for a request, so that repeating it does nothing twice. Whose key it is, and what it was used for, is for the
// services to remember.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { invalidArgument } from '../../foundation/fault/fault.ts';

/** Longest key, in characters. */
export const keyLengthMax = 128;

const header = 'Idempotency-Key';
const form = new RegExp(`^[\\x20-\\x7e]{1,${keyLengthMax}}$`);

/** The key of a request, empty when it has none. Fault `invalid_argument` for one of the wrong form. */
export function idempotencyKey({ headers }: FastifyRequest): string {
  const key = headers['idempotency-key'];
  if (key === undefined) return '';
  if (typeof key === 'string' && form.test(key)) return key;
  const reason = `must be 1 to ${keyLengthMax} printable ASCII characters`;
  throw invalidArgument([{ field: header, reason }]);
}

/** Says in the answer whether it is that of an earlier request of the same key. */
export function tellReplayed(reply: FastifyReply, replayed: boolean): void {
  if (replayed) reply.header('Idempotency-Replayed', 'true');
}
