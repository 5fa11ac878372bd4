// One request and its answer: with the credential, with a name of its own for every POST, and sent again where that can do no harm. What is
// asked and answered is not its business.
import { setTimeout as wait } from 'node:timers/promises';
import { connectionErrorOf, retryAfterMs } from './api-error.ts';

/** A token or an API key, or what answers one before each request; undefined sends none. */
export type Credential = string | (() => string | undefined | Promise<string | undefined>) | undefined;

/** How requests are sent. */
export interface ExchangeOptions {
  readonly credential?: Credential;
  /** Tries beyond the first. Default 4. */
  readonly retriesMax?: number;
  /** How long the head of an answer may take, in milliseconds. Default 60,000. */
  readonly answerMsMax?: number;
  /** Ends every call; each may have a signal of its own besides. */
  readonly signal?: AbortSignal | undefined;
  /** Default is that of the platform. */
  readonly fetch?: (request: Request) => Promise<Response>;
  /** Waits this long, in milliseconds; rejects when the signal is aborted. Default is a timer. */
  readonly waitFor?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

/** What is special about a request. */
export interface Special {
  /** True for a body that is made while it is sent, and is gone then. */
  readonly isStreamed?: boolean;
}

/** Sends a request. Answers whatever the status is; rejects with ConnectionError when no answer comes, and when the signal is aborted. */
export type Exchange = (request: Request, special?: Special) => Promise<Response>;

/** A pause that a server asks for is kept up to this long; a longer one is the caller's to keep, in milliseconds. */
const askedPauseMsMax = 30_000;
const firstPauseMs = 250;
const pauseMsMax = 8_000;
const keyHeader = 'idempotency-key';

/**
 * An exchange. A GET, and a POST (each has an `Idempotency-Key`, a new one unless the caller gave one), is sent again when no answer comes or
 * the answer is 429 or 503; a body that is made while it is sent is not, and neither are PUT and DELETE.
 */
export function createExchange(options: ExchangeOptions = {}): Exchange {
  const { retriesMax = 4, answerMsMax = 60_000 } = options;
  const { fetch: send = (request) => fetch(request), waitFor = timer } = options;
  return async (given, special = {}) => {
    const request = await prepared(given, options);
    const triesMax = isRepeatable(request, special) ? retriesMax + 1 : 1;
    for (let tries = 1; ; tries += 1) {
      const isLast = tries >= triesMax;
      const outcome = await attempt(send, isLast ? request : request.clone(), answerMsMax);
      request.signal.throwIfAborted();
      const pauseMs = isLast ? undefined : pauseBefore(outcome, tries);
      if (pauseMs === undefined) return answered(outcome, request);
      await outcome.response?.body?.cancel();
      await waitFor(pauseMs, request.signal);
    }
  };
}

interface Outcome {
  readonly response?: Response;
  /** Why there is none. */
  readonly error?: unknown;
}

function timer(ms: number, signal: AbortSignal): Promise<unknown> {
  return wait(ms, undefined, { signal });
}

async function prepared(given: Request, { credential, signal }: ExchangeOptions): Promise<Request> {
  const request = signal ? new Request(given, { signal: AbortSignal.any([given.signal, signal]) }) : given;
  const token = typeof credential === 'function' ? await credential() : credential;
  const { headers } = request;
  if (token !== undefined && !headers.has('authorization')) headers.set('authorization', `Bearer ${token}`);
  if (request.method === 'POST' && !headers.has(keyHeader)) headers.set(keyHeader, crypto.randomUUID());
  return request;
}

function isRepeatable({ method }: Request, { isStreamed = false }: Special): boolean {
  return !isStreamed && (method === 'GET' || method === 'HEAD' || method === 'POST');
}

// The limit holds until the head is there: what follows may stream for as long as it takes.
async function attempt(
  send: (request: Request) => Promise<Response>,
  request: Request,
  answerMsMax: number,
): Promise<Outcome> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new Error('No answer came in time')), answerMsMax);
  try {
    const signal = AbortSignal.any([request.signal, late.signal]);
    return { response: await send(new Request(request, { signal })) };
  } catch (error) {
    return { error };
  } finally {
    clearTimeout(timer);
  }
}

/** Milliseconds to wait before the next try; undefined when the outcome stands. */
function pauseBefore({ response }: Outcome, tries: number): number | undefined {
  const asked = retryAfterMs(response?.headers.get('retry-after') ?? null);
  // A try before may still be under way under the same name. Once it is over, its answer comes again, and says that it does.
  const isUnderWay = tries > 1 && response?.status === 409 && !response.headers.has('idempotency-replayed');
  const isTransient = !response || response.status === 429 || response.status === 503 || isUnderWay;
  if (!isTransient || (asked ?? 0) > askedPauseMsMax) return undefined;
  const pauseMs = Math.min(pauseMsMax, firstPauseMs * 2 ** (tries - 1));
  // Not all who were refused at once come back at once.
  return Math.max(asked ?? 0, pauseMs * (0.5 + Math.random() / 2));
}

function answered({ response, error }: Outcome, request: Request): Response {
  if (response) return response;
  throw connectionErrorOf(request.url, error);
}
