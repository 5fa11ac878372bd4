// Entity tags and what `If-None-Match` says of them (RFC 9110, 8.8.3 and 13.1.2).
import { hash as digest } from 'node:crypto';

const opaqueTag = /(?:W\/)?("[\x21\x23-\x7e\x80-\xff]*")/g;
const tagList = /^\s*(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"\s*(?:,\s*(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"\s*)*$/;

/** What stands for a text in a tag: 162 bits of its SHA-256. */
export function contentHash(text: string): string {
  return digest('sha256', text, 'base64url').slice(0, 27);
}

/** The tag of a text: weak, since the same text may be sent in several codings. */
export function contentTag(text: string): string {
  return `W/"${contentHash(text)}"`;
}

/** True when what the caller has, by its `If-None-Match`, is still what has this tag. A header of another form says nothing. */
export function isKnown(ifNoneMatch: string, tag: string): boolean {
  if (ifNoneMatch.trim() === '*') return true;
  if (!tagList.test(ifNoneMatch)) return false;
  const opaque = tag.replace(/^W\//, '');
  return [...ifNoneMatch.matchAll(opaqueTag)].some(([, known]) => known === opaque);
}
