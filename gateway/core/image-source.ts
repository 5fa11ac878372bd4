// What stands in `images` of a submission: images that came with it, as data URLs (RFC 2397), and names of images that lie elsewhere. Whether
// a name is good, and whether bytes are the image that they say, is for the report service to tell.
import type { Violation } from '../../foundation/fault/fault.ts';

/** Most images of a report. */
export const imagesMax = 5;
/** Largest image, in bytes. */
export const imageBytesMax = 5 * 1024 * 1024;
/** Media types of images. */
export const imageTypes = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'] as const;

/** Longest URL that is not a data URL, in characters. */
const urlLengthMax = 2_000;

/** One entry of `images`. */
export type ImageSource =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'data'; readonly contentType: string; readonly base64: string };

/** The entries as they can be used. */
export interface ReadImages {
  /** In the order given; those with a problem are left out. */
  readonly sources: readonly ImageSource[];
  /** Every problem, by entry. */
  readonly problems: readonly Violation[];
  /** True when one of the problems is the size of an image. */
  readonly tooLarge: boolean;
}

/** Reads the entries without decoding them. */
export function readImages(images: readonly string[]): ReadImages {
  const problems: Violation[] = [];
  const sources: ImageSource[] = [];
  let tooLarge = false;
  for (const [at, entry] of images.entries()) {
    const found = readImage(entry);
    if ('kind' in found) sources.push(found);
    else problems.push({ field: `images[${at}]`, reason: found.reason });
    tooLarge ||= 'tooLarge' in found;
  }
  return { sources, problems, tooLarge };
}

interface Refusal {
  readonly reason: string;
  readonly tooLarge?: true;
}

function readImage(entry: string): ImageSource | Refusal {
  if (/^data:/i.test(entry)) return readDataUrl(entry);
  return entry.length > urlLengthMax || !/^https?:\/\//i.test(entry)
    ? { reason: `must be a data URL, or a URL of at most ${urlLengthMax} characters` }
    : { kind: 'url', url: entry };
}

function readDataUrl(entry: string): ImageSource | Refusal {
  const comma = entry.indexOf(',');
  const [, contentType, coding] = /^data:([^;]*)(;base64)?$/i.exec(entry.slice(0, comma)) ?? [];
  if (contentType === undefined || coding === undefined) {
    return { reason: 'must be a data URL such as data:image/png;base64,…' };
  }
  const type = contentType.toLowerCase();
  if (!(imageTypes as readonly string[]).includes(type)) {
    return { reason: `must be an image of the type ${imageTypes.join(', ')}` };
  }
  const base64 = entry.slice(comma + 1);
  if (decodedBytes(base64) > imageBytesMax) {
    return { reason: `must be an image of at most ${imageBytesMax} bytes`, tooLarge: true };
  }
  if (!isBase64(base64)) return { reason: 'must hold base64 after its comma' };
  return { kind: 'data', contentType: type, base64 };
}

// Looks for what is none of its characters: an expression for the whole would need a stack as long as the text.
function isBase64(text: string): boolean {
  const end = text.search(/[^A-Za-z0-9+/]/);
  return text !== '' && (end === -1 || (end > 0 && /^={1,2}$/.test(text.slice(end, end + 3))));
}

function decodedBytes(base64: string): number {
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  return Math.floor(((base64.length - padding) * 3) / 4);
}
