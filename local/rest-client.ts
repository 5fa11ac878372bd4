// A small client of the REST API for tests, which also send what no proper client would: plain fetch, plain JSON, nothing added, nothing sent
// again, every status answered and none thrown. Proper use is by `clients/api`.
import { Fault } from '../foundation/fault/fault.ts';
import type { ProblemDocument } from './rest-documents.ts';

/** An answer with its body. */
export interface RestAnswer<T> {
  readonly status: number;
  /** Parsed JSON; the text where it is another type; undefined for an empty body. */
  readonly body: T;
  readonly headers: Headers;
  /** 32 hex digits, from the `traceresponse` header; undefined when the answer has none. */
  readonly traceId: string | undefined;
}

/** What a request may carry. */
export interface RestRequest {
  /** Sent as JSON, unless it is a text: that is sent as it stands, as JSON all the same where no header says otherwise. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends requests as one user. Rejects only when no answer comes. */
export interface RestClient {
  send<T = unknown>(method: string, path: string, request?: RestRequest): Promise<RestAnswer<T>>;
  get<T = unknown>(path: string): Promise<RestAnswer<T>>;
  post<T = unknown>(path: string, body: unknown): Promise<RestAnswer<T>>;
  put<T = unknown>(path: string, body: unknown): Promise<RestAnswer<T>>;
  delete<T = unknown>(path: string): Promise<RestAnswer<T>>;
}

/** How to reach the API. */
export interface RestClientOptions {
  /** `http://host:port` */
  readonly gatewayUrl: string;
  /** Absent sends no credential. */
  readonly token?: string;
  /** Ends requests that wait. */
  readonly signal?: AbortSignal;
}

const answerMsMax = 30_000;

/** A client of the gateway. Paths begin with a slash and include `/api/v1`. */
export function createRestClient({ gatewayUrl, token, signal }: RestClientOptions): RestClient {
  const send = async <T>(method: string, path: string, request: RestRequest = {}): Promise<RestAnswer<T>> => {
    const { body: sent, headers } = request;
    const limits = [AbortSignal.timeout(answerMsMax), ...(signal ? [signal] : [])];
    const response = await fetch(gatewayUrl + path, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(sent === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(sent === undefined ? {} : { body: typeof sent === 'string' ? sent : JSON.stringify(sent) }),
      signal: AbortSignal.any(limits),
    });
    const text = await response.text();
    const traceId = /^00-([0-9a-f]{32})-/.exec(response.headers.get('traceresponse') ?? '')?.[1];
    const body = parsedBody(text, response.headers.get('content-type') ?? '');
    return { status: response.status, body: body as T, headers: response.headers, traceId };
  };
  return {
    send,
    get: (path) => send('GET', path),
    post: (path, body) => send('POST', path, { body }),
    put: (path, body) => send('PUT', path, { body }),
    delete: (path) => send('DELETE', path),
  };
}

function parsedBody(text: string, type: string): unknown {
  if (text === '') return undefined;
  return /[/+]json\b/.test(type) ? JSON.parse(text) : text;
}

/** The body of an answer with the wanted status; a Fault that names the request and the problem for any other. */
export function bodyOf<T>(answer: RestAnswer<T>, wanted: number, request: string): T {
  if (answer.status === wanted) return answer.body;
  const { detail } = Object(answer.body) as Partial<ProblemDocument>;
  throw new Fault('internal', `${request} was answered with ${answer.status}: ${detail ?? 'no explanation'}`);
}
