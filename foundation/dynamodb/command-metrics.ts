// What Prometheus sees of DynamoDB: how long commands take and how they end, and every attempt that was throttled, also those that the driver
// makes again by itself.
import { Counter } from 'prom-client';
import { durationHistogram, type Metrics } from '../telemetry/metrics.ts';
import { MetricName } from '../telemetry/names.ts';
import { isConditionFailed } from './dynamodb-fault.ts';

const throttles: ReadonlySet<unknown> = new Set([
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
]);

/** Measures commands. */
export interface CommandMetrics {
  /** A command has ended with all its attempts. `error` undefined: it did what it should. */
  ended(operation: string, durationMs: number, error: unknown): void;
  /** One attempt has failed. */
  attemptFailed(operation: string, error: unknown): void;
}

/** Registers the metrics; once for each registry. */
export function createCommandMetrics(metrics: Metrics): CommandMetrics {
  const durations = durationHistogram(
    metrics,
    MetricName.dynamodbCommandDuration,
    'Commands to DynamoDB with all their attempts, by how they ended: ok, condition_failed, throttled or failed',
    ['operation', 'outcome'],
  );
  const throttled = new Counter({
    name: MetricName.dynamodbThrottled,
    help: 'Attempts of commands that DynamoDB refused because there were too many',
    labelNames: ['operation'],
    registers: [metrics],
  });
  return {
    ended: (operation, durationMs, error) =>
      durations.observe({ operation, outcome: outcomeOf(error) }, durationMs / 1_000),
    attemptFailed(operation, error) {
      if (throttles.has((error as { name?: unknown }).name)) throttled.inc({ operation });
    },
  };
}

function outcomeOf(error: unknown): 'ok' | 'condition_failed' | 'throttled' | 'failed' {
  if (error === undefined) return 'ok';
  if (isConditionFailed(error)) return 'condition_failed';
  return throttles.has((error as { name?: unknown }).name) ? 'throttled' : 'failed';
}
