// The telemetry of a process as its settings want it.
import type { TelemetryConfig } from '../config/service-config.ts';
import { version } from '../version.ts';
import { createTelemetry, type Telemetry } from './telemetry.ts';

/** The telemetry of one service; `name` is its short name, such as `registry`. */
export function configuredTelemetry(name: string, config: TelemetryConfig): Telemetry {
  const { otlp, sampleRatio, keepsErrors, logLevel, logFile } = config;
  const logDestination = logFile === undefined ? 'stdout' : { filePath: logFile };
  return createTelemetry({
    service: name,
    version,
    otlp,
    sampleRatio,
    keepsErrors,
    logLevel,
    logDestination,
  });
}
