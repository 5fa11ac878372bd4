// JSON as gzipped bytes: for parts of items that nobody asks for by themselves and that would be large or deep as attributes.
import { gunzipSync, gzipSync } from 'node:zlib';
import type { JsonValue } from '../../../foundation/json/json.ts';

/** Longest JSON that is unpacked, in bytes; more is nothing that was packed here. */
const unpackedBytesMax = 16 * 1024 * 1024;

/** Packs any value of plain objects, lists, texts, numbers and booleans; fields that are undefined are left out. */
export function packJson(value: unknown): Uint8Array {
  return gzipSync(JSON.stringify(value));
}

/** What was packed. */
export function unpackJson(packed: Uint8Array): JsonValue {
  return JSON.parse(gunzipSync(packed, { maxOutputLength: unpackedBytesMax }).toString());
}
