// Asks an AWS service for a tool: as the process's own identity, within the time of a tool, behind a circuit breaker. What the SDK throws
// becomes a sentence that names the setting and the remedy, and holds nothing of what was asked or answered.
import { type Breaker, createBreaker } from '../../../foundation/breaker/breaker.ts';
import { createBreakerMetrics } from '../../../foundation/breaker/breaker-metrics.ts';
import { defaultBreakerLimits } from '../../../foundation/breaker/breaker-rules.ts';
import type { Metrics } from '../../../foundation/telemetry/metrics.ts';
import type { AwsBackendSettings } from '../core/aws-backend-settings.ts';
import { ToolFailed } from './agent-tool.ts';
import { type AwsServiceNames, awsFaultOf, awsTooLate } from './aws-fault.ts';
import { toolAnswerBytesMax, toolCallMs } from './http-tool.ts';

/** What calls are made with. */
export interface AwsServiceDeps {
  readonly settings: AwsBackendSettings;
  readonly metrics: Metrics;
  /** Milliseconds of a clock that does not go back. */
  readonly nowMs: () => number;
  /** Time for a call of the tool, the SDK's repetitions included [`toolCallMs`], in milliseconds. */
  readonly callMs?: number;
}

/**
 * One request. `action` is the permission that it needs, such as `geo-places:Geocode`. ToolFailed when there is no answer that can be used;
 * Fault `unavailable` while the breaker is open; the signal's reason.
 */
export type AskAws = <T>(
  action: string,
  send: (options: { readonly abortSignal: AbortSignal }) => Promise<T>,
) => Promise<T>;

/** Requests of one call of the tool, which share its time. */
export type BeginAsking = (signal: AbortSignal) => AskAws;

/** Attempts of one request, with the SDK's backoff in between. */
const attemptsMax = 4;
const attemptMs = 10_000;
const connectionsMax = 50;

// An emulator takes any credentials, but the SDK sends nothing without some; no identity of ours may go over plain HTTP.
const emulatorCredentials = { accessKeyId: 'emulator', secretAccessKey: 'emulator' };

/** What clients of the SDK are made with. Credentials are found as every AWS client finds them: environment, web identity, instance. */
export function awsClientSettings({ region, endpoint }: AwsBackendSettings) {
  return {
    region,
    ...(endpoint && { endpoint }),
    ...(endpoint?.startsWith('http:') && { credentials: { ...emulatorCredentials } }),
    maxAttempts: attemptsMax,
    retryMode: 'standard',
    requestHandler: {
      requestTimeout: attemptMs,
      connectionTimeout: attemptMs,
      throwOnRequestTimeout: true,
      httpAgent: { maxSockets: connectionsMax },
      httpsAgent: { maxSockets: connectionsMax },
    },
    streamCollector: collectBounded,
  };
}

/** Asks a service behind one breaker, `tool:<name>`, for all tenants: it is one downstream, which none of them chose. */
export function createAwsAsking(names: AwsServiceNames, deps: AwsServiceDeps): BeginAsking {
  const { callMs = toolCallMs } = deps;
  const breaker = breakerOf(names, deps);
  return (signal) => {
    const late = AbortSignal.timeout(callMs);
    const abortSignal = AbortSignal.any([signal, late]);
    return (action, send) =>
      breaker.run(async () => {
        try {
          return await send({ abortSignal });
        } catch (error) {
          signal.throwIfAborted();
          throw late.aborted ? awsTooLate(names, callMs) : awsFaultOf(error, { names, action });
        }
      });
  };
}

function breakerOf({ toolName }: AwsServiceNames, { metrics, nowMs }: AwsServiceDeps): Breaker {
  return createBreaker({
    ...{ name: `tool:${toolName}`, limits: defaultBreakerLimits, nowMs },
    observer: createBreakerMetrics(metrics),
    refusal: `The tool ${toolName} has failed several times in a row and is left alone for a while`,
    isFailure: (error) => error instanceof ToolFailed && error.isTransient,
  });
}

/** The body of an answer, as long as it is no longer than that of any tool. */
async function collectBounded(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.byteLength;
    if (bytes > toolAnswerBytesMax) throw new RangeError('The answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
