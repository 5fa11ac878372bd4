// Answers HTTP/2 requests by Connect's handlers: the meeting of Node's server and the router, and nothing else. It is what connect-node's own
// adapter is, except that it bounds bodies, lets go of those that nobody reads, and logs answers that nobody waits for any more.
import { constants, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import { type ConnectRouter, type ConnectRouterOptions, createConnectRouter } from '@connectrpc/connect';
import { universalRequestFromNodeRequest, universalResponseToNodeResponse } from '@connectrpc/connect-node';
import type { Logger } from 'pino';
import { Fault } from '../fault/fault.ts';
import { toConnectError } from '../fault/fault-wire.ts';

/** What requests are answered by. */
export interface ConnectListenerOptions {
  readonly routes: (router: ConnectRouter) => void;
  /** Limits, interceptors and gate of all handlers. */
  readonly router: ConnectRouterOptions;
  /** Largest body of a request, all its messages together, in bytes; a larger one is refused as `resource_exhausted`. */
  readonly bodyBytesMax: number;
  readonly log: Logger;
}

/** A listener for `http2.createServer`. Paths of no method answer 404, which every client takes for `unimplemented`. */
export function createConnectListener(options: ConnectListenerOptions) {
  const { routes, log, bodyBytesMax } = options;
  const router = createConnectRouter(options.router);
  routes(router);
  const handlers = new Map(router.handlers.map((handler) => [handler.requestPath, handler]));
  return (request: Http2ServerRequest, response: Http2ServerResponse): void => {
    const [path = ''] = request.url.split('?', 1);
    const handler = handlers.get(path);
    // The last thing of an answer are its trailers, even when there are none.
    request.stream.once('wantTrailers', () => setImmediate(dropUnread, request));
    if (!handler) {
      response.writeHead(404).end();
      return;
    }
    const asked = universalRequestFromNodeRequest(request, response, undefined, undefined);
    handler({ ...asked, body: bounded(request, bodyBytesMax) })
      .then((answer) => universalResponseToNodeResponse(answer, response))
      .catch((error: unknown) => log.debug({ err: error, path }, 'an answer could not be sent'));
  };
}

async function* bounded(body: AsyncIterable<Uint8Array>, bytesMax: number): AsyncIterable<Uint8Array> {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > bytesMax)
      throw toConnectError(new Fault('resource_exhausted', `The request is larger than ${bytesMax} bytes`));
    yield chunk;
  }
}

// Without it a client that was answered early goes on sending, and the stream stays open (RFC 9113 section 8.1).
function dropUnread({ complete, stream }: Http2ServerRequest): void {
  if (!complete) stream.close(constants.NGHTTP2_NO_ERROR);
}
