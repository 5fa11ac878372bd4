// How large an item is for DynamoDB, by its published rules: names and texts in UTF-8, numbers by digits, three bytes for a list or map
// and one for each of its parts. Numbers are counted at their upper bound.

/** Largest item that DynamoDB keeps, in bytes. */
export const itemBytesMax = 400 * 1024;

const numberBytesMax = 21;
const nestBytes = 3;

/** Bytes of an item as the document client gives it, undefined attributes left out. */
export function itemBytes(item: Readonly<Record<string, unknown>>): number {
  let bytes = 0;
  for (const [name, value] of Object.entries(item)) {
    if (value !== undefined) bytes += Buffer.byteLength(name) + valueBytes(value);
  }
  return bytes;
}

function valueBytes(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return numberBytes(value);
  if (value instanceof Uint8Array) return value.byteLength;
  if (Array.isArray(value)) return value.reduce((sum, part) => sum + 1 + valueBytes(part), nestBytes);
  if (typeof value !== 'object' || value === null) return 1;
  const parts = value as Readonly<Record<string, unknown>>;
  return nestBytes + Object.keys(parts).length + itemBytes(parts);
}

// Two digits make a byte on either side of the point; one byte is the exponent's, and one the sign's of a negative number.
function numberBytes(value: number): number {
  const digits = String(Math.abs(value)).replace(/e.*$|[.]/g, '').length;
  const bytes = Math.ceil(digits / 2) + 1 + (value < 0 ? 1 : 0) + (Number.isInteger(value) ? 0 : 1);
  return Math.min(numberBytesMax, bytes);
}
