// One client span per command to the object store, after OpenTelemetry's conventions for AWS: the operation, never keys or buckets.
import { context, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import { Attribute } from '../../../foundation/telemetry/names.ts';

/** Runs a command, named as AWS does (`PutObject`), inside its span. Without a tracer, or outside any span, it just runs. */
export async function traceObjectCommand<T>(
  tracer: Tracer | undefined,
  operation: string,
  run: () => Promise<T>,
): Promise<T> {
  if (!tracer || !trace.getSpan(context.active())) return run();
  const attributes = { [Attribute.rpcSystem]: 'aws-api', [Attribute.rpcMethod]: `S3/${operation}` };
  const span = tracer.startSpan(`S3/${operation}`, { kind: SpanKind.CLIENT, attributes });
  try {
    return await run();
  } catch (error) {
    span.setAttribute(Attribute.errorType, error instanceof Error ? error.name : '_OTHER');
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}
