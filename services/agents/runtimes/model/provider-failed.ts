// A call of a provider that failed: whether it may be made again, and as what the attempt fails otherwise. It holds
// nothing that the provider wrote.
import type { InvocationFailure } from '../../core/invocation.ts';

/** A call that failed. */
export class ProviderFailed extends Error {
  readonly failure: InvocationFailure;
  /** HTTP status of the answer; undefined when there was none. */
  readonly status: number | undefined;
  /** Whether making the call again may help. */
  readonly retryable: boolean;
  /** Headers of the answer, by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(failure: InvocationFailure, seen: Partial<Omit<ProviderFailed, 'failure' | keyof Error>> = {}) {
    super(failure.message);
    this.name = 'ProviderFailed';
    this.failure = failure;
    this.status = seen.status;
    this.retryable = seen.retryable ?? false;
    this.headers = seen.headers ?? {};
  }
}

/** True unless the fault lies with the request: such answers say nothing against the provider. */
export function speaksAgainstProvider(error: unknown): boolean {
  if (!(error instanceof ProviderFailed)) return false;
  const { status } = error;
  return status === undefined || status >= 500 || [408, 429].includes(status);
}

/** True for a status that may be another one when the call is made again. */
export function isPassing(status: number): boolean {
  return status >= 500 || [408, 409, 425, 429].includes(status);
}
