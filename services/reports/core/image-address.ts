// What an entry of a submission's images means: an own upload, a link to another place, or neither. Nothing is fetched to find out.
import { imageLinkLengthMax, uploadOfKey } from './image.ts';

/** Where the bucket is for clients. */
export interface ImageSite {
  /** Scheme, host and port, without a slash at the end. */
  readonly publicEndpoint: string;
  readonly bucket: string;
}

/** What an entry names. A refusal is a sentence about the entry. */
export type ImageAddress =
  | { readonly kind: 'upload'; readonly key: string; readonly contentType: string }
  | { readonly kind: 'link'; readonly url: string }
  | { readonly kind: 'refused'; readonly reason: string };

/** Said of an upload that never arrived, was swept away, or is another tenant's: nobody can tell which. */
export const missingUpload = 'was not uploaded, or has gone: uploads that no report takes are kept for a day';

const notAnImage = 'must be the image_url of an upload, or an https link';
const notTheUpload = 'is in our store, but is not the image_url of an upload: give it as it was answered';

/** How a submission names an upload. */
export function imageUrlOf(site: ImageSite, key: string): string {
  return `${site.publicEndpoint}/${site.bucket}/${key}`;
}

/** Reads an entry for a tenant. */
export function imageAddressOf(text: string, tenantId: string, site: ImageSite): ImageAddress {
  if (text.length > imageLinkLengthMax) {
    return refused(`must have at most ${imageLinkLengthMax} characters`);
  }
  const prefix = imageUrlOf(site, '');
  const url = /^[\x21-\x7e\u00a1-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]+$/u.test(text)
    ? URL.parse(text)
    : null;
  if (!url) return refused(notAnImage);
  if (text.startsWith(prefix)) return uploadAddress(text.slice(prefix.length), tenantId);
  if (isOfSite(url, site)) return refused(notTheUpload);
  if (url.protocol !== 'https:') return refused(notAnImage);
  if (url.username || url.password) return refused('must hold no user name and no password');
  return { kind: 'link', url: text };
}

/** True for the key of an upload that this tenant may hand in. */
export function isUploadOf(key: string, tenantId: string): boolean {
  return uploadOfKey(key)?.tenantId === tenantId;
}

function uploadAddress(key: string, tenantId: string): ImageAddress {
  const upload = uploadOfKey(key);
  if (!upload) return refused(notTheUpload);
  return upload.tenantId === tenantId
    ? { kind: 'upload', key, contentType: upload.contentType }
    : refused(missingUpload);
}

/** Whether a URL leads into the bucket in any other way of writing it: an own object is never kept as a link to another place. */
function isOfSite(url: URL, { publicEndpoint, bucket }: ImageSite): boolean {
  const site = new URL(publicEndpoint);
  if (url.hostname === `${bucket}.${site.hostname}`) return true;
  return url.hostname === site.hostname && url.port === site.port && isBelow(url.pathname, bucket);
}

function isBelow(pathname: string, bucket: string): boolean {
  const [, first = ''] = pathname.split(/\/+/);
  try {
    return decodeURIComponent(first) === bucket;
  } catch {
    return false;
  }
}

function refused(reason: string): ImageAddress {
  return { kind: 'refused', reason };
}
