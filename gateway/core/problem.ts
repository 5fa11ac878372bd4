// The body of every error answer: problem+json (RFC 9457) with the members that S3.4 adds.
import type { Violation } from '../../foundation/fault/fault.ts';

/** An error as a caller sees it. */
export interface ProblemBody {
  /** URI that names the kind of problem; it never changes. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** Path of the request. */
  readonly instance: string;
  /** W3C trace id, 32 hex digits. */
  readonly trace_id: string;
  /** Same as `detail`. */
  readonly error: string;
  /** `ERR_<status>`. */
  readonly error_code: string;
  /** ISO 8601, UTC. */
  readonly timestamp: string;
  readonly details: readonly Violation[];
  /** Only on API v2: same as `detail`. */
  readonly message?: string;
  /** Only on API v2: names this one request in logs and traces, 16 hex digits. */
  readonly request_id?: string;
}

/** What a problem body is made from. */
export interface ProblemParts {
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly traceId: string;
  readonly timestamp: string;
  readonly violations: readonly Violation[];
  /** Given for problems of API v2: the span id of the request, 16 hex digits. */
  readonly requestId?: string | undefined;
  /** Members beyond those of every problem; none may have the name of one of those. Absent for none. */
  readonly extensions?: Readonly<Record<string, unknown>>;
}

const titles: Readonly<Record<number, string>> = {
  400: 'Invalid request',
  401: 'Not authenticated',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  408: 'Request timeout',
  409: 'Conflict',
  410: 'Gone',
  412: 'Precondition failed',
  413: 'Content too large',
  414: 'URI too long',
  415: 'Unsupported media type',
  422: 'Unprocessable content',
  429: 'Too many requests',
  431: 'Header fields too large',
  500: 'Internal error',
  503: 'Unavailable',
  504: 'Deadline exceeded',
};

/** The body; a status without a title of its own counts as an internal error in `type` and `title`. */
export function problemBody(parts: ProblemParts): ProblemBody {
  const { status, detail, instance, traceId, timestamp, violations, requestId } = parts;
  const title = titles[status] ?? 'Internal error';
  return {
    ...parts.extensions,
    type: `urn:domainflow:problem:${title.toLowerCase().replaceAll(' ', '-')}`,
    title,
    status,
    detail,
    instance,
    trace_id: traceId,
    error: detail,
    error_code: `ERR_${status}`,
    timestamp,
    details: violations,
    ...(requestId === undefined ? {} : { message: detail, request_id: requestId }),
  };
}
