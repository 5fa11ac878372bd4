// Refusals that only HTTP knows, such as a wrong method. Everything else that fails is a Fault.
import type { Violation } from '../../foundation/fault/fault.ts';

/** What a refusal may carry beside its sentence. */
export interface HttpProblemOptions {
  /** Response headers, such as `allow`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly violations?: readonly Violation[];
  /** Members of the body beyond those of every problem, such as `used_by`. */
  readonly extensions?: Readonly<Record<string, unknown>>;
  /** For logs only. */
  readonly cause?: unknown;
}

/** An HTTP status with its sentence. `message` is public. */
export class HttpProblem extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly violations: readonly Violation[];
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor(status: number, message: string, options: HttpProblemOptions = {}) {
    super(message, { cause: options.cause });
    this.name = 'HttpProblem';
    this.status = status;
    this.headers = options.headers ?? {};
    this.violations = options.violations ?? [];
    this.extensions = options.extensions ?? {};
  }
}
