// The trace of a run as workers that ask for tasks are told of it: they send no request of ours on, so it stands in the task's context.
import type { JsonObject } from '../../../../foundation/json/json.ts';
import type { TraceOrigin } from '../execution-record.ts';

/** `traceparent` and `tracestate` as W3C Trace Context writes them; nothing for a run without a trace. */
export function traceContext(trace: TraceOrigin | undefined): JsonObject {
  if (!trace) return {};
  const { traceparent, tracestate } = trace;
  return tracestate === null ? { traceparent } : { traceparent, tracestate };
}
