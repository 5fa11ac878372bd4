// W3C Trace Context in and out of HTTP headers and database rows. Malformed context is the same as none; baggage is not carried.
import { type Context, isSpanContextValid, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';

/** Characters of `tracestate` that are taken over; W3C asks for at least 512. */
export const traceStateCharactersMax = 512;

/** A trace context as two texts for a database row. */
export interface StoredTrace {
  readonly traceparent: string;
  /** Null when the caller's tracing system sent none. */
  readonly tracestate: string | null;
}

const propagator = new W3CTraceContextPropagator();

/** Sets `traceparent` and `tracestate` on the headers; without a valid span in the context the headers stay as they are. */
export function injectHeaders(context: Context, headers: Headers): void {
  propagator.inject(context, headers, { set: (carrier, key, value) => carrier.set(key, value) });
}

/** The base context (default: an empty one) with the span that the headers name as remote parent. */
export function extractHeaders(headers: Headers, base: Context = ROOT_CONTEXT): Context {
  return propagator.extract(base, headers, {
    keys: (carrier) => [...carrier.keys()],
    get: (carrier, key) => bounded(key, carrier.get(key)),
  });
}

/** The context's span as texts to store, or undefined when it has no valid span. */
export function storeTrace(context: Context): StoredTrace | undefined {
  const fields: { traceparent?: string; tracestate?: string } = {};
  propagator.inject(context, fields, {
    set: (carrier, key, value) => Object.assign(carrier, { [key]: value }),
  });
  const { traceparent, tracestate } = fields;
  return traceparent === undefined ? undefined : { traceparent, tracestate: tracestate || null };
}

/** The base context (default: an empty one) with a stored span as remote parent, so that resumed work joins its trace. */
export function restoreTrace(stored: StoredTrace | undefined, base: Context = ROOT_CONTEXT): Context {
  if (!stored) return base;
  const { traceparent, tracestate } = stored;
  const fields = { traceparent: textOf(traceparent), tracestate: textOf(bounded('tracestate', tracestate)) };
  return propagator.extract(base, fields, {
    keys: (carrier) => Object.keys(carrier),
    get: (carrier, key) => carrier[key as keyof typeof fields],
  });
}

/** The 32 hex digits of the context's trace, or undefined when it has no valid span. */
export function traceIdOf(context: Context): string | undefined {
  const span = trace.getSpanContext(context);
  return span && isSpanContextValid(span) ? span.traceId : undefined;
}

function bounded(key: string, value: string | null | undefined): string | undefined {
  if (value == null || (key === 'tracestate' && value.length > traceStateCharactersMax)) return undefined;
  return value;
}

/** What may stand in a header, without the blanks around it. */
function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\x20-\x7e]*$/.test(value) ? value.trim() : undefined;
}
