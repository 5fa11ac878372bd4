// The newest traces of the local mesh, in memory and bounded. It outlives no process and is no replacement for a collector.
import type { TraceSpan } from './trace-span.ts';

/** How much a store keeps. */
export interface TraceLimits {
  /** Traces kept; beyond it the oldest goes. */
  readonly tracesMax: number;
  /** Spans kept of one trace; further ones are counted and dropped. */
  readonly spansPerTraceMax: number;
  /** Rough size of all spans together; beyond it the oldest traces go. */
  readonly bytesMax: number;
}

/** Limits for a developer's machine. */
export const defaultTraceLimits: TraceLimits = {
  tracesMax: 1_000,
  spansPerTraceMax: 5_000,
  bytesMax: 32 * 1024 * 1024,
};

/** One trace in a list. */
export interface TraceSummary {
  readonly traceId: string;
  /** Name and service of the span that began first. */
  readonly name: string;
  readonly service: string;
  readonly startMs: number;
  /** From the first start to the last end seen so far. */
  readonly durationMs: number;
  readonly spanCount: number;
  readonly errorCount: number;
}

/** One trace with its spans. */
export interface Trace {
  readonly traceId: string;
  /** By start time. */
  readonly spans: readonly TraceSpan[];
  /** Spans left out because the trace was full. */
  readonly droppedSpans: number;
}

/** A bounded memory of traces. */
export interface TraceStore {
  /** Adds spans to their traces. A span already there is ignored, so a batch may come twice. */
  add(spans: readonly TraceSpan[]): void;
  /** A trace as far as it has arrived, or undefined when it is unknown or was dropped. */
  get(traceId: string): Trace | undefined;
  /** The newest traces first, by first arrival. */
  list(limit: number): readonly TraceSummary[];
  /** The rough size of everything kept. */
  bytes(): number;
}

interface Kept {
  readonly spans: Map<string, TraceSpan>;
  bytes: number;
  dropped: number;
}

/** An empty store. */
export function createTraceStore(limits: TraceLimits = defaultTraceLimits): TraceStore {
  const traces = new Map<string, Kept>();
  let bytes = 0;

  const addSpan = (span: TraceSpan): void => {
    const trace = traces.get(span.traceId) ?? { spans: new Map(), bytes: 0, dropped: 0 };
    traces.set(span.traceId, trace);
    if (trace.spans.has(span.spanId)) return;
    if (trace.spans.size >= limits.spansPerTraceMax) {
      trace.dropped += 1;
      return;
    }
    const size = roughBytes(span);
    trace.spans.set(span.spanId, span);
    trace.bytes += size;
    bytes += size;
  };
  const dropOldest = (): void => {
    for (const [traceId, trace] of traces) {
      if (traces.size <= limits.tracesMax && bytes <= limits.bytesMax) return;
      traces.delete(traceId);
      bytes -= trace.bytes;
    }
  };

  return {
    add: (spans) => {
      for (const span of spans) addSpan(span);
      dropOldest();
    },
    get: (traceId) => {
      const trace = traces.get(traceId);
      if (!trace) return undefined;
      return { traceId, spans: byStart(trace), droppedSpans: trace.dropped };
    },
    list: (limit) =>
      [...traces]
        .slice(-limit)
        .reverse()
        .flatMap(([traceId, trace]) => summaryOf(traceId, byStart(trace)) ?? []),
    bytes: () => bytes,
  };
}

function byStart(trace: Kept): TraceSpan[] {
  return [...trace.spans.values()].sort((a, b) => a.startMs - b.startMs);
}

function summaryOf(traceId: string, spans: readonly TraceSpan[]): TraceSummary | undefined {
  const [first] = spans;
  if (!first) return undefined;
  const endMs = spans.reduce(
    (latest, span) => Math.max(latest, span.startMs + span.durationMs),
    first.startMs,
  );
  return {
    traceId,
    name: first.name,
    service: first.service,
    startMs: first.startMs,
    durationMs: endMs - first.startMs,
    spanCount: spans.length,
    errorCount: spans.filter(({ status }) => status === 'error').length,
  };
}

// Two bytes per character of its JSON, plus what the objects around it cost.
function roughBytes(span: TraceSpan): number {
  return 200 + 2 * JSON.stringify(span).length;
}
