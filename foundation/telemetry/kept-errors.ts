// Errors of traces that are not sampled. Spans of such a trace wait here while the trace is open in this process; when one of them fails,
// they leave, and so does whatever else this process does in that trace. When none has failed by the time the last one ends, they are dropped.
// Each process decides for its own part: it knows of no errors but those that it has seen.
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { createBoundedCache } from '../cache/bounded-cache.ts';
import { Attribute } from './names.ts';
import type { UnsampledSpan } from './unsampled-span.ts';

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
  /** A span of the trace has begun. */
  begin(traceId: string): void;
  /** A span has ended. */
  end(span: UnsampledSpan): void;
  /** What waits now. */
  waiting(): { readonly traces: number; readonly spans: number };
}

interface OpenTrace {
  /** Spans that have begun and not ended. */
  open: number;
  readonly ended: UnsampledSpan[];
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
export function isKeptFailure({ status, start, attributes }: UnsampledSpan): boolean {
  if (status.code !== SpanStatusCode.ERROR || attributes[Attribute.dbSystem] !== undefined) return false;
  const reason = attributes[Attribute.errorType];
  if (reason === 'cancelled') return false;
  const isCall = start.kind === SpanKind.CLIENT && attributes[Attribute.rpcMethod] !== undefined;
  return !(isCall && refusals.has(reason));
}

/** Hands on what is kept, as if it had been sampled. */
export function keepErrors(
  send: (span: ReadableSpan) => void,
  limits: KeptErrorsLimits = keptErrorsLimits,
): KeptErrors {
  const traces = createOpenTraces(limits);
  const failed = createBoundedCache<true>({ weightMax: limits.failedMax, weightOf: () => 1 });
  const hasFailed = (traceId: string): boolean => failed.get(traceId) !== undefined;
  return {
    begin: traces.begin,
    end(span) {
      const { traceId } = span.spanContext();
      if (!hasFailed(traceId) && isKeptFailure(span)) {
        failed.set(traceId, true);
        for (const before of traces.takeEnded(traceId)) send(before.readable());
      }
      if (hasFailed(traceId)) send(span.readable());
      else traces.hold(traceId, span);
      traces.end(traceId);
    },
    waiting: traces.waiting,
  };
}

/** Traces with spans that have not ended, and those of their spans that have. */
function createOpenTraces(limits: KeptErrorsLimits) {
  const traces = new Map<string, OpenTrace>();
  let spans = 0;
  const forget = (traceId: string, { ended }: OpenTrace): void => {
    traces.delete(traceId);
    spans -= ended.length;
  };
  const shrink = (): void => {
    for (const [traceId, trace] of traces) {
      if (traces.size <= limits.tracesMax && spans <= limits.spansMax) return;
      forget(traceId, trace);
    }
  };
  return {
    begin(traceId: string): void {
      const trace = traces.get(traceId);
      if (trace) trace.open += 1;
      else traces.set(traceId, { open: 1, ended: [] });
      shrink();
    },
    /** What was forgotten does not come back. */
    hold(traceId: string, span: UnsampledSpan): void {
      const ended = traces.get(traceId)?.ended;
      if (!ended || ended.length >= limits.spansPerTraceMax) return;
      ended.push(span);
      spans += 1;
      shrink();
    },
    takeEnded(traceId: string): readonly UnsampledSpan[] {
      const taken = traces.get(traceId)?.ended.splice(0) ?? [];
      spans -= taken.length;
      return taken;
    },
    end(traceId: string): void {
      const trace = traces.get(traceId);
      if (!trace) return;
      trace.open -= 1;
      if (trace.open === 0) forget(traceId, trace);
    },
    waiting: () => ({ traces: traces.size, spans }),
  };
}
