// A tracer that also records what is not sampled, so that errors of it can be told. What is sampled it leaves to the tracer behind it.
import {
  type Context,
  context as contextApi,
  isSpanContextValid,
  type Span,
  type SpanContext,
  SpanKind,
  type SpanOptions,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { timeInputToHrTime } from '@opentelemetry/core';
import { RandomIdGenerator } from '@opentelemetry/sdk-trace';
import type { KeptErrors } from './kept-errors.ts';
import { msOf, nowMs, UnsampledSpan, type UnsampledSpanHome } from './unsampled-span.ts';
import { isUntraced } from './untraced.ts';

/** What the tracer is made from. */
export interface KeepingTracerOptions extends Omit<UnsampledSpanHome, 'ended'> {
  /** Makes sampled spans, and says of new traces whether they are. */
  readonly tracer: Tracer;
  readonly kept: KeptErrors;
}

/** Spans of sampled traces are the other tracer's; spans of other traces wait with `kept`, but those of work that belongs to no trace. */
export function createKeepingTracer({ tracer, kept, ...home }: KeepingTracerOptions): Tracer {
  const ids = new RandomIdGenerator();
  const shared: UnsampledSpanHome = { ...home, ended: kept.end };

  const record = (
    context: SpanContext,
    parent: SpanContext | undefined,
    { name, options }: { readonly name: string; readonly options: SpanOptions },
  ): Span => {
    const { kind = SpanKind.INTERNAL, attributes = {}, links = [], startTime } = options;
    const startMs = startTime === undefined ? nowMs() : msOf(timeInputToHrTime(startTime));
    kept.begin(context.traceId);
    return new UnsampledSpan(shared, { name, kind, context, parent, attributes, links, startMs });
  };
  const startSpan = (name: string, options: SpanOptions = {}, context = contextApi.active()): Span => {
    const parent = options.root ? undefined : trace.getSpanContext(context);
    if (!parent || !isSpanContextValid(parent)) {
      const span = tracer.startSpan(name, options, context);
      return span.isRecording() ? span : record(span.spanContext(), undefined, { name, options });
    }
    if (parent.traceFlags & TraceFlags.SAMPLED || isUntraced(parent))
      return tracer.startSpan(name, options, context);
    const { traceId, traceState } = parent;
    const own = { traceId, spanId: ids.generateSpanId(), traceFlags: TraceFlags.NONE };
    return record(traceState ? { ...own, traceState } : own, parent, { name, options });
  };

  function startActiveSpan(name: string, ...rest: readonly unknown[]): unknown {
    const fn = rest.at(-1) as (span: Span) => unknown;
    const [options, context] = rest.slice(0, -1) as [SpanOptions?, Context?];
    const parent = context ?? contextApi.active();
    const span = startSpan(name, options, parent);
    return contextApi.with(trace.setSpan(parent, span), () => fn(span));
  }
  return { startSpan, startActiveSpan: startActiveSpan as Tracer['startActiveSpan'] };
}
