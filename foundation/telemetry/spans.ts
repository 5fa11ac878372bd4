// Spans around work. An error marks its span with a closed word; message texts and stack traces stay out of traces.
import {
  type Attributes,
  type Context,
  context as contextApi,
  type HrTime,
  type Link,
  type Span,
  SpanKind,
  type SpanOptions,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { Fault } from '../fault/fault.ts';
import { isErrorLike } from './error-shape.ts';
import { linked } from './linked-context.ts';
import { Attribute } from './names.ts';

/** Who waits for whom across a span's edge; `internal` when both are in this process. */
export type SpanKindName = 'internal' | 'server' | 'client' | 'producer' | 'consumer';

/** How a span begins. */
export interface SpanStart {
  /** Absent means `internal`. */
  readonly kind?: SpanKindName | undefined;
  readonly attributes?: Attributes | undefined;
  /** The context that holds the parent span; absent means the active context. */
  readonly parent?: Context | undefined;
  readonly links?: readonly Link[] | undefined;
  /** Unix milliseconds when the work began before the span was made; absent means now. */
  readonly startTimeMs?: number | undefined;
}

/** A span that is open until `end`; for streams and for work that ends in another callback than it began. */
export interface OpenSpan {
  /** The context in which this span is the parent; store it or hand it on. */
  readonly context: Context;
  setAttributes(attributes: Attributes): void;
  /** Runs a function with this span as the active one. It does not end the span. */
  run<T>(fn: () => T): T;
  /** Marks it as failed with a closed word, for work whose failure is no error that is thrown. It does not end the span. */
  fail(errorType: string): void;
  /** Ends the span once; later calls do nothing. With an error it is marked as failed. `endTimeMs` absent means now. */
  end(error?: unknown, endTimeMs?: number): void;
}

const kinds: Record<SpanKindName, SpanKind> = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
};

/** Opens a span that the caller must end. */
export function openSpan(tracer: Tracer, name: string, start: SpanStart = {}): OpenSpan {
  const parent = linked(start.parent ?? contextApi.active());
  const { kind = 'internal', attributes, links, startTimeMs } = start;
  const options: SpanOptions = { kind: kinds[kind] };
  if (attributes) options.attributes = attributes;
  if (links) options.links = [...links];
  if (startTimeMs !== undefined) options.startTime = hrTimeOf(startTimeMs);
  const span = tracer.startSpan(name, options, parent);
  return new TracerSpan(span, trace.setSpan(parent, span));
}

// A class, as spans are opened by the ten thousand a second.
class TracerSpan implements OpenSpan {
  readonly context: Context;
  readonly #span: Span;
  #ended = false;

  constructor(span: Span, context: Context) {
    this.#span = span;
    this.context = context;
  }

  setAttributes(attributes: Attributes): void {
    this.#span.setAttributes(attributes);
  }

  run<T>(fn: () => T): T {
    return contextApi.with(this.context, fn);
  }

  fail(errorType: string): void {
    this.#span.setAttribute(Attribute.errorType, errorType);
    this.#span.setStatus({ code: SpanStatusCode.ERROR });
  }

  end(error?: unknown, endTimeMs?: number): void {
    if (this.#ended) return;
    this.#ended = true;
    if (error !== undefined) this.fail(errorTypeOf(error));
    this.#span.end(endTimeMs === undefined ? undefined : hrTimeOf(endTimeMs));
  }
}

/** Runs work inside a span and ends it with the work. What the work throws is thrown on, after the span is marked as failed. */
export function inSpan<T>(
  tracer: Tracer,
  name: string,
  start: SpanStart,
  fn: (span: OpenSpan) => Promise<T> | T,
): Promise<T> {
  const span = openSpan(tracer, name, start);
  return contextApi.with(span.context, endedBy<T>, undefined, span, fn);
}

async function endedBy<T>(span: OpenSpan, fn: (span: OpenSpan) => Promise<T> | T): Promise<T> {
  try {
    const result = await fn(span);
    span.end();
    return result;
  } catch (error) {
    span.end(error ?? new Fault('internal', 'Work ended with an empty error'));
    throw error;
  }
}

// Seconds and nanoseconds. A bare number that lies before the start of this process would be read as time since that start.
function hrTimeOf(unixMs: number): HrTime {
  return [Math.floor(unixMs / 1_000), Math.round((unixMs % 1_000) * 1_000_000)];
}

/** The closed word for a failure: a Fault's reason, `cancelled` and `deadline_exceeded` for aborts, else the name of the error's class. */
export function errorTypeOf(error: unknown): string {
  if (error instanceof Fault) return error.reason;
  if (!isErrorLike(error)) return 'internal';
  if (error.name === 'AbortError') return 'cancelled';
  if (error.name === 'TimeoutError') return 'deadline_exceeded';
  return error.name;
}
