// Errors of traces that are not sampled. Spans of such a trace wait here while the trace is open in this process; when one of them fails,
// they leave, and so does whatever else this process does in that trace. When none has failed by the time the last one ends, they are dropped.
// Each process decides for its own part: it knows of no errors but those that it has seen.
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { createBoundedCache } from '../cache/bounded-cache.ts';
import { Attribute } from './names.ts';
import type { OpenTrace, RecordedSpan } from './recorded-span.ts';

/** How much waits. */
export interface KeptErrorsLimits {
  /** Traces that are open at the same time; beyond it the one that began first is forgotten. */
  readonly tracesMax: number;
  /** Ended spans that wait, of all traces; likewise. */
  readonly spansMax: number;
  /** Ended spans that wait of one trace; further ones are dropped unless they fail. */
  readonly spansPerTraceMax: number;
  /** Traces that are remembered as failed after they have ended here. */
  readonly failedMax: number;
}

/** Limits of one process. A span takes some 1 KB, so what waits takes 16 MB at most. */
export const keptErrorsLimits: KeptErrorsLimits = {
  tracesMax: 8_192,
  spansMax: 16_384,
  spansPerTraceMax: 512,
  failedMax: 1_024,
};

/** Spans that wait, and errors that let them go. */
export interface KeptErrors {
  /** A span of the trace has begun. `parent` is that of its parent in this process, which spares looking for it. */
  begin(traceId: string, parent: OpenTrace | undefined): OpenTrace;
  /** A span of the trace has ended. */
  end(span: RecordedSpan, trace: OpenTrace): void;
  /** What waits now. */
  waiting(): { readonly traces: number; readonly spans: number };
}

/** Reasons of refusals: by them a neighbour has answered a call, and nothing has failed. */
const refusals: ReadonlySet<unknown> = new Set([
  'invalid_argument',
  'request_reused',
  'malformed',
  'unauthenticated',
  'permission_denied',
  'not_found',
  'already_exists',
  'failed_precondition',
  'aborted',
  'resource_exhausted',
]);

/**
 * True for a span whose trace is kept: it failed, and not because its caller left or a call was refused. Statements and commands of databases
 * do not decide: a condition that fails is an answer, and what is none fails the work around it.
 */
export function isKeptFailure(span: RecordedSpan): boolean {
  const isError = span.status.code === SpanStatusCode.ERROR;
  if (!isError || span.attribute(Attribute.dbSystem) !== undefined) return false;
  const reason = span.attribute(Attribute.errorType);
  if (reason === 'cancelled') return false;
  const isCall = span.start.kind === SpanKind.CLIENT && span.attribute(Attribute.rpcMethod) !== undefined;
  return !(isCall && refusals.has(reason));
}

/** Hands on what is kept, as if it had been sampled. */
export function keepErrors(
  send: (span: RecordedSpan) => void,
  limits: KeptErrorsLimits = keptErrorsLimits,
): KeptErrors {
  const failed = createBoundedCache<true>({ weightMax: limits.failedMax, weightOf: () => 1 });
  const traces = createOpenTraces(limits, (traceId) => failed.get(traceId) !== undefined);
  // The span may be of a trace that was forgotten, and has begun anew since.
  const fail = (trace: OpenTrace): void => {
    failed.set(trace.traceId, true);
    trace.failed = true;
    for (const before of traces.takeEnded(trace.traceId)) send(before);
  };
  return {
    begin: traces.begin,
    end(span, trace) {
      if (!trace.failed && isKeptFailure(span)) fail(trace);
      if (trace.failed) send(span);
      else traces.hold(trace, span);
      traces.end(trace);
    },
    waiting: traces.waiting,
  };
}

/** Traces with spans that have not ended, and those of their spans that have. */
function createOpenTraces(limits: KeptErrorsLimits, hasFailed: (traceId: string) => boolean) {
  const traces = new Map<string, OpenTrace>();
  let spans = 0;
  const forget = (trace: OpenTrace): void => {
    trace.forgotten = true;
    traces.delete(trace.traceId);
    spans -= trace.ended.length;
    trace.ended.length = 0;
  };
  const isFull = (): boolean => traces.size > limits.tracesMax || spans > limits.spansMax;
  const shrink = (): void => {
    if (!isFull()) return;
    for (const trace of traces.values()) {
      forget(trace);
      if (!isFull()) return;
    }
  };
  const found = (traceId: string): OpenTrace => {
    const known = traces.get(traceId);
    if (known) return known;
    const trace = { traceId, open: 0, ended: [], failed: hasFailed(traceId), forgotten: false };
    traces.set(traceId, trace);
    return trace;
  };
  return {
    begin(traceId: string, parent: OpenTrace | undefined): OpenTrace {
      const trace = parent && !parent.forgotten ? parent : found(traceId);
      trace.open += 1;
      shrink();
      return trace;
    },
    /** What was forgotten does not come back. */
    hold(trace: OpenTrace, span: RecordedSpan): void {
      if (trace.forgotten || trace.ended.length >= limits.spansPerTraceMax) return;
      trace.ended.push(span);
      spans += 1;
      shrink();
    },
    /** Of a trace that has failed. */
    takeEnded(traceId: string): readonly RecordedSpan[] {
      const trace = traces.get(traceId);
      if (!trace) return [];
      trace.failed = true;
      spans -= trace.ended.length;
      return trace.ended.splice(0);
    },
    end(trace: OpenTrace): void {
      if (trace.forgotten) return;
      trace.open -= 1;
      if (trace.open === 0) forget(trace);
    },
    waiting: () => ({ traces: traces.size, spans }),
  };
}
