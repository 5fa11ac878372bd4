// The tracer of a service. It records what is sampled, and what is not where errors of it are to be told; of anything else it makes ids alone, so
// that they can be passed on.
import {
  type Context,
  context as contextApi,
  isSpanContextValid,
  type Link,
  type Span,
  type SpanContext,
  SpanKind,
  type SpanOptions,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { timeInputToHrTime } from '@opentelemetry/core';
import { RandomIdGenerator, type Sampler, SamplingDecision } from '@opentelemetry/sdk-trace';
import type { KeptErrors } from './kept-errors.ts';
import { msOf, noAttributes, type OpenTrace, RecordedSpan, type RecordedSpanHome } from './recorded-span.ts';
import { spanNowMs } from './span-clock.ts';
import { isUntraced } from './untraced.ts';

/** What the tracer is made from. */
export interface RecordingTracerOptions extends Omit<RecordedSpanHome, 'ended'> {
  /** Says of new traces whether they are sampled; of others their caller did. */
  readonly sampler: Sampler;
  /** Takes ended spans of sampled traces; absent means that nothing is recorded. */
  readonly send: ((span: RecordedSpan) => void) | undefined;
  /** Takes spans of the other traces; absent means that they are not recorded. */
  readonly kept: KeptErrors | undefined;
}

/** Makes spans of one service. */
export function createRecordingTracer({ sampler, send, kept, ...home }: RecordingTracerOptions): Tracer {
  const ids = new RandomIdGenerator();
  const ended = (span: RecordedSpan): void => {
    const { trace: open } = span.start;
    if (open) kept?.end(span, open);
    else send?.(span);
  };
  const shared: RecordedSpanHome = { ...home, ended };

  const begin = (name: string, kind: SpanKind, active: Context): SpanContext => {
    const traceId = ids.generateTraceId();
    const { decision } = sampler.shouldSample(active, traceId, name, kind, noAttributes, []);
    const isSampled = decision === SamplingDecision.RECORD_AND_SAMPLED;
    const traceFlags = isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
    return { traceId, spanId: ids.generateSpanId(), traceFlags };
  };
  const goOn = ({ traceId, traceFlags: flags, traceState }: SpanContext): SpanContext => {
    const [spanId, traceFlags] = [ids.generateSpanId(), flags & TraceFlags.SAMPLED];
    return traceState ? { traceId, spanId, traceFlags, traceState } : { traceId, spanId, traceFlags };
  };
  const isRecorded = (context: SpanContext): boolean =>
    isSampled(context) ? send !== undefined : kept !== undefined && !isUntraced(context);
  const waitsWith = ({ traceId }: SpanContext, above: Span | undefined): OpenTrace | undefined =>
    kept?.begin(traceId, above instanceof RecordedSpan ? above.start.trace : undefined);

  const startSpan = (name: string, options: SpanOptions = {}, active = contextApi.active()): Span => {
    const { kind = SpanKind.INTERNAL, attributes = noAttributes, links = noLinks, startTime } = options;
    const above = options.root ? undefined : parentIn(active);
    const parent = above?.spanContext();
    const context = parent ? goOn(parent) : begin(name, kind, active);
    if (!isRecorded(context)) return trace.wrapSpanContext(context);
    const startMs = startTime === undefined ? spanNowMs() : msOf(timeInputToHrTime(startTime));
    const open = isSampled(context) ? undefined : waitsWith(context, above);
    return new RecordedSpan(shared, { name, kind, context, parent, trace: open, attributes, links, startMs });
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

const noLinks: readonly Link[] = [];

function isSampled({ traceFlags }: SpanContext): boolean {
  return (traceFlags & TraceFlags.SAMPLED) !== 0;
}

// One of ours is valid.
function parentIn(context: Context): Span | undefined {
  const span = trace.getSpan(context);
  return span instanceof RecordedSpan || (span && isSpanContextValid(span.spanContext())) ? span : undefined;
}
