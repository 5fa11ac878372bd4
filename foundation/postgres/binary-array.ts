// Arrays as the server keeps them: what `unnest` takes of thousands of values costs neither side any text. The binary form of arrays is
// PostgreSQL's own (array_recv): dimensions, whether there are nulls, the element's type, then each value with its length.

const uuidOid = 2950;
const textOid = 25;
const int4Oid = 23;
const boolOid = 16;
const timestamptzOid = 1184;

const headBytes = 20;
/** Microseconds from the Unix epoch to the server's, 2000-01-01. */
const serverEpochUs = 946_684_800_000_000n;

function array(
  oid: number,
  lengths: readonly number[],
  write: (at: number, into: Buffer, place: number) => void,
): Buffer {
  if (lengths.length === 0) return emptyArray(oid);
  let bytes = headBytes;
  for (const length of lengths) bytes += 4 + Math.max(length, 0);
  const buffer = Buffer.allocUnsafe(bytes);
  buffer.writeInt32BE(1, 0);
  buffer.writeInt32BE(1, 4);
  buffer.writeInt32BE(oid, 8);
  buffer.writeInt32BE(lengths.length, 12);
  buffer.writeInt32BE(1, 16);
  let at = headBytes;
  for (const [place, length] of lengths.entries()) {
    buffer.writeInt32BE(length, at);
    at += 4;
    if (length < 0) continue;
    write(place, buffer, at);
    at += length;
  }
  return buffer;
}

function emptyArray(oid: number): Buffer {
  const buffer = Buffer.alloc(12);
  buffer.writeInt32BE(oid, 8);
  return buffer;
}

const nullLength = -1;

/** `uuid[]`. */
export function uuidArray(values: readonly (string | null)[]): Buffer {
  const lengths = values.map((value) => (value === null ? nullLength : 16));
  return array(uuidOid, lengths, (place, into, at) => {
    const hex = (values[place] ?? '').replaceAll('-', '');
    if (into.write(hex, at, 16, 'hex') !== 16) throw new TypeError('not a UUID');
  });
}

/** `text[]`. A value with NUL is refused by the server. */
export function textArray(values: readonly (string | null)[]): Buffer {
  const lengths = values.map((value) => (value === null ? nullLength : Buffer.byteLength(value)));
  return array(textOid, lengths, (place, into, at) => void into.write(values[place] ?? '', at));
}

/** `integer[]`. */
export function int4Array(values: readonly number[]): Buffer {
  return array(
    int4Oid,
    values.map(() => 4),
    (place, into, at) => void into.writeInt32BE(values[place] ?? 0, at),
  );
}

/** `boolean[]`. */
export function booleanArray(values: readonly boolean[]): Buffer {
  return array(
    boolOid,
    values.map(() => 1),
    (place, into, at) => void into.writeUInt8(values[place] ? 1 : 0, at),
  );
}

/** `timestamptz[]` of milliseconds since the Unix epoch. */
export function timestampArray(values: readonly (number | null)[]): Buffer {
  const lengths = values.map((value) => (value === null ? nullLength : 8));
  return array(timestamptzOid, lengths, (place, into, at) => {
    const us = BigInt(Math.round(values[place] ?? 0)) * 1000n - serverEpochUs;
    into.writeBigInt64BE(us, at);
  });
}
