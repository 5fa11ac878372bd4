// The one door for requests that the types of the typed client forbid: wrong input, bytes, wrong methods, no credential. Plain fetch, plain JSON,
// nothing added, nothing sent again, every status answered and none thrown. All other use of the API is by `clients/api`.
import type { Problem } from '../../clients/api/gen/api-types.ts';

/** An answer with its body, which is a problem unless the request was right after all. */
export interface RawAnswer {
  readonly status: number;
  /** Parsed JSON; the text where it is another type; undefined for an empty body. */
  readonly body: Problem & Readonly<Record<string, unknown>>;
  readonly headers: Headers;
}

/** What a request may carry. */
export interface RawRequest {
  /** Sent as JSON, unless it is a text: that is sent as it stands, as JSON all the same where no header says otherwise. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends requests as one user, by paths below `/api/v1`, or whole ones. Rejects only when no answer comes, or one that is not as described. */
export type RawClient = (method: string, path: string, request?: RawRequest) => Promise<RawAnswer>;

/** How to reach the API. */
export interface RawClientOptions {
  /** `http://host:port` */
  readonly gatewayUrl: string;
  /** Absent sends no credential. */
  readonly token?: string;
  readonly fetch?: (request: Request) => Promise<Response>;
}

const answerMsMax = 30_000;

/** A client of the gateway. */
export function createRawClient({ gatewayUrl, token, fetch: send = fetch }: RawClientOptions): RawClient {
  return async (method, path, { body: sent, headers } = {}) => {
    const request = new Request(gatewayUrl + (path.startsWith('/api/') ? path : `/api/v1${path}`), {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(sent === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(sent === undefined ? {} : { body: typeof sent === 'string' ? sent : JSON.stringify(sent) }),
      signal: AbortSignal.timeout(answerMsMax),
    });
    const response = await send(request);
    const text = await response.text();
    const body = parsedBody(text, response.headers.get('content-type') ?? '');
    return { status: response.status, body: body as RawAnswer['body'], headers: response.headers };
  };
}

function parsedBody(text: string, type: string): unknown {
  if (text === '') return undefined;
  return /[/+]json\b/.test(type) ? JSON.parse(text) : text;
}
