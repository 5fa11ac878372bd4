// Tracers and how their spans leave the process: batched, by OTLP, those of failed work whether its trace is sampled or not. The one global
// thing is the context manager.
import { context, type Tracer } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { createKeepingTracer } from './keeping-tracer.ts';
import { keepErrors } from './kept-errors.ts';
import type { Log } from './log.ts';
import { Attribute } from './names.ts';
import { createOtlpExporter } from './otlp-exporter.ts';
import type { OtlpTarget } from './otlp-target.ts';

/** Spans leave at the latest this long after their end. */
export const exportDelayMs = 250;
/** A collector has this long for one batch, retries included; afterwards the batch is lost. */
export const exportTimeoutMs = 3_000;
/** Ended spans that wait for export; more are dropped. */
export const queuedSpansMax = 16_384;
/** Spans of one request to the collector. */
export const batchSpansMax = 1_024;
/** Characters kept of one attribute value. */
export const attributeCharactersMax = 1_024;

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
  const batches = otlp && createProcessor(otlp, log);
  const resource = resourceFromAttributes({
    [Attribute.serviceName]: options.service,
    [Attribute.serviceVersion]: options.version,
    [Attribute.serviceInstanceId]: options.instanceId,
    [Attribute.processId]: process.pid,
  });
  const provider = new TracerProvider({
    resource,
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(otlp ? sampleRatio : 0) }),
    spanLimits: { attributeValueLengthLimit: attributeCharactersMax },
    spanProcessors: batches ? [batches] : [],
  });
  const scope = { name: 'domainflow', version: options.version };
  const tracer = provider.getTracer(scope.name, scope.version);
  const kept = batches && keepsErrors ? keepErrors((span) => batches.onEnd(span)) : undefined;
  return {
    tracer: kept ? createKeepingTracer({ tracer, kept, resource, scope, attributeCharactersMax }) : tracer,
    flush: () => provider.forceFlush({ timeoutMillis: exportTimeoutMs }).catch(lost),
    shutdown: () => provider.shutdown().catch(lost),
  };
}

// The exporter has already logged the failure; losing spans must not fail whoever flushes.
function lost(): void {}

// Registers the context manager of this process unless a service before this one did.
function useAsyncContext(): void {
  const manager = new AsyncLocalStorageContextManager();
  if (!context.setGlobalContextManager(manager)) manager.disable();
}

function createProcessor(target: OtlpTarget, log: Log): BatchSpanProcessor {
  const exporter = createOtlpExporter({ target, timeoutMs: exportTimeoutMs });
  return new BatchSpanProcessor({
    exporter: reporting(exporter, log),
    scheduledDelayMillis: exportDelayMs,
    exportTimeoutMillis: exportTimeoutMs,
    maxQueueSize: queuedSpansMax,
    maxExportBatchSize: batchSpansMax,
  });
}

// Says once that the collector is away and once that it is back, instead of a line per batch.
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
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  };
}
