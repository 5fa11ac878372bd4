// What a model wrote, as the record of an attempt keeps it where it could not be used. It goes nowhere else: not into logs, spans or errors.

/** The most of it that is kept, in bytes of UTF-8. */
export const rawTextBytesMax = 64 * 1024;

/** The beginning of a text in whole characters; what no store can hold is replaced. */
export function keptRawText(text: string): string {
  const bytes = Buffer.from(text.replaceAll('\0', '\ufffd'));
  let end = Math.min(bytes.length, rawTextBytesMax);
  while (end < bytes.length && end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1; // within a character
  return bytes.toString('utf8', 0, end);
}
