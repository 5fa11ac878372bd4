// The idempotency key of one line of a batch, made from that of the whole.
import { createHash } from 'node:crypto';

/** Longest key that a service takes, in characters. */
const keyLengthMax = 128;

/** `<key>/<line>`, by a digest of the key where that would be too long; empty when the batch has no key. Lines count from 1. */
export function lineKey(key: string, line: number): string {
  if (key === '') return '';
  const name = `${key}/${line}`;
  if (name.length <= keyLengthMax) return name;
  return `${createHash('sha256').update(key).digest('hex')}/${line}`;
}
