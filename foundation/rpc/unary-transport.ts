// Calls of one message and one answer by Connect's protocol, in its binary form and without compression. connect-node's own transport sends them
// as streams of one message, and works out for each call what is the same for all; streams are still its business.
import { create, type DescMessage, type DescMethodUnary } from '@bufbuild/protobuf';
import {
  Code,
  ConnectError,
  createContextValues,
  type Interceptor,
  type Transport,
  type UnaryRequest,
  type UnaryResponse,
} from '@connectrpc/connect';
import { createClientMethodSerializers, createMethodUrl } from '@connectrpc/connect/protocol';
import {
  errorFromJsonBytes,
  requestHeader,
  trailerDemux,
  validateResponseWithCompression,
} from '@connectrpc/connect/protocol-connect';
import { exchange } from './exchange.ts';
import type { ReplicaSession } from './replica-session.ts';

type Send = ReturnType<Interceptor>;

/** The part of a transport over the session that is for calls without streams. */
export function createUnaryTransport(
  session: ReplicaSession,
  interceptors: readonly Interceptor[],
): Pick<Transport, 'unary'> {
  const innermost = ((request: UnaryRequest) => call(session, request)) as Send;
  const send = interceptors.reduceRight((next, interceptor) => interceptor(next), innermost);
  return {
    async unary(method, signal, timeoutMs, header, input, contextValues = createContextValues()) {
      const ending = endOfCall(signal, timeoutMs);
      const request: UnaryRequest = {
        stream: false,
        service: method.parent,
        method,
        requestMethod: 'POST',
        url: createMethodUrl(session.authority, method),
        header: requestHeader('unary', true, timeoutMs, header, true),
        contextValues,
        message: create(method.input, input),
        signal: ending.signal,
      };
      try {
        return (await send(request)) as UnaryResponse<typeof method.input, typeof method.output>;
      } catch (error) {
        const { aborted, reason } = ending.signal;
        throw aborted ? ConnectError.from(reason, Code.Canceled) : ConnectError.from(error);
      } finally {
        ending.release();
      }
    },
  };
}

async function call<I extends DescMessage, O extends DescMessage>(
  session: ReplicaSession,
  { service, method, url, header: sent, message, signal }: UnaryRequest<I, O>,
): Promise<UnaryResponse<I, O>> {
  const { serialize, parse } = createClientMethodSerializers(method as DescMethodUnary<I, O>, true);
  const path = url.slice(session.authority.length);
  const answer = await exchange(session, { path, header: sent, body: serialize(message), signal });
  const { status, body } = answer;
  const { isUnaryError, unaryError } = validateResponseWithCompression(
    'unary',
    [],
    true,
    status,
    answer.header,
  );
  const [header, trailer] = trailerDemux(answer.header);
  if (isUnaryError) throw errorFromJsonBytes(body, new Headers([...header, ...trailer]), unaryError);
  return { stream: false, service, method, header, message: parse(body), trailer };
}

// A call ends with its caller's signal and with its time, whichever comes first.
function endOfCall(caller: AbortSignal | undefined, timeoutMs: number | undefined) {
  const over = new AbortController();
  const onAbort = (): void => over.abort(caller?.reason);
  const onTime = (): void => over.abort(new ConnectError('the operation timed out', Code.DeadlineExceeded));
  const timer = timeoutMs === undefined ? undefined : setTimeout(onTime, timeoutMs);
  if (caller?.aborted) onAbort();
  else caller?.addEventListener('abort', onAbort, { once: true });
  const release = (): void => {
    clearTimeout(timer);
    caller?.removeEventListener('abort', onAbort);
  };
  return { signal: over.signal, release };
}
