// An image as the service thinks of it: which types there are, how large one may be, and under which keys it lies.
import { isUuid } from '../../../foundation/ids/ids.ts';
import type { ReportImage } from './report.ts';

/** Images of one report. */
export const imagesMax = 5;
/** Largest image, in bytes. */
export const imageBytesMax = 5 * 1024 * 1024;
/** Longest link to an image elsewhere, in characters. */
export const imageLinkLengthMax = 2_000;
/** Uploads of all tenants lie below this prefix, everything else does not. */
export const uploadsPrefix = 'uploads/';

const extensions: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/gif': 'gif',
  'image/webp': 'webp',
};

/** The media types of images. */
export const imageTypes: readonly string[] = Object.keys(extensions);

/** The ending of a file of this type, without a dot; undefined for what is no image. */
export function imageExtension(contentType: string): string | undefined {
  return Object.hasOwn(extensions, contentType) ? extensions[contentType] : undefined;
}

/** The key of an upload: `uploads/<tenant>/<uuid>.<ext>`. */
export function uploadKey(tenantId: string, id: string, contentType: string): string {
  return `${uploadsPrefix}${tenantId}/${id}.${imageExtension(contentType) ?? 'bin'}`;
}

/** What the key of an upload says; undefined for any other key. */
export function uploadOfKey(
  key: string,
): { readonly tenantId: string; readonly contentType: string } | undefined {
  const [, tenantId = '', id = '', extension] = /^uploads\/([^/]+)\/([^/.]+)\.([a-z]+)$/.exec(key) ?? [];
  const contentType = imageTypes.find((type) => extensions[type] === extension);
  return contentType && isUuid(tenantId) && isUuid(id) ? { tenantId, contentType } : undefined;
}

/** Everything that a report has in the store lies below this prefix. */
export function reportImagesPrefix(report: {
  readonly tenantId: string;
  readonly domainId: string;
  readonly incidentId: string;
}): string {
  return `${report.tenantId}/${report.domainId}/${report.incidentId}/`;
}

/** The key of a report's image: `<tenant>/<domain>/<incident>/image_001.<ext>`. The position counts from 0. */
export function reportImageKey(prefix: string, position: number, contentType: string): string {
  const number = String(position + 1).padStart(3, '0');
  return `${prefix}image_${number}.${imageExtension(contentType) ?? 'bin'}`;
}

/** An image elsewhere, of which nothing is known. */
export function linkedImage(url: string): ReportImage {
  return { url, objectKey: '', contentType: '', sizeBytes: 0, checksum: '', verified: false };
}
