// The settings that every RPC service has: where it listens, whom it trusts and where its telemetry goes.
import type { JWK } from 'jose';
import type { MeshKeys } from '../identity/mesh-issuers.ts';
import { type LogLevel, logLevels } from '../telemetry/log.ts';
import { type OtlpTarget, otlpHeadersOf, otlpProtocols } from '../telemetry/otlp-target.ts';
import { type BreakerConfig, readBreakerConfig } from './breaker-config.ts';
import type { Readers } from './reader.ts';

/** A private Ed25519 key as a JSON Web Key; a secret. */
export type PrivateKey = JWK;

/** Settings of telemetry. */
export interface TelemetryConfig {
  /** `OTEL_EXPORTER_OTLP_ENDPOINT` and what belongs to it; absent records no spans. */
  readonly otlp: OtlpTarget | undefined;
  /** `TRACE_SAMPLE_PERCENT` [100], as a share of new traces from 0 to 1. */
  readonly sampleRatio: number;
  /** `TRACE_KEEP_ERRORS` [true]: whether what fails is told of traces that are not sampled. */
  readonly keepsErrors: boolean;
  /** `METRICS_PORT`: where `/metrics` is served by HTTP/1.1; absent opens no port for it. */
  readonly metricsPort: number | undefined;
  /** `LOG_LEVEL` [info]. */
  readonly logLevel: LogLevel;
  /** `LOG_FILE`: a file to append to; absent means standard output. */
  readonly logFile: string | undefined;
}

/** Settings of an RPC service. */
export interface ServiceConfig {
  /** `HOST` [127.0.0.1]. */
  readonly host: string;
  /** `PORT` [0: the system chooses]. */
  readonly port: number;
  /** `MESH_KEYS`: public keys `{"gateway": [JWK], "orchestrator": [JWK], "agents": [JWK]}`; agents may be absent. */
  readonly meshKeys: MeshKeys;
  /** `BREAKERS` [none]. */
  readonly breakers: BreakerConfig;
  readonly telemetry: TelemetryConfig;
}

/** Reads the settings of telemetry. */
export function readTelemetryConfig(read: Readers): TelemetryConfig {
  return {
    otlp: readOtlpTarget(read),
    sampleRatio: read.integer('TRACE_SAMPLE_PERCENT', { min: 0, max: 100, default: 100 }) / 100,
    keepsErrors: read.flag('TRACE_KEEP_ERRORS', { default: true }),
    metricsPort: read.optional.integer('METRICS_PORT', { min: 0, max: 65_535 }),
    logLevel: read.oneOf('LOG_LEVEL', logLevels, { default: 'info' }),
    logFile: read.optional.text('LOG_FILE'),
  };
}

function readOtlpTarget(read: Readers): OtlpTarget | undefined {
  const endpoint = read.optional.url('OTEL_EXPORTER_OTLP_ENDPOINT', { protocols: ['http:', 'https:'] });
  const protocol = read.oneOf('OTEL_EXPORTER_OTLP_PROTOCOL', otlpProtocols, { default: 'http/protobuf' });
  const headersText = read.optional.text('OTEL_EXPORTER_OTLP_HEADERS', { secret: true, orFile: true });
  const certificateFile = read.optional.text('OTEL_EXPORTER_OTLP_CERTIFICATE');
  const headers = headersText === undefined ? undefined : otlpHeadersOf(headersText);
  if (headersText !== undefined && headers === undefined)
    read.problem('OTEL_EXPORTER_OTLP_HEADERS must be name=value pairs, separated by commas');
  return endpoint === undefined ? undefined : { endpoint, protocol, headers, certificateFile };
}

/** Reads the settings that every RPC service has. */
export function readServiceConfig(read: Readers): ServiceConfig {
  return {
    host: read.text('HOST', { default: '127.0.0.1' }),
    port: read.port('PORT', { default: 0 }),
    meshKeys: read.json('MESH_KEYS', {
      orFile: true,
      expected: 'JSON {"gateway": [JWK], "orchestrator": [JWK], "agents": [JWK]}',
      parse: meshKeysOf,
    }),
    breakers: readBreakerConfig(read),
    telemetry: readTelemetryConfig(read),
  };
}

/** Reads a private Ed25519 key as a JSON Web Key, from the setting or the file that `<name>_FILE` names. */
export function readPrivateKey(read: Readers, name: string): PrivateKey {
  return read.json(name, { expected: 'a private Ed25519 key as JWK', parse: privateKeyOf, orFile: true });
}

function meshKeysOf(value: unknown): MeshKeys | undefined {
  const { gateway, orchestrator, agents = [] } = (value ?? {}) as Record<string, unknown>;
  if (!Array.isArray(gateway) || !Array.isArray(orchestrator) || !Array.isArray(agents)) return undefined;
  const valid = [...gateway, ...orchestrator, ...agents].every(
    (key) => key?.crv === 'Ed25519' && key.x && key.kid && !key.d,
  );
  return valid && gateway.length > 0 && orchestrator.length > 0
    ? { gateway, orchestrator, agents }
    : undefined;
}

function privateKeyOf(value: unknown): JWK | undefined {
  const key = (value ?? {}) as JWK;
  return key.crv === 'Ed25519' && key.x && key.d && key.kid ? key : undefined;
}
