// Clients of services over the mesh. They are connect-es's own, except that leaving a stream's loop early ends the call.
import type { DescService } from '@bufbuild/protobuf';
import { type CallOptions, type Client, createClient, type Transport } from '@connectrpc/connect';
import { readerLeft } from './wrap-stream.ts';

type StreamingCall = (request: unknown, options?: CallOptions) => AsyncIterable<unknown>;

/**
 * A client like `createClient`'s. Its server-streaming methods end the call on the server when the loop over their messages is left by
 * `break`, `return` or an error; connect-es hides that from its transports, and the call would go on until its deadline.
 */
export function createMeshClient<Service extends DescService>(
  service: Service,
  transport: Transport,
): Client<Service> {
  const client = createClient(service, transport) as Record<string, unknown>;
  for (const { localName, methodKind } of service.methods) {
    if (methodKind === 'server_streaming') client[localName] = leavable(client[localName] as StreamingCall);
  }
  return client as Client<Service>;
}

function leavable(call: StreamingCall): StreamingCall {
  return async function* (request, options = {}) {
    const leaving = new AbortController();
    const signal = options.signal ? AbortSignal.any([options.signal, leaving.signal]) : leaving.signal;
    const messages = call(request, { ...options, signal })[Symbol.asyncIterator]();
    let over = true;
    try {
      for (let step = await messages.next(); !step.done; step = await messages.next()) {
        over = false;
        yield step.value;
        over = true;
      }
    } finally {
      leaving.abort(readerLeft);
      // Asking once more makes connect-es notice the abort and give up its timer for the deadline.
      if (!over) await messages.next().catch(() => undefined);
    }
  };
}
