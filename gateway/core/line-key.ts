// The idempotency key of one line of a batch, made from that of the whole.
import { createHash } from 'node:crypto';

/**
 * The name of a line; empty when the batch has no key. It is made from a digest, so that nobody who sends a key of his own for a single
 * report means a line of a batch by it. Lines count from 1.
 */
export function lineKey(key: string, line: number): string {
  return key === '' ? '' : `batch ${createHash('sha256').update(key).digest('hex')} line ${line}`;
}
