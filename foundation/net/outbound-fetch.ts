// Calls URLs that tenants supply: only where the platform may call, with a bound on time and size, and with redirects that are judged like
// the first URL. It uses no proxy, keeps no connection and repeats nothing.
import { Agent, fetch, type Response as UndiciResponse } from 'undici';
import { createGuardedConnect, type GuardPolicy } from './guarded-connect.ts';
import { OutboundFailed, outboundFailureIn } from './outbound-failed.ts';
import { outboundUrlProblem } from './outbound-url.ts';
import { type Hop, redirectedHop } from './redirect.ts';

/** Redirects that a call follows. */
export const redirectsMaxDefault = 5;

/** A call and its bounds. */
export interface OutboundRequest {
  /** [GET] */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The most bytes of the answer's body, counted after decompression. */
  readonly bodyBytesMax: number;
  /** Time for everything, the body included, in milliseconds. */
  readonly timeoutMs: number;
  /** [`redirectsMaxDefault`] 0 for a call whose body holds a secret. */
  readonly redirectsMax?: number;
  /** Ends the call; what it then rejects with is the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Calls URLs of tenants. */
export interface Outbound {
  /** The answer, whatever its status. The call and reading its body reject with OutboundFailed. Read the body to its end or cancel it. */
  fetch(url: string, request: OutboundRequest): Promise<Response>;
  /** Ends the calls under way. */
  close(): Promise<void>;
}

/** Header fields that do not describe the body that a caller reads. */
const encodingHeaders = ['content-encoding', 'content-length', 'transfer-encoding'];
const bodyless: readonly number[] = [204, 205, 304];

/** Calls under one policy. Close it. */
export function createOutbound(policy: GuardPolicy): Outbound {
  // Without pipelining each exchange has a connection of its own, whose address was judged for it.
  const agent = new Agent({ connect: createGuardedConnect(policy), pipelining: 0 });
  return {
    fetch: async (url, request) => {
      const ends = endsOf(request);
      try {
        return boundedResponse(
          await follow(agent, policy, { url, request, signal: ends.signal }),
          request,
          ends,
        );
      } catch (error) {
        throw ends.reasonOf(error);
      }
    },
    close: () => agent.destroy(),
  };
}

interface Ends {
  readonly signal: AbortSignal;
  /** What a caller is told instead of an error of the exchange. */
  reasonOf(error: unknown): unknown;
}

function endsOf({ signal: asked, timeoutMs }: OutboundRequest): Ends {
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = asked ? AbortSignal.any([asked, timeout]) : timeout;
  return {
    signal,
    reasonOf: (error) => {
      if (asked?.aborted) return asked.reason;
      if (timeout.aborted) {
        return new OutboundFailed('timed_out', `The host did not answer within ${timeoutMs / 1_000} s`);
      }
      const known = outboundFailureIn(error);
      return known ?? new OutboundFailed('unreachable', 'The host cannot be reached', { cause: error });
    },
  };
}

interface Call {
  readonly url: string;
  readonly request: OutboundRequest;
  readonly signal: AbortSignal;
}

async function follow(
  dispatcher: Agent,
  { allowed }: GuardPolicy,
  { url, request, signal }: Call,
): Promise<UndiciResponse> {
  const { method = 'GET', headers = {}, body, redirectsMax = redirectsMaxDefault } = request;
  let hop: Hop = { url, method, headers, body };
  for (let redirects = 0; ; redirects += 1) {
    const problem = outboundUrlProblem(hop.url, allowed);
    if (problem)
      throw new OutboundFailed(
        'refused',
        `${redirects > 0 ? 'A redirect leads to a URL that' : 'The URL'} ${problem}`,
      );
    const { url: asked, body: sent = null, ...parts } = hop;
    const response = await fetch(asked, { ...parts, body: sent, dispatcher, signal, redirect: 'manual' });
    const next = redirectedHop(hop, response.status, response.headers.get('location'));
    if (!next) return response;
    await response.body?.cancel();
    if (redirects >= redirectsMax) {
      throw new OutboundFailed('too_many_redirects', `The host redirects more than ${redirectsMax} times`);
    }
    hop = next;
  }
}

function boundedResponse(response: UndiciResponse, { bodyBytesMax }: OutboundRequest, ends: Ends): Response {
  const { status, statusText, body } = response;
  const headers = new Headers([...response.headers]);
  for (const name of encodingHeaders) headers.delete(name);
  const isEmpty = body === null || bodyless.includes(status);
  const read = isEmpty ? null : ReadableStream.from(boundedBody(body, bodyBytesMax, ends));
  return new Response(read, { status, statusText, headers });
}

async function* boundedBody(
  body: AsyncIterable<Uint8Array>,
  bytesMax: number,
  ends: Ends,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  try {
    for await (const chunk of body) {
      bytes += chunk.byteLength;
      if (bytes > bytesMax) {
        throw new OutboundFailed('too_large', `The answer has more than ${bytesMax} bytes`);
      }
      yield chunk;
    }
  } catch (error) {
    throw ends.reasonOf(error);
  }
}
