// The body of a request as one piece of memory, within a limit.
import type { ServerHttp2Stream } from 'node:http2';
import { Fault } from '../fault/fault.ts';
import { toConnectError } from '../fault/fault-wire.ts';
import { callerGone } from './caller-gone.ts';
import { wholeBytes } from './whole-bytes.ts';

/** Rejects with a ConnectError: `resource_exhausted` for a body that is too large, `aborted` when the caller has gone. */
export function wholeBody(stream: ServerHttp2Stream, bytesMax: number): Promise<Uint8Array> {
  if (stream.destroyed || stream.aborted) return Promise.reject(callerGone(stream.errored));
  if (stream.readableEnded) return Promise.resolve(new Uint8Array()); // a body without bytes ends before it is read
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  stream.on('data', (chunk: Uint8Array) => {
    bytes += chunk.byteLength;
    if (bytes <= bytesMax) chunks.push(chunk);
    else reject(bodyTooLarge(bytesMax));
  });
  // What is reset comes to its end too.
  stream.once('end', () => {
    if (!stream.aborted && bytes <= bytesMax) resolve(wholeBytes(chunks));
  });
  stream.once('close', () => {
    if (stream.aborted || !stream.readableEnded) reject(callerGone(stream.errored));
  });
  return promise;
}

/** The refusal of a larger body. */
export function bodyTooLarge(bytesMax: number): Error {
  return toConnectError(new Fault('resource_exhausted', `The request is larger than ${bytesMax} bytes`));
}
