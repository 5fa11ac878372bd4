// Sends spans to a collector by OTLP. What speaks the chosen form is loaded with the first spans, so that no process loads gRPC for nothing.
import { readFile } from 'node:fs/promises';
import { ExportResultCode } from '@opentelemetry/core';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import type { OtlpTarget } from './otlp-target.ts';

/** What an exporter is made from. */
export interface OtlpExporterOptions {
  readonly target: OtlpTarget;
  /** Time for one request, its repetitions included. */
  readonly timeoutMs: number;
}

/** An exporter that opens nothing before it has spans to send. What keeps it from opening is told with each export, and tried again. */
export function createOtlpExporter(options: OtlpExporterOptions): SpanExporter {
  let opened: Promise<SpanExporter> | undefined;
  const open = (): Promise<SpanExporter> => {
    opened ??= openExporter(options).catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
  return {
    export(spans, done) {
      open()
        .then((exporter) => exporter.export(spans, done))
        .catch((error: unknown) => done({ code: ExportResultCode.FAILED, error: asError(error) }));
    },
    shutdown: async () => (await opened)?.shutdown(),
  };
}

async function openExporter({ target, timeoutMs }: OtlpExporterOptions): Promise<SpanExporter> {
  const { certificateFile } = target;
  const ca = certificateFile === undefined ? undefined : await readFile(certificateFile);
  const opening = { target, ca, timeoutMillis: timeoutMs };
  return target.protocol === 'grpc' ? overGrpc(opening) : overHttp(opening);
}

interface Opening {
  readonly target: OtlpTarget;
  readonly ca: Buffer | undefined;
  readonly timeoutMillis: number;
}

async function overHttp({ target, ca, timeoutMillis }: Opening): Promise<SpanExporter> {
  const { OTLPTraceExporter } =
    target.protocol === 'http/json'
      ? await import('@opentelemetry/exporter-trace-otlp-http')
      : await import('@opentelemetry/exporter-trace-otlp-proto');
  return new OTLPTraceExporter({
    url: `${target.endpoint.replace(/\/+$/, '')}/v1/traces`,
    headers: { ...target.headers },
    timeoutMillis,
    ...(ca === undefined ? {} : { httpAgentOptions: { ca, keepAlive: true } }),
  });
}

async function overGrpc({ target, ca, timeoutMillis }: Opening): Promise<SpanExporter> {
  const [{ OTLPTraceExporter }, { credentials, Metadata }] = await Promise.all([
    import('@opentelemetry/exporter-trace-otlp-grpc'),
    import('@grpc/grpc-js'),
  ]);
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(target.headers ?? {})) metadata.set(name, value);
  const isClear = new URL(target.endpoint).protocol === 'http:';
  return new OTLPTraceExporter({
    url: target.endpoint,
    metadata,
    timeoutMillis,
    credentials: isClear ? credentials.createInsecure() : credentials.createSsl(ca ?? null),
  });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('Spans cannot be sent');
}
