// Hashes of texts and of small numbers, for tables that are built once and shipped: the same input gives the same hash for ever.

const fnvOffset = 0x811c9dc5;
const fnvPrime = 0x01000193;

/** FNV-1a over UTF-16 code units, 32 bits without sign. */
export function textHash(text: string): number {
  let hash = fnvOffset;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), fnvPrime);
  return hash >>> 0;
}

/** One 32-bit hash of two, in which their order counts. */
export function joinHashes(first: number, second: number): number {
  const mixed = Math.imul(first ^ (first >>> 15), 0x2c1b3c6d) + second;
  return Math.imul(mixed ^ (mixed >>> 13), 0x297a2d39) >>> 0;
}
