// One message there and one back over the HTTP/2 connection to a replica: headers, message and end leave together, and the answer is taken whole.
// For streams there is connect-node's own client, which sends and reads piece by piece.
import { type ClientHttp2Stream, constants, type IncomingHttpHeaders } from 'node:http2';
import type { ReplicaSession } from './replica-session.ts';
import { webHeaders } from './web-headers.ts';
import { wholeBytes } from './whole-bytes.ts';

/** What is sent. */
export interface ExchangeRequest {
  /** Of the method, such as `/domainflow.registry.v1.AgentService/GetAgent`. */
  readonly path: string;
  readonly header: Headers;
  readonly body: Uint8Array;
  /** Its abort ends the exchange at once, also while the connection is being opened. */
  readonly signal: AbortSignal;
}

/** What came back. */
export interface ExchangeAnswer {
  readonly status: number;
  readonly header: Headers;
  readonly body: Uint8Array;
}

/** Rejects with the reason of the signal, a ConnectionFailure within an error, or Node's own error when the answer did not come whole. */
export function exchange(session: ReplicaSession, request: ExchangeRequest): Promise<ExchangeAnswer> {
  const { path, header, body, signal } = request;
  if (signal.aborted) return Promise.reject(signal.reason);
  const { promise, resolve, reject } = Promise.withResolvers<ExchangeAnswer>();
  let cancel = (): void => undefined;
  const onAbort = (): void => {
    cancel();
    reject(signal.reason);
  };
  const begin = (stream: ClientHttp2Stream): void => {
    cancel = () => stream.close(constants.NGHTTP2_CANCEL);
    receive(stream, { session, resolve, reject });
    if (signal.aborted) cancel();
    else stream.end(body);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  // With its length nobody takes a part of the message for the whole.
  const fields = { ...Object.fromEntries(header), 'content-length': body.byteLength };
  session.request('POST', path, fields, {}).then(begin, reject);
  return promise.finally(() => signal.removeEventListener('abort', onAbort));
}

interface Receiver {
  readonly session: ReplicaSession;
  readonly resolve: (answer: ExchangeAnswer) => void;
  readonly reject: (error: unknown) => void;
}

function receive(stream: ClientHttp2Stream, { session, resolve, reject }: Receiver): void {
  const chunks: Uint8Array[] = [];
  let head: IncomingHttpHeaders & { ':status'?: number } = {};
  let isWhole = false;
  stream.once('response', (headers) => {
    session.notifyResponseByteRead(stream);
    head = headers;
  });
  stream.on('data', (chunk: Uint8Array) => {
    session.notifyResponseByteRead(stream);
    chunks.push(chunk);
  });
  stream.once('end', () => {
    isWhole = stream.rstCode === constants.NGHTTP2_NO_ERROR; // what is reset comes to its end too
    if (isWhole)
      resolve({ status: head[':status'] ?? 0, header: webHeaders(head), body: wholeBytes(chunks) });
  });
  stream.on('error', reject);
  stream.once('close', () => {
    if (!isWhole) reject(cutShort(stream));
  });
}

// As Node calls what ends before its end.
function cutShort({ rstCode }: ClientHttp2Stream): Error {
  const error = new Error(`The stream was closed with code ${rstCode}`);
  return Object.assign(error, { code: 'ERR_HTTP2_STREAM_ERROR' });
}
