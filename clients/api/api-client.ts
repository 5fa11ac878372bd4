// The typed client of the API. It knows what the description of the API says, and nothing of what is behind it.
//
//   const api = createClient({ baseUrl: 'http://127.0.0.1:8080', credential: token });
//   const report = await api.get('/api/v1/reports/{incident_id}', { path: { incident_id } });
//   for await (const row of api.pages('/api/v1/reports', { query: { status: 'completed' } })) console.log(row.raw_text);
import { setTimeout as wait } from 'node:timers/promises';
import createFetchClient from 'openapi-fetch';
import type { Call, CallArguments, CallOptions, HeadOption, ListPath, Method, RowOf } from './api-calls.ts';
import { ApiError, apiErrorOf, connectionErrorOf } from './api-error.ts';
import { type Batch, sendBatch } from './batches.ts';
import { createExchange, type Exchange, type ExchangeOptions } from './exchange.ts';
import { followEvents, type ToldEvent } from './follow-events.ts';
import type { BatchLine, ExportReportsQuery } from './gen/api-types.ts';

/** How to reach the API. */
export interface ClientOptions extends ExchangeOptions {
  /** `http://host:port`, with a path before `/api/v1` if there is one. */
  readonly baseUrl: string;
}

/** A request as it stands, for what the typed calls do not say. */
export interface RawRequest extends CallOptions {
  /** JSON for an object, itself for a text. */
  readonly body?: unknown;
}

/** Which events to follow: those of one run, which end, of all runs of a session, or of all runs that the caller starts. */
export interface Followed extends Pick<CallOptions, 'signal'> {
  readonly jobId?: string;
  readonly sessionId?: string;
  /** Place of the last event that is known; absent begins at the first event of a run, or now. */
  readonly from?: string;
}

/** How reports are sent. */
export interface BatchOptions extends Pick<CallOptions, 'signal'>, Partial<Pick<Batch, 'isImport'>> {
  /** Names the whole, so that it can be sent again; absent makes a new name. */
  readonly idempotencyKey?: string;
}

/** The API. Every call rejects with ApiError when the API refuses, with ConnectionError when no answer comes. */
export interface ApiClient {
  readonly get: Call<'get'>;
  readonly post: Call<'post'>;
  readonly put: Call<'put'>;
  readonly delete: Call<'delete'>;
  /** Every row of a list, page after page, read as they are taken. */
  pages<P extends ListPath>(path: P, ...init: CallArguments<P, 'get'>): AsyncGenerator<RowOf<P>, void>;
  /** What happens, as it happens: each event once and in order, over connections that break. */
  follow(followed: Followed): AsyncGenerator<ToldEvent, void>;
  /** Submits or imports any number of reports, each a JSON document on one line; an answer for each, in order. */
  batch(lines: Batch['lines'], options?: BatchOptions): AsyncGenerator<BatchLine, void>;
  /** All reports that match, as bytes in the format; ConnectionError when it breaks off, so that a part is not taken for the whole. */
  exportReports(query: ExportReportsQuery, options?: CallOptions): Promise<AsyncIterable<Uint8Array>>;
  /** Puts an image where a report can name it; answers its `image_url`. */
  uploadImage(bytes: Uint8Array<ArrayBuffer>, type: ImageType, options?: CallOptions): Promise<string>;
  /** The answer as it is, whatever its status; for what the typed calls do not say. The path begins with a slash. */
  exchange(method: string, path: string, request?: RawRequest): Promise<Response>;
}

/** Types of images that the API takes. */
export type ImageType = 'image/jpeg' | 'image/png' | 'image/gif' | 'image/webp';

/** A client. It holds nothing open between calls. */
export function createClient(options: ClientOptions): ApiClient {
  const baseUrl = options.baseUrl.replace(/\/+$/, '');
  const exchange = createExchange(options);
  const caller = createCaller(baseUrl, exchange);
  const raw: ApiClient['exchange'] = (method, path, { body, headers, signal } = {}) =>
    exchange(
      new Request(baseUrl + path, {
        method,
        headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        signal: signal ?? null,
      }),
    );
  return {
    get: caller('get'),
    post: caller('post'),
    put: caller('put'),
    delete: caller('delete'),
    pages: (path, ...init) => rowsOf(caller('get'), path, init),
    follow: (followed) => {
      const waitFor = options.waitFor ?? ((ms, signal) => wait(ms, undefined, { signal }));
      const { from, signal = options.signal } = followed;
      return followEvents({
        open: (place) => raw('GET', eventsPath(followed), streamed(place, signal)),
        from,
        signal,
        waitFor,
      });
    },
    batch: (lines, { isImport = false, idempotencyKey = crypto.randomUUID(), signal } = {}) =>
      sendBatch({ exchange, baseUrl, lines, isImport, idempotencyKey, signal }),
    exportReports: async (query, init) => {
      const wanted = new URLSearchParams(query as Record<string, string>);
      const response = await raw('GET', `/api/v1/reports/export?${wanted}`, init);
      if (!response.ok || !response.body) throw await apiErrorOf(response);
      return unbroken(response.body, response.url, init?.signal);
    },
    uploadImage: (bytes, type, init) => uploadImage(caller('post'), { bytes, type, init }),
    exchange: raw,
  };
}

/** What openapi-fetch does, without its types: those of a call are worked out in `api-calls.ts`. */
type Send = (
  method: Method,
  path: string,
  init: object,
) => Promise<{ readonly data?: unknown; readonly error?: unknown; readonly response: Response }>;

function createCaller(baseUrl: string, exchange: Exchange): <M extends Method>(method: M) => Call<M> {
  const send = createFetchClient({ baseUrl, fetch: (request) => exchange(request) }).request as Send;
  const call = async (method: Method, path: string, init: LooseInit = {}): Promise<unknown> => {
    const { path: pathPart, query, onHead, ...rest } = init;
    const sent = send(method, path, { ...rest, params: { path: pathPart, query } });
    const { data, error, response } = await sent.catch((cause: unknown) => brokenOff(baseUrl, cause));
    onHead?.(response);
    if (response.ok) return data;
    throw new ApiError({ status: response.status, body: error, headers: response.headers });
  };
  return (method) => ((path: string, init?: LooseInit) => call(method, path, init)) as Call<typeof method>;
}

// What breaks off in the middle of a body is a TypeError of fetch.
function brokenOff(baseUrl: string, cause: unknown): never {
  throw cause instanceof TypeError ? connectionErrorOf(baseUrl, cause) : cause;
}

interface LooseInit extends CallOptions, HeadOption {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

interface Page {
  readonly pagination: { readonly next_cursor: string | null };
}

// The cursor takes the place of a page number, and keeps the filters.
async function* rowsOf<P extends ListPath>(
  get: Call<'get'>,
  path: P,
  [init]: CallArguments<P, 'get'>,
): AsyncGenerator<RowOf<P>, void> {
  const { query = {}, ...rest } = (init ?? {}) as LooseInit;
  const { page: _, ...filters } = query;
  const ask = get as unknown as (path: string, init: LooseInit) => Promise<Page>;
  for (let asked = query; ; ) {
    const { pagination, ...members } = await ask(path, { ...rest, query: asked });
    const rows = Object.values(members).find(Array.isArray) ?? [];
    yield* rows as RowOf<P>[];
    if (pagination.next_cursor === null) return;
    asked = { ...filters, cursor: pagination.next_cursor };
  }
}

function eventsPath({ jobId, sessionId }: Followed): string {
  if (jobId !== undefined) return `/api/v1/executions/${encodeURIComponent(jobId)}/events`;
  if (sessionId !== undefined) return `/api/v1/sessions/${encodeURIComponent(sessionId)}/events`;
  return '/api/v1/events';
}

function streamed(place: string | undefined, signal: AbortSignal | undefined): RawRequest {
  return { ...(place === undefined ? {} : { headers: { 'last-event-id': place } }), signal };
}

async function* unbroken(
  body: ReadableStream<Uint8Array>,
  url: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void> {
  try {
    yield* body;
  } catch (error) {
    signal?.throwIfAborted();
    throw connectionErrorOf(url, error);
  }
}

interface Upload {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: ImageType;
  readonly init: CallOptions | undefined;
}

// The link is a credential of its own: ours stays out of the request.
async function uploadImage(post: Call<'post'>, { bytes, type, init }: Upload): Promise<string> {
  const wanted = { content_type: type, size_bytes: bytes.length };
  const place = await post('/api/v1/reports/images', { ...init, body: wanted });
  const put = { method: 'PUT', headers: { 'content-type': type }, body: bytes, signal: init?.signal ?? null };
  const stored = await fetch(place.upload_url, put).catch((error: unknown) => {
    init?.signal?.throwIfAborted();
    throw connectionErrorOf(place.upload_url, error);
  });
  if (!stored.ok) throw await apiErrorOf(stored);
  return place.image_url;
}
