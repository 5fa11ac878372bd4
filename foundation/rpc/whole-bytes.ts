// Bytes that came in pieces.

/** One piece of memory; the piece itself where there is only one. */
export function wholeBytes(chunks: readonly Uint8Array[]): Uint8Array {
  const [first] = chunks;
  return first && chunks.length === 1 ? first : Buffer.concat(chunks);
}
