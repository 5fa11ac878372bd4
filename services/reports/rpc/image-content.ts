// What the bytes of an image say of themselves, whatever was declared.
import { createHash } from 'node:crypto';
import { fileTypeFromBuffer } from 'file-type';

/** The media type by the first bytes; undefined for none that is known. An animated PNG is a PNG. */
export async function contentTypeOf(data: Uint8Array): Promise<string | undefined> {
  const found = await fileTypeFromBuffer(data);
  return found?.mime === 'image/apng' ? 'image/png' : found?.mime;
}

/** SHA-256, 64 hex digits. */
export function checksumOf(data: Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
