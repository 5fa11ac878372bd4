// Tracers and how their spans leave the process: together, by OTLP, those of failed work whether its trace is sampled or not. The one global
// thing is the context manager.
import { context, type Tracer } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { type SpanExporter, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace';
import { keepErrors } from './kept-errors.ts';
import type { Log } from './log.ts';
import { Attribute } from './names.ts';
import { createOtlpExporter } from './otlp-exporter.ts';
import type { OtlpTarget } from './otlp-target.ts';
import { createRecordingTracer } from './recording-tracer.ts';
import { createSpanQueue, type SpanQueue } from './span-queue.ts';

/** A collector has this long for one request, retries included; afterwards its spans are lost. */
const exportTimeoutMs = 3_000;
/** Characters kept of one attribute value. */
const attributeCharactersMax = 1_024;

/** A tracer of one service and the way to empty its queue. */
export interface TraceProvider {
  readonly tracer: Tracer;
  /** Sends what waits. A collector that does not answer is no fault here: it is logged once and the spans are lost. */
  flush(): Promise<void>;
  /** Sends what waits and stops. Spans made later go nowhere. */
  shutdown(): Promise<void>;
}

/** What a trace provider is made from. */
export interface TraceProviderOptions {
  readonly service: string;
  readonly version: string;
  readonly instanceId: string;
  /** The collector; absent means that nothing is recorded, though trace ids are still made and passed on. */
  readonly otlp: OtlpTarget | undefined;
  /** Share of new traces that are sampled, 0 to 1; a caller's decision comes first. */
  readonly sampleRatio: number;
  /** Whether what fails is told of traces that are not sampled. */
  readonly keepsErrors: boolean;
  readonly log: Log;
}

/** A tracer with its own resource; several services of one process each have one. */
export function createTraceProvider(options: TraceProviderOptions): TraceProvider {
  useAsyncContext();
  const { otlp, sampleRatio, keepsErrors, log } = options;
  const queue = otlp && openQueue(otlp, log);
  const resource = resourceFromAttributes({
    [Attribute.serviceName]: options.service,
    [Attribute.serviceVersion]: options.version,
    [Attribute.serviceInstanceId]: options.instanceId,
    [Attribute.processId]: process.pid,
  });
  const tracer = createRecordingTracer({
    sampler: new TraceIdRatioBasedSampler(queue ? sampleRatio : 0),
    send: queue?.add,
    kept: queue && keepsErrors ? keepErrors(queue.add) : undefined,
    resource,
    scope: { name: 'domainflow', version: options.version },
    attributeCharactersMax,
  });
  return {
    tracer,
    flush: async () => queue?.flush(),
    shutdown: async () => queue?.shutdown(),
  };
}

// Registers the context manager of this process unless a service before this one did.
function useAsyncContext(): void {
  const manager = new AsyncLocalStorageContextManager();
  if (!context.setGlobalContextManager(manager)) manager.disable();
}

function openQueue(target: OtlpTarget, log: Log): SpanQueue {
  const exporter = createOtlpExporter({ target, timeoutMs: exportTimeoutMs });
  return createSpanQueue({ exporter: reporting(exporter, log), log });
}

// Says once that the collector is away and once that it is back, instead of a line per request.
function reporting(exporter: SpanExporter, log: Log): SpanExporter {
  let failing = false;
  const note = (result: ExportResult): void => {
    const failed = result.code === ExportResultCode.FAILED;
    if (failed && !failing) log.warn({ err: result.error }, 'Spans cannot be exported and are lost');
    if (!failed && failing) log.info('Spans are exported again');
    failing = failed;
  };
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        note(result);
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
  };
}
