// Work that belongs to no trace: what a process asks again and again by itself would bury every other trace.
import { randomBytes } from 'node:crypto';
import { context as contextApi, ROOT_CONTEXT, TraceFlags, trace } from '@opentelemetry/api';

const ids = { traceId: randomBytes(16).toString('hex'), spanId: randomBytes(8).toString('hex') };
const unsampled = trace.setSpanContext(ROOT_CONTEXT, { ...ids, traceFlags: TraceFlags.NONE });

/** Does it, and records no span of it, here or in the services that it calls. */
export function untraced<T>(work: () => T): T {
  return contextApi.with(unsampled, work);
}
