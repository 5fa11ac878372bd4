// Answers what services of the mesh mostly send each other, calls of one message by Connect's protocol in its binary form, straight on their HTTP/2
// streams. gRPC, gRPC-Web, JSON and streams of messages are left to connect-fastify, which answers in every protocol at a price for each.
import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import {
  Code,
  ConnectError,
  type ConnectRouter,
  type ConnectRouterOptions,
  createContextValues,
  createMethodImplSpec,
  createServiceImplSpec,
  type HandlerContext,
  type MethodImplSpec,
} from '@connectrpc/connect';
import {
  createMethodSerializationLookup,
  createMethodUrl,
  invokeUnaryImplementation,
  mergeNonProtocolHeaders,
} from '@connectrpc/connect/protocol';
import {
  codeToHttpStatus,
  contentTypeUnaryJson,
  contentTypeUnaryProto,
  errorToJsonBytes,
  parseTimeout,
  trailerMux,
} from '@connectrpc/connect/protocol-connect';
import { createCallsUnderWay } from './calls-under-way.ts';
import { webHeaders } from './web-headers.ts';
import { wholeBody } from './whole-body.ts';

/** What calls are answered by: as all handlers are, with the largest body in bytes. */
export interface UnaryServerOptions {
  readonly router: Pick<
    ConnectRouterOptions,
    'interceptors' | 'requestGate' | 'maxTimeoutMs' | 'shutdownSignal'
  >;
  readonly bodyBytesMax: number;
}

/** Answers some of the calls of a server. */
export interface UnaryServer {
  /** The same router; what is registered through it is answered here too. */
  following(router: ConnectRouter): ConnectRouter;
  /** False when the call is for others, who then have the stream to themselves. */
  answer(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): boolean;
}

type UnarySpec = Extract<MethodImplSpec, { kind: 'unary' }>;
type Handle = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => Promise<void>;

interface Answer {
  readonly status: number;
  readonly header: Headers;
  readonly body: Uint8Array;
}

const messageBytesMax = 0xffffffff;

/** A server that knows no methods yet. */
export function createUnaryServer(options: UnaryServerOptions): UnaryServer {
  const handlers = new Map<string, Handle>();
  const handlerOf = createHandlers(options);
  const add = (spec: MethodImplSpec): void => {
    if (spec.kind === 'unary') handlers.set(createMethodUrl('/', spec.method), handlerOf(spec));
  };
  return {
    following(router) {
      const both: ConnectRouter = {
        handlers: router.handlers,
        service(service, implementation, special) {
          router.service(service, implementation, special);
          if (!special) Object.values(createServiceImplSpec(service, implementation).methods).forEach(add);
          return both;
        },
        rpc(method, implementation, special) {
          router.rpc(method, implementation, special);
          if (!special) add(createMethodImplSpec(method, implementation));
          return both;
        },
      };
      return both;
    },
    answer(stream, headers) {
      const isOurs = headers['content-type'] === contentTypeUnaryProto && !headers['content-encoding'];
      const handle = isOurs && headers[':method'] === 'POST' && handlers.get(String(headers[':path']));
      // What no handler may answer, such as a header that HTTP/2 forbids, breaks its own call off and no other.
      if (handle) handle(stream, headers).catch((error: Error) => stream.destroy(error));
      return Boolean(handle);
    },
  };
}

function createHandlers({ router, bodyBytesMax }: UnaryServerOptions): (spec: UnarySpec) => Handle {
  const { interceptors = [], requestGate, maxTimeoutMs = Number.MAX_SAFE_INTEGER, shutdownSignal } = router;
  const underWay = createCallsUnderWay(shutdownSignal);
  return (spec) => {
    const limits = { readMaxBytes: messageBytesMax, writeMaxBytes: messageBytesMax };
    const coding = createMethodSerializationLookup(spec.method, undefined, undefined, limits);
    return async (stream, headers) => {
      const requestHeader = webHeaders(headers);
      const { timeoutMs, error } = parseTimeout(requestHeader.get('connect-timeout-ms'), maxTimeoutMs);
      const { end, ...time } = underWay.begin(stream, timeoutMs);
      const context = contextOf(spec, { requestHeader, ...time, authority: String(headers[':authority']) });
      const work = async (): Promise<Uint8Array> => {
        await requestGate?.(context);
        if (error) throw error;
        const input = coding.getI(true).parse(await wholeBody(stream, bodyBytesMax));
        const output = await invokeUnaryImplementation(spec, context, input, interceptors);
        return coding.getO(true).serialize(output);
      };
      const answer = await work().then(
        (body) => ({ status: 200, header: context.responseHeader, body }),
        (thrown) => refusal(thrown, context),
      );
      end();
      send(stream, { ...answer, header: trailerMux(answer.header, context.responseTrailer) });
    };
  };
}

interface ContextParts {
  readonly requestHeader: Headers;
  readonly authority: string;
  readonly signal: AbortSignal;
  readonly timeoutMs: () => number | undefined;
}

function contextOf({ method }: UnarySpec, { authority, ...parts }: ContextParts): HandlerContext {
  return {
    ...parts,
    method,
    service: method.parent,
    requestMethod: 'POST',
    url: createMethodUrl(`http://${authority}`, method),
    protocolName: 'connect',
    responseHeader: new Headers({ 'content-type': contentTypeUnaryProto }),
    responseTrailer: new Headers(),
    values: createContextValues(),
  };
}

function refusal(thrown: unknown, { responseHeader: header }: HandlerContext): Answer {
  const isKnown = thrown instanceof ConnectError;
  const error = isKnown
    ? thrown
    : new ConnectError('internal error', Code.Internal, undefined, undefined, thrown);
  header.set('content-type', contentTypeUnaryJson);
  if (!error.isWireError) mergeNonProtocolHeaders(header, error.metadata);
  return { status: codeToHttpStatus(error.code), header, body: errorToJsonBytes(error, undefined) };
}

function send(stream: ServerHttp2Stream, { status, header, body }: Answer): void {
  if (stream.destroyed || stream.closed) return;
  stream.respond({
    ...Object.fromEntries(header),
    ':status': status,
    'content-length': body.byteLength,
  });
  // Without it a client that was answered early goes on sending, and the stream stays open (RFC 9113 section 8.1).
  const dropUnread = (): void => {
    if (!stream.readableEnded && !stream.destroyed) stream.close(constants.NGHTTP2_NO_ERROR);
  };
  stream.end(body, () => setImmediate(dropUnread));
}
