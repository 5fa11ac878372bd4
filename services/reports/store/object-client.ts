// The S3 client of a process: addresses by path, a time limit on everything, spans, and Faults for what waiting may help.
import { S3Client } from '@aws-sdk/client-s3';
import type { Tracer } from '@opentelemetry/api';
import { asObjectFault } from './object-fault.ts';
import { traceObjectCommand } from './object-tracing.ts';

/** How to reach an object store. */
export interface ObjectClientOptions {
  /** Absent uses AWS's own endpoint of the region. */
  readonly endpoint?: string | undefined;
  readonly region: string;
  /** Absent uses the process's own identity (environment, web identity, instance), which must not go over plain HTTP. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
  /** Absent writes no spans. */
  readonly tracer?: Tracer | undefined;
  /** How long one attempt may take. */
  readonly requestTimeoutMs: number;
}

/** Attempts of one command, with the driver's backoff in between. */
const attemptsMax = 3;
/** Connections that are ever open; further commands queue. */
const connectionsMax = 50;

/** A client whose commands throw Fault `unavailable` when the store throttles, fails, is away or too slow. Call `destroy()` at the end. */
export function createObjectClient(options: ObjectClientOptions): S3Client {
  const { endpoint, region, credentials, tracer, requestTimeoutMs } = options;
  const client = new S3Client({
    region,
    ...(endpoint && { endpoint }),
    // A copy, since the driver notes on credentials where they are from, and settings are frozen.
    ...(credentials && { credentials: { ...credentials } }),
    // Works for every store and every name of a bucket, and lets the address of an image be made from its key alone.
    forcePathStyle: true,
    // Not every store knows the newer checksums; what matters here is hashed by ourselves.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    maxAttempts: attemptsMax,
    requestHandler: {
      requestTimeout: requestTimeoutMs,
      connectionTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
      httpAgent: { maxSockets: connectionsMax },
      httpsAgent: { maxSockets: connectionsMax },
    },
  });
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        try {
          return await traceObjectCommand(tracer, commandName.replace(/Command$/, ''), () => next(args));
        } catch (error) {
          throw asObjectFault(error);
        }
      },
    { step: 'initialize', name: 'spansAndFaults', priority: 'high' },
  );
  return client;
}
