// Marks of requests: one short text for everything that makes two requests the same, so that a repeated one is known again and nothing of
// what a caller wrote is kept.
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../../foundation/json/canonical-json.ts';

/** A mark of 64 hex digits. Equal parts, whatever the order of their keys, give equal marks. */
export function markOf(parts: unknown): string {
  return createHash('sha256').update(canonicalJson(parts)).digest('hex');
}
