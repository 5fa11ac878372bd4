// What an error of DynamoDB or of the way to it means for a caller, decided by error names and statuses alone.
import { Fault } from '../fault/fault.ts';

const retryAfterMs = 1_000;

const namesOfUnavailability = new Set([
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
  'InternalServerError',
  'ServiceUnavailable',
  'ServiceUnavailableException',
]);

interface ServiceError {
  readonly name?: unknown;
  /** Set once a command was sent; without a status no answer came. */
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** True when a write was refused because its condition did not hold; the item is as it was. */
export function isConditionFailed(error: unknown): boolean {
  return (error as ServiceError | undefined)?.name === 'ConditionalCheckFailedException';
}

/**
 * Fault `unavailable` for throttling, a timeout, a server's fault or no server at all; any other error as it is. After
 * `unavailable` a write may have happened all the same, and the driver's own retries may have met it: a condition that
 * failed can mean that the same write went through before.
 */
export function asDynamodbFault(error: unknown): unknown {
  const { name, $metadata } = error as ServiceError;
  const isThrottled = namesOfUnavailability.has(String(name));
  const isUnanswered = $metadata !== undefined && ($metadata.httpStatusCode ?? 500) >= 500;
  if (!isThrottled && (!isUnanswered || name === 'AbortError')) return error;
  return new Fault('unavailable', 'The document store is not available', { retryAfterMs, cause: error });
}
