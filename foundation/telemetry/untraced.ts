// Work that belongs to no trace: what a process asks again and again by itself would bury every other trace. The services that it asks are
// told so in `tracestate`, since they would else keep what fails of it.
import { randomBytes } from 'node:crypto';
import {
  context as contextApi,
  createTraceState,
  ROOT_CONTEXT,
  type SpanContext,
  TraceFlags,
  trace,
} from '@opentelemetry/api';

/** What `tracestate` says of such work. */
const mark = { key: 'domainflow', value: 'untraced' } as const;

const ids = { traceId: randomBytes(16).toString('hex'), spanId: randomBytes(8).toString('hex') };
const traceState = createTraceState(`${mark.key}=${mark.value}`);
const unsampled = trace.setSpanContext(ROOT_CONTEXT, { ...ids, traceFlags: TraceFlags.NONE, traceState });

/** Does it, and records no span of it, here or in the services that it calls. */
export function untraced<T>(work: () => T): T {
  return contextApi.with(unsampled, work);
}

/** True for the context of such work, here or as it came from a caller. */
export function isUntraced({ traceState: state }: SpanContext): boolean {
  return state?.get(mark.key) === mark.value;
}
