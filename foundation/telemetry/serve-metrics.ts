// The port for measurements of a process, where its settings want one. It opens first and closes last, so that start and end are seen too.
import type { TelemetryConfig } from '../config/service-config.ts';
import type { Closing } from '../process/closing.ts';
import { startMetricsServer } from './metrics-server.ts';
import type { Telemetry } from './telemetry.ts';

/** Whose measurements are served, and where. */
export interface MetricsPortOptions {
  readonly host: string;
  readonly config: TelemetryConfig;
  readonly telemetry: Telemetry;
  readonly closing: Closing;
}

/** Where `/metrics` lies below, such as `http://127.0.0.1:9464`; undefined without `METRICS_PORT`. Rejects when the port is taken. */
export async function serveMetrics({
  host,
  config,
  telemetry,
  closing,
}: MetricsPortOptions): Promise<string | undefined> {
  const { metricsPort: port } = config;
  if (port === undefined) return undefined;
  const server = await startMetricsServer({ host, port, metrics: telemetry.metrics });
  closing.add('metrics', () => server.close());
  return server.url;
}
