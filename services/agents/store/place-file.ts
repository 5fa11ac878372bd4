// The layout of the file of places: columns of numbers that are used as they lie in the file, and texts. It knows no names' meaning; a
// file that is not of this layout throws a RangeError.

const magic = 'DFPLACE2';
const prefixBytes = 12;

/** The columns of the file. `areas` and `divisions` are lines, `nameBytes` one UTF-8 text cut by `nameStarts`. */
export interface PlaceColumns {
  /** Of each place, in ten-thousandths of a degree. Places are sorted by `bandOf` and then by longitude. */
  readonly longitudes: Int32Array;
  readonly latitudes: Int32Array;
  readonly populations: Uint32Array;
  /** Where each place's name begins in `nameBytes`; one more than there are places. */
  readonly nameStarts: Uint32Array;
  /** Sorted hashes of all names, and for each its place and kind, as `packName` packs them. */
  readonly nameHashes: Uint32Array;
  readonly nameRows: Uint32Array;
  /** Line of `areas` that each place lies in. */
  readonly areaRows: Uint16Array;
  readonly kinds: Uint8Array;
  readonly nameBytes: Uint8Array;
  /** Lines of `country admin1 admin2`, parted by blanks; codes may be missing at the end. */
  readonly areas: Uint8Array;
  /** Lines of `country admin1 name`. */
  readonly divisions: Uint8Array;
  /** Sorted hashes of pieces of names, and for each where its scores begin; one start more than there are pieces. */
  readonly originGrams: Uint32Array;
  readonly originStarts: Uint32Array;
  /** Line of `originCountries` in the upper byte, what the piece speaks for it in the lower. */
  readonly originScores: Uint16Array;
  /** Lines of a country and how many pieces its names have. */
  readonly originCountries: Uint8Array;
}

const layout = [
  ['longitudes', Int32Array],
  ['latitudes', Int32Array],
  ['populations', Uint32Array],
  ['nameStarts', Uint32Array],
  ['nameHashes', Uint32Array],
  ['nameRows', Uint32Array],
  ['areaRows', Uint16Array],
  ['kinds', Uint8Array],
  ['nameBytes', Uint8Array],
  ['areas', Uint8Array],
  ['divisions', Uint8Array],
  ['originGrams', Uint32Array],
  ['originStarts', Uint32Array],
  ['originScores', Uint16Array],
  ['originCountries', Uint8Array],
] as const;

const rowBits = 20;
const kindBits = 2;
const checkBits = 32 - rowBits - kindBits;

/** The most places of one file. */
export const placesMax = 2 ** rowBits;

/** Band of half a degree of latitude, from the south. */
export function bandOf(latitude: number): number {
  return Math.min(359, Math.max(0, Math.floor((latitude + 90) * 2)));
}

/** Two hashes of a key: 32 bits to sort by and a few more to check, so that one lookup in millions is mistaken. */
export function hashesOf(key: string): { readonly hash: number; readonly check: number } {
  let [a, b] = [0x811c9dc5, 0x9747b28c];
  for (let at = 0; at < key.length; at += 1) {
    const code = key.charCodeAt(at);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x5bd1e995) ^ (b >>> 15);
  }
  return { hash: a >>> 0, check: (b >>> 0) >>> (32 - checkBits) };
}

/** Place, kind of name and check in one number. */
export function packName(row: number, kind: number, check: number): number {
  return ((check << (rowBits + kindBits)) | (kind << rowBits) | row) >>> 0;
}

/** What `packName` packed. */
export function unpackName(packed: number): {
  readonly row: number;
  readonly kind: number;
  readonly check: number;
} {
  return {
    row: packed & (placesMax - 1),
    kind: (packed >>> rowBits) & (2 ** kindBits - 1),
    check: packed >>> (rowBits + kindBits),
  };
}

/** The bytes of a file with these columns. */
export function writePlaceFile(columns: PlaceColumns): Uint8Array {
  const lengths = layout.map(([name]) => columns[name].length);
  const head = prefixBytes + 4 * lengths.length;
  const size = layout.reduce((sum, [name]) => sum + padded(columns[name].byteLength), padded(head));
  const bytes = new Uint8Array(size);
  bytes.set(new TextEncoder().encode(magic));
  const view = new DataView(bytes.buffer);
  view.setUint32(8, lengths.length, true);
  lengths.forEach((length, at) => void view.setUint32(prefixBytes + 4 * at, length, true));
  let start = padded(head);
  for (const [name] of layout) {
    const column = columns[name];
    bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), start);
    start += padded(column.byteLength);
  }
  return bytes;
}

/** The columns as views of the bytes, which are not copied when they begin at a multiple of eight. */
export function readPlaceFile(raw: Uint8Array): PlaceColumns {
  const bytes = raw.byteOffset % 8 === 0 ? raw : raw.slice();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const known = bytes.byteLength > prefixBytes && new TextDecoder().decode(bytes.subarray(0, 8)) === magic;
  if (!known || view.getUint32(8, true) !== layout.length) throw new RangeError('This is no file of places');
  let start = padded(prefixBytes + 4 * layout.length);
  const columns = layout.map(([name, Column], at) => {
    const length = view.getUint32(prefixBytes + 4 * at, true);
    const end = start + length * Column.BYTES_PER_ELEMENT;
    if (end > bytes.byteLength) throw new RangeError('The file of places ends too early');
    const column = new Column(bytes.buffer as ArrayBuffer, bytes.byteOffset + start, length);
    start = padded(end);
    return [name, column];
  });
  return Object.fromEntries(columns) as unknown as PlaceColumns;
}

/** Every column begins at a multiple of eight bytes. */
function padded(length: number): number {
  return Math.ceil(length / 8) * 8;
}
