// Settings of telemetry for tests that look at none of it.
import type { TelemetryConfig } from '../config/service-config.ts';

/** Nothing is logged, no span leaves, no port is opened. */
export const quietTelemetry: TelemetryConfig = {
  otlp: undefined,
  sampleRatio: 0,
  keepsErrors: false,
  metricsPort: undefined,
  logLevel: 'silent',
  logFile: undefined,
};
