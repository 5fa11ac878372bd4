// JSON values as they are put on record: whole where they are small, else their beginning, with what tells how much is missing and of what.
import { hash } from 'node:crypto';
import type { JsonValue } from './skill.ts';

/** The most of a value's JSON text that is put on record, in bytes of UTF-8. */
export const recordedBytesMax = 8_192;

/** A value on record. */
export interface RecordedJson {
  /** JSON text: the whole, or what fits of its beginning. */
  readonly text: string;
  /** Size of the whole text, in bytes of UTF-8. */
  readonly bytes: number;
  /** SHA-256 of the whole text, 64 hex digits; empty when all of it is on record. */
  readonly sha256: string;
}

/** The value as it is put on record. What JSON does not know counts as null. */
export function recordedJson(value: JsonValue | undefined): RecordedJson {
  const text = JSON.stringify(value) ?? 'null';
  const bytes = Buffer.byteLength(text);
  if (bytes <= recordedBytesMax) return { text, bytes, sha256: '' };
  return { text: beginningOf(text), bytes, sha256: hash('sha256', text, 'hex') };
}

/** What fits, without half a character at its end. */
function beginningOf(text: string): string {
  const bytes = Buffer.from(text.slice(0, recordedBytesMax));
  let end = Math.min(bytes.length, recordedBytesMax);
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1; // within a character
  return bytes.toString('utf8', 0, end);
}
