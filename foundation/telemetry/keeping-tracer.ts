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
    parent: Span | undefined,
    { name, options }: { readonly name: string; readonly options: SpanOptions },
  ): Span => {
    const { kind = SpanKind.INTERNAL, attributes = {}, links = [], startTime } = options;
    const startMs = startTime === undefined ? nowMs() : msOf(timeInputToHrTime(startTime));
    const trace = kept.begin(
      context.traceId,
      parent instanceof UnsampledSpan ? parent.start.trace : undefined,
    );
    const from = { name, kind, context, parent: parent?.spanContext(), trace, attributes, links, startMs };
    return new UnsampledSpan(shared, from);
  };
  // The attributes of a root say nothing about whether it is sampled, and are looked through at length.
  const startRoot = (name: string, options: SpanOptions, context: Context): Span => {
    const { attributes = {}, ...others } = options;
    const span = tracer.startSpan(name, others, context);
    return span.isRecording()
      ? span.setAttributes(attributes)
      : record(span.spanContext(), undefined, { name, options });
  };
  const startSpan = (name: string, options: SpanOptions = {}, context = contextApi.active()): Span => {
    const parent = options.root ? undefined : trace.getSpan(context);
    if (!parent) return startRoot(name, options, context);
    const { traceId, traceFlags, traceState } = parent.spanContext();
    // One of ours is valid.
    if (!(parent instanceof UnsampledSpan)) {
      if (!isSpanContextValid(parent.spanContext())) return startRoot(name, options, context);
      if (traceFlags & TraceFlags.SAMPLED || isUntraced(parent.spanContext()))
        return tracer.startSpan(name, options, context);
    }
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
