// Which answers are kept for a request that comes again under its Idempotency-Key, and what of them.

/** An answer as it is told again. */
export interface KeptAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Longest body that is kept, in bytes. */
export const keptBodyBytesMax = 256 * 1024;

/** Headers that belong to an answer; the others belong to the one time that it is sent. */
const keptHeaders = ['content-type', 'location', 'etag', 'cache-control'];

/** Refusals that say nothing of the request itself. */
const passingRefusals = [401, 403, 408, 429];

/** The answer to keep; undefined for one that the same request might not get again, and for one that is too long. */
export function answerToKeep(
  status: number,
  headers: Readonly<Record<string, unknown>>,
  body: string,
): KeptAnswer | undefined {
  if (status >= 500 || passingRefusals.includes(status)) return undefined;
  if (Buffer.byteLength(body) > keptBodyBytesMax) return undefined;
  const kept = keptHeaders.flatMap((name) => {
    const value = headers[name];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  return { status, headers: Object.fromEntries(kept), body };
}
