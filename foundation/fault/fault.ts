// The one error type of the platform: a closed list of reasons, a sentence for the caller, and a cause that never leaves the process.
// It knows neither RPC nor HTTP; `fault-wire.ts` and the gateway translate it.

/** Why a request failed. The list is closed: each reason has exactly one RPC code and one HTTP status. */
export type FaultReason =
  | 'invalid_argument'
  | 'request_reused'
  | 'malformed'
  | 'unauthenticated'
  | 'permission_denied'
  | 'not_found'
  | 'already_exists'
  | 'failed_precondition'
  | 'aborted'
  | 'resource_exhausted'
  | 'unavailable'
  | 'deadline_exceeded'
  | 'cancelled'
  | 'internal';

/** One violated rule of a request. `field` is a JSON path such as `playbooks.query.nodes[2]`; `reason` is a sentence. */
export interface Violation {
  readonly field: string;
  readonly reason: string;
}

/** What a Fault may carry beyond its sentence. */
export interface FaultOptions {
  /** Every violated field at once; absent when the fault is not about fields. */
  readonly violations?: readonly Violation[];
  /** How long a caller should wait before it tries again, in milliseconds; absent when waiting does not help. */
  readonly retryAfterMs?: number;
  /** The error underneath, for logs only. It is never sent to a caller. */
  readonly cause?: unknown;
}

/** A failure that is understood. `message` is public: it is shown to callers as it stands, so it holds no inside text. */
export class Fault extends Error {
  readonly reason: FaultReason;
  readonly violations: readonly Violation[];
  readonly retryAfterMs: number | undefined;

  constructor(reason: FaultReason, message: string, options: FaultOptions = {}) {
    super(message, { cause: options.cause });
    this.name = 'Fault';
    this.reason = reason;
    this.violations = options.violations ?? [];
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** A fault for input that breaks rules; the sentence names the first violation and how many there are. */
export function invalidArgument(violations: readonly Violation[]): Fault {
  const [first] = violations;
  const more = violations.length > 1 ? ` (and ${violations.length - 1} more)` : '';
  const sentence = first ? `${first.field}: ${first.reason}${more}` : 'The request is not valid';
  return new Fault('invalid_argument', sentence, { violations });
}

/** A fault for a request that is refused as it was written: an id of a wrong form, or text that looks like an attack. */
export function malformed(violations: readonly Violation[]): Fault {
  return new Fault('malformed', invalidArgument(violations).message, { violations });
}

/** The same sentence for an object that never existed and for one of another tenant, so that neither can be told from the other. */
export function notFound(noun: string): Fault {
  return new Fault('not_found', `No such ${noun}`);
}

/** Any thrown value as a Fault; what is not understood becomes `internal` with the value as private cause. */
export function asFault(error: unknown): Fault {
  return error instanceof Fault
    ? error
    : new Fault('internal', 'An unexpected error occurred', { cause: error });
}
