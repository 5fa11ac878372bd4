// What a service measures and says about itself: tracer, metrics and log, made once at start and passed on. None of it is global.
import { randomUUID } from 'node:crypto';
import type { Tracer } from '@opentelemetry/api';
import { createLog, type Log, type LogDestination, type LogLevel } from './log.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import type { OtlpTarget } from './otlp-target.ts';
import { createTraceProvider } from './trace-provider.ts';

/** The telemetry of one service. Several can live in one process. */
export interface Telemetry {
  readonly service: string;
  readonly tracer: Tracer;
  readonly metrics: Metrics;
  readonly log: Log;
  /** Sends spans and log lines that still wait. Never rejects. */
  flush(): Promise<void>;
  /** Flushes and stops tracing; the last thing a service closes. Logging still works afterwards. Never rejects. */
  shutdown(): Promise<void>;
}

/** What telemetry is made from. */
export interface TelemetryOptions {
  /** The service's short name, such as `registry`. */
  readonly service: string;
  readonly version: string;
  /** Tells replicas apart; absent means a random UUID. */
  readonly instanceId?: string | undefined;
  /** The collector of spans; a text is the base URL of one that reads JSON over HTTP. Absent means that no span is recorded. */
  readonly otlp?: OtlpTarget | string | undefined;
  readonly logLevel: LogLevel;
  /** Absent means standard output. */
  readonly logDestination?: LogDestination | undefined;
  /** Share of new traces that are sampled, 0 to 1; absent means all. */
  readonly sampleRatio?: number | undefined;
  /** Whether what fails is told of the other traces too; absent means yes. */
  readonly keepsErrors?: boolean | undefined;
  /** Whether to measure the process too; absent means yes. With several services in one process, one of them is enough. */
  readonly processMetrics?: boolean | undefined;
}

/** The telemetry of one service, ready at once; nothing is sent yet. */
export function createTelemetry(options: TelemetryOptions): Telemetry {
  const { service, version, otlp } = options;
  const log = createLog({ service, level: options.logLevel, destination: options.logDestination });
  const metrics = createMetrics({ processMetrics: options.processMetrics ?? true });
  const traces = createTraceProvider({
    service,
    version,
    instanceId: options.instanceId ?? randomUUID(),
    otlp: typeof otlp === 'string' ? { endpoint: otlp, protocol: 'http/json' } : otlp,
    sampleRatio: options.sampleRatio ?? 1,
    keepsErrors: options.keepsErrors ?? true,
    log,
  });
  const flushLog = (): Promise<void> => new Promise((resolve) => log.flush(() => resolve()));
  return {
    service,
    tracer: traces.tracer,
    metrics,
    log,
    flush: async () => {
      await traces.flush();
      await flushLog();
    },
    shutdown: async () => {
      await traces.shutdown();
      await flushLog();
    },
  };
}
