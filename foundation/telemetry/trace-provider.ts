// Tracers and how their spans leave the process: batched, as OTLP over HTTP in JSON. The one global thing is the context manager.
import { context, type Tracer } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Log } from './log.ts';
import { Attribute } from './names.ts';

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
  /** The collector's base URL; absent means that nothing is recorded, though trace ids are still made and passed on. */
  readonly otlpEndpoint: string | undefined;
  /** Share of new traces that are recorded, 0 to 1; a caller's decision comes first. */
  readonly sampleRatio: number;
  readonly log: Log;
}

/** A tracer with its own resource; several services of one process each have one. */
export function createTraceProvider(options: TraceProviderOptions): TraceProvider {
  useAsyncContext();
  const endpoint = options.otlpEndpoint;
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      [Attribute.serviceName]: options.service,
      [Attribute.serviceVersion]: options.version,
      [Attribute.serviceInstanceId]: options.instanceId,
      [Attribute.processId]: process.pid,
    }),
    sampler: new ParentBasedSampler({
      root: new TraceIdRatioBasedSampler(endpoint ? options.sampleRatio : 0),
    }),
    spanLimits: { attributeValueLengthLimit: attributeCharactersMax },
    spanProcessors: endpoint ? [createProcessor(endpoint, options.log)] : [],
  });
  return {
    tracer: provider.getTracer('domainflow', options.version),
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

function createProcessor(endpoint: string, log: Log): BatchSpanProcessor {
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    timeoutMillis: exportTimeoutMs,
  });
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
