// What an error of the object store or of the way to it means for a caller, decided by error names and statuses alone.
import { Fault } from '../../../foundation/fault/fault.ts';

const retryAfterMs = 1_000;

const namesOfUnavailability = new Set([
  'SlowDown',
  'RequestTimeout',
  'ThrottlingException',
  'TooManyRequestsException',
  'OperationAborted',
  'CredentialsProviderError',
]);

interface ServiceError {
  readonly name?: unknown;
  /** Set once a command was sent; without a status no answer came. */
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** True when there is no object of this key. HEAD is answered without a body, so without S3's own word for it. */
export function isMissingObject(error: unknown): boolean {
  const { name } = error as ServiceError;
  return name === 'NoSuchKey' || name === 'NotFound';
}

/** True when an object is not the one that a condition names. */
export function isOtherObject(error: unknown): boolean {
  return (error as ServiceError).name === 'PreconditionFailed';
}

/** True when the store does not know a call. */
export function isNotImplemented(error: unknown): boolean {
  const { name, $metadata } = error as ServiceError;
  return name === 'NotImplemented' || $metadata?.httpStatusCode === 501;
}

/** Fault `unavailable` for throttling, a timeout, a server's fault or no server at all; any other error as it is. */
export function asObjectFault(error: unknown): unknown {
  const { name, $metadata } = error as ServiceError;
  if (error instanceof Fault || isNotImplemented(error)) return error;
  const isThrottled = namesOfUnavailability.has(String(name));
  const isUnanswered = $metadata !== undefined && ($metadata.httpStatusCode ?? 500) >= 500;
  if (!isThrottled && (!isUnanswered || name === 'AbortError')) return error;
  return new Fault('unavailable', 'The image store is not available', { retryAfterMs, cause: error });
}
