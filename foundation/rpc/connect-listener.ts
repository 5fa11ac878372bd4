// Answers HTTP/2 requests by Connect's handlers: the meeting of Node's server and the router, and nothing else. It is what connect-node's own
// adapter is, except that answers which nobody waits for any more go to the log.
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { type ConnectRouter, type ConnectRouterOptions, createConnectRouter } from '@connectrpc/connect';
import { universalRequestFromNodeRequest, universalResponseToNodeResponse } from '@connectrpc/connect-node';
import type { Logger } from 'pino';

/** What requests are answered by. */
export interface ConnectListenerOptions {
  readonly routes: (router: ConnectRouter) => void;
  /** Limits, interceptors and gate of all handlers. */
  readonly router: ConnectRouterOptions;
  readonly log: Logger;
}

/** A listener for `http2.createServer`. Paths of no method answer 404, which every client takes for `unimplemented`. */
export function createConnectListener(options: ConnectListenerOptions) {
  const { routes, log } = options;
  const router = createConnectRouter(options.router);
  routes(router);
  const handlers = new Map(router.handlers.map((handler) => [handler.requestPath, handler]));
  return (request: Http2ServerRequest, response: Http2ServerResponse): void => {
    const [path = ''] = request.url.split('?', 1);
    const handler = handlers.get(path);
    if (!handler) {
      response.writeHead(404).end();
      return;
    }
    handler(universalRequestFromNodeRequest(request, response, undefined, undefined))
      .then((answer) => universalResponseToNodeResponse(answer, response))
      .catch((error: unknown) => log.debug({ err: error, path }, 'an answer could not be sent'));
  };
}
