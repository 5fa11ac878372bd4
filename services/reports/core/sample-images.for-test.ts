// Small images of every type, and things that are none, for tests.

const one = (hex: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(hex, 'hex'));

/** One image of a pixel for each type. */
export const sampleImages = {
  'image/png': new Uint8Array(
    Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    ),
  ),
  'image/gif': new Uint8Array(
    Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64'),
  ),
  'image/webp': new Uint8Array(Buffer.from('UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==', 'base64')),
  'image/jpeg': one(
    'ffd8ffe000104a46494600010100000100010000ffdb004300030202020202030202020303030304060404040404080606050609080a0a090809090a0c0f0c0a0b0e0b09090d110d0e0f101011100a0c12131210130f101010ffc9000b080001000101011100ffcc000600101005ffda0008010100003f00d2cf20ffd9',
  ),
} as const;

/** A PNG in several pictures: the chunk `acTL` comes before the first picture. */
export const animatedPng: Uint8Array<ArrayBuffer> = (() => {
  const png = sampleImages['image/png'];
  const control = one('0000000861635446000000010000000000000000').subarray(0, 20);
  const name = new Uint8Array(Buffer.from('acTL'));
  control.set(name, 4);
  const head = 33; // signature and IHDR
  return new Uint8Array([...png.subarray(0, head), ...control, ...png.subarray(head)]);
})();

/** What somebody might call an image. */
export const notImages: Readonly<Record<string, Uint8Array<ArrayBuffer>>> = {
  'a page': new Uint8Array(Buffer.from('<!doctype html><script>alert(1)</script>')),
  'a drawing': new Uint8Array(Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>')),
  'a document': new Uint8Array(Buffer.from('%PDF-1.7\n')),
  'half a signature': one('89504e47'),
  'a picture of another kind': new Uint8Array(Buffer.from('BM6\0\0\0\0\0\0\0')),
};
