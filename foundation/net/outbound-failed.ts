// Why a call to a URL of a tenant came to nothing. Answers with a status of failure are answers and no failures here.

/**
 * `refused`: the platform does not call that place. `unreachable`: no connection, or what came was not HTTP. `timed_out` and `too_large`:
 * a bound of the call was met. `too_many_redirects`: one redirect more than are followed.
 */
export type OutboundFailure = 'refused' | 'unreachable' | 'timed_out' | 'too_large' | 'too_many_redirects';

/** A call that came to nothing. Its message is a public sentence that names neither URL nor address; the cause is for logs alone. */
export class OutboundFailed extends Error {
  readonly failure: OutboundFailure;

  constructor(failure: OutboundFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'OutboundFailed';
    this.failure = failure;
  }
}

/** The OutboundFailed that an error is or was caused by; undefined when there is none. */
export function outboundFailureIn(error: unknown): OutboundFailed | undefined {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if (at instanceof OutboundFailed) return at;
  }
  return undefined;
}
