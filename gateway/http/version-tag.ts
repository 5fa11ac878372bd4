// Entity tags (RFC 9110) of documents that count their versions: the tag is the version, and where what is shown holds more than the document, a
// hash of all of it too.
import type { FastifyRequest } from 'fastify';
import { asFault } from '../../foundation/fault/fault.ts';
import { contentHash } from '../core/entity-tag.ts';
import { HttpProblem } from './http-problem.ts';

/** Definitions count no further. */
const definitionVersionMax = 999_999_999n;

/** The tag of a version, for the header `ETag`; `shown` is all that is shown, where that is more than the version decides. */
export function versionTag(version: bigint | number, shown?: object): string {
  return shown ? `"${version}.${contentHash(JSON.stringify(shown))}"` : `"${version}"`;
}

/** The version that a write was made for by `If-Match`, 0 for any. HttpProblem 412 for a tag that no version has. */
export function wantedVersion({ headers }: FastifyRequest): bigint {
  const tag = headers['if-match'];
  if (tag === undefined || tag === '*') return 0n;
  const [, version] = /^"([1-9][0-9]{0,15})(?:\.[\w-]{1,64})?"$/.exec(tag) ?? [];
  if (version === undefined) throw doesNotHold();
  return BigInt(version);
}

/** The same of a definition, whose versions are small numbers. */
export function wantedDefinitionVersion(request: FastifyRequest): number {
  const version = wantedVersion(request);
  if (version > definitionVersionMax) throw doesNotHold();
  return Number(version);
}

/** Waits for a write that was made for a version (0 for any). HttpProblem 412 when that one is no longer the newest. */
export async function ifMatching<T>(version: bigint | number, write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (version > 0 && asFault(error).reason === 'aborted') throw doesNotHold(error);
    throw error;
  }
}

/** HttpProblem 412 unless the document has the version that a write is made for. */
export function requireVersion(wanted: bigint, held: bigint | undefined): void {
  if (wanted !== held) throw doesNotHold();
}

function doesNotHold(cause?: unknown): HttpProblem {
  return new HttpProblem(412, 'The document is not, or no longer, as If-Match says', { cause });
}
