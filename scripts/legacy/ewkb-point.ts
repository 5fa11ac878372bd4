// Reads a point as PostGIS writes a geography out: hexadecimal EWKB. So its functions are not needed, in whichever schema they may be.

/** A place in degrees. */
export interface Point {
  readonly longitude: number;
  readonly latitude: number;
}

const typePoint = 1;
const typeMask = 0xff;
const hasSrid = 0x20000000;
const wgs84 = 4_326;

/** The point; undefined for an empty one. Throws a RangeError for anything else than a point of longitude and latitude. */
export function readEwkbPoint(hex: string): Point | undefined {
  const bytes = Buffer.from(hex, 'hex');
  const isLittle = bytes.readUInt8(0) === 1;
  const integerAt = (at: number): number => (isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  const doubleAt = (at: number): number => (isLittle ? bytes.readDoubleLE(at) : bytes.readDoubleBE(at));
  const type = integerAt(1);
  const start = type & hasSrid ? 9 : 5;
  if ((type & typeMask) !== typePoint) throw new RangeError('is no point');
  if (start === 9 && integerAt(5) !== wgs84) throw new RangeError('is not in degrees of WGS 84');
  const point = { longitude: doubleAt(start), latitude: doubleAt(start + 8) };
  return Number.isNaN(point.longitude) || Number.isNaN(point.latitude) ? undefined : point;
}
