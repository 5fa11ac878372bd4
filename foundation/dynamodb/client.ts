// The DynamoDB document client of a process: plain values in and out, a time limit on everything, spans, and Faults for what waiting may help.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Tracer } from '@opentelemetry/api';
import type { Metrics } from '../telemetry/metrics.ts';
import { type CommandMetrics, createCommandMetrics } from './command-metrics.ts';
import { traceCommand } from './command-tracing.ts';
import { asDynamodbFault } from './dynamodb-fault.ts';

/** How to reach DynamoDB. */
export interface DocumentClientOptions {
  /** Absent uses AWS's own endpoint of the region. */
  readonly endpoint?: string | undefined;
  readonly region: string;
  /** Absent uses the process's own identity (environment, web identity, instance); at an `http:` endpoint, any words. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
  /** Absent writes no spans. */
  readonly tracer?: Tracer | undefined;
  /** Absent measures nothing. */
  readonly metrics?: Metrics | undefined;
  /** How long one attempt may take. */
  readonly requestTimeoutMs: number;
  /** Attempts of one command, with the driver's backoff in between, before it fails [3]. */
  readonly attemptsMax?: number;
  /** Connections that are ever open; further commands queue [50]. */
  readonly connectionsMax?: number;
}

// An emulator speaks plain HTTP and takes any credentials, but the driver sends nothing without some; the real service is never
// reached over plain HTTP, so no identity of ours can go there.
const emulatorCredentials = { accessKeyId: 'emulator', secretAccessKey: 'emulator' };

/**
 * A client whose commands throw Fault `unavailable` when DynamoDB throttles, fails, is away or too slow, and else the
 * driver's error (`isConditionFailed`). Attributes that are undefined are left out. Call `destroy()` at the end.
 */
export function createDocumentClient(options: DocumentClientOptions): DynamoDBDocumentClient {
  const { endpoint, region, tracer, requestTimeoutMs } = options;
  const isEmulator = endpoint?.startsWith('http:') ?? false;
  const credentials = options.credentials ?? (isEmulator ? emulatorCredentials : undefined);
  const client = new DynamoDBClient({
    region,
    ...(endpoint && { endpoint }),
    ...(credentials && { credentials }),
    maxAttempts: options.attemptsMax ?? 3,
    requestHandler: {
      requestTimeout: requestTimeoutMs,
      connectionTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
      httpAgent: { maxSockets: options.connectionsMax ?? 50 },
      httpsAgent: { maxSockets: options.connectionsMax ?? 50 },
    },
  });
  const measured = options.metrics && createCommandMetrics(options.metrics);
  if (measured) measure(client, measured);
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const command = { operation: commandName.replace(/Command$/, ''), input: args.input };
        try {
          return await traceCommand(tracer, command, () => next(args));
        } catch (error) {
          throw asDynamodbFault(error);
        }
      },
    { step: 'initialize', name: 'spansAndFaults', priority: 'high' },
  );
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}

// Around all attempts, and inside the driver's retries around each.
function measure(client: DynamoDBClient, metrics: CommandMetrics): void {
  const operationOf = (commandName = ''): string => commandName.replace(/Command$/, '');
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const startedMs = performance.now();
        const ended = (error?: unknown): void =>
          metrics.ended(operationOf(commandName), performance.now() - startedMs, error);
        try {
          const answer = await next(args);
          ended();
          return answer;
        } catch (error) {
          ended(error);
          throw error;
        }
      },
    { step: 'initialize', name: 'measureCommands', priority: 'low' },
  );
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        try {
          return await next(args);
        } catch (error) {
          metrics.attemptFailed(operationOf(commandName), error);
          throw error;
        }
      },
    { step: 'finalizeRequest', name: 'measureAttempts', priority: 'low' },
  );
}
