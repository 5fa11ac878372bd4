// Reads a body line by line while it arrives, within limits. What a line holds is not looked at.
import type { Readable } from 'node:stream';
import { Fault } from '../../foundation/fault/fault.ts';

/** Limits of a body of lines. */
export interface LineLimits {
  readonly linesMax: number;
  /** Of one line without its end. */
  readonly lineBytesMax: number;
  /** Of the whole body. */
  readonly bodyBytesMax: number;
}

/** One line, counted from 1: its bytes, or that it is too long, or that from here on nothing more is read, and why. */
export type SentLine =
  | { readonly kind: 'line'; readonly line: number; readonly bytes: Buffer }
  | { readonly kind: 'too long'; readonly line: number }
  | { readonly kind: 'too many lines'; readonly line: number }
  | { readonly kind: 'body too large'; readonly line: number };

const lineFeed = 0x0a;

/**
 * The lines of a body in order; a line feed at the end begins no further one. Ends after a line of the last two kinds, with the rest of the
 * body unread. Fault `cancelled` when the body breaks off.
 */
export async function* readLines(body: Readable, limits: LineLimits): AsyncGenerator<SentLine> {
  const { linesMax, lineBytesMax, bodyBytesMax } = limits;
  const line = createLine(lineBytesMax);
  let number = 1;
  let bodyBytes = 0;
  for await (const chunk of arriving(body)) {
    bodyBytes += chunk.length;
    if (bodyBytes > bodyBytesMax) {
      yield { kind: 'body too large', line: number };
      return;
    }
    let from = 0;
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, from)) {
      line.add(chunk.subarray(from, end));
      if (number > linesMax) {
        yield { kind: 'too many lines', line: number };
        return;
      }
      yield line.take(number);
      number += 1;
      from = end + 1;
    }
    if (from < chunk.length) line.add(chunk.subarray(from));
  }
  if (line.isEmpty()) return;
  yield number > linesMax ? { kind: 'too many lines', line: number } : line.take(number);
}

/** The bytes of a body as they arrive. Leaving early does not end the request, which is still to be answered. */
export async function* arriving(body: Readable): AsyncGenerator<Buffer> {
  try {
    yield* body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  } catch (cause) {
    throw new Fault('cancelled', 'The request broke off before it had arrived whole', { cause });
  }
}

// One line while it arrives. Of one that has become too long nothing is kept.
function createLine(bytesMax: number) {
  let parts: Buffer[] = [];
  let bytes = 0;
  return {
    add(part: Buffer): void {
      bytes += part.length;
      if (bytes > bytesMax) parts = [];
      else parts.push(part);
    },
    isEmpty: () => bytes === 0,
    take(line: number): SentLine {
      const taken: SentLine =
        bytes > bytesMax ? { kind: 'too long', line } : { kind: 'line', line, bytes: Buffer.concat(parts) };
      parts = [];
      bytes = 0;
      return taken;
    },
  };
}
