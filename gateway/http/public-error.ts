// What a caller is told of anything that was thrown: status, sentence, violations and headers. Inside text never passes.
import { ConnectError } from '@connectrpc/connect';
import { asFault, type Fault, type FaultReason } from '../../foundation/fault/fault.ts';
import { FaultDetailSchema } from '../../proto/gen/domainflow/common/v1/fault_pb.js';
import { type SchemaError, violationsMax, violationsOf } from '../core/schema-violations.ts';
import { HttpProblem } from './http-problem.ts';

const retryAfterMsDefault = 5_000;

const statusOfReason: Readonly<Record<FaultReason, number>> = {
  invalid_argument: 400,
  request_reused: 422,
  malformed: 400,
  unauthenticated: 401,
  permission_denied: 403,
  not_found: 404,
  already_exists: 409,
  failed_precondition: 409,
  aborted: 409,
  resource_exhausted: 429,
  unavailable: 503,
  deadline_exceeded: 504,
  cancelled: 503,
  internal: 500,
};

const stockSentences: Readonly<Record<FaultReason, string>> = {
  invalid_argument: 'The request is not valid',
  request_reused: 'The Idempotency-Key was used for another request',
  malformed: 'The request is not well formed',
  unauthenticated: 'The credential is not valid here',
  permission_denied: 'This is not allowed',
  not_found: 'No such object',
  already_exists: 'The object exists already',
  failed_precondition: 'The object is not in a state that allows this',
  aborted: 'The object was changed by someone else at the same time',
  resource_exhausted: 'Too many requests',
  unavailable: 'A part of the platform cannot be reached; try again soon',
  deadline_exceeded: 'The request took too long',
  cancelled: 'The request was ended before it was done',
  internal: 'An unexpected error occurred',
};

/** What is told of a path that has no route. */
export const noSuchRoute = 'No such route: /docs describes all that there are';

/** Fastify's own refusals that a request can cause. */
const frameworkProblems: Readonly<Record<string, HttpProblem>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: new HttpProblem(413, 'The body is too large'),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: new HttpProblem(415, 'The body must be application/json'),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: new HttpProblem(400, 'The body is not as long as Content-Length says'),
  FST_ERR_BAD_URL: new HttpProblem(400, 'The path is not validly percent-encoded'),
  FST_ERR_MAX_PARAM_LENGTH: new HttpProblem(404, noSuchRoute),
};

/** An error as it may be shown. */
export interface PublicError {
  readonly status: number;
  readonly sentence: string;
  readonly violations: HttpProblem['violations'];
  readonly extensions: HttpProblem['extensions'];
  readonly headers: Readonly<Record<string, string>>;
  /** True for values that break rules: 422 on API v2. */
  readonly isInvalid: boolean;
}

/** What Fastify says of a request that its schema refuses. */
interface Checked {
  readonly validation?: unknown;
  readonly validationContext?: unknown;
}

/** What may be shown of a thrown value. `hasCredential` tells whether the request carried one, which a 401 says in its header. */
export function publicError(error: unknown, hasCredential: boolean): PublicError {
  const problem = httpProblemOf(error);
  const { validation, validationContext } = Object(error) as Checked;
  // A path that names nothing is no value that breaks a rule.
  const isChecked = Array.isArray(validation) && validationContext !== 'params';
  if (problem) {
    return { ...problem, status: problem.status, sentence: problem.message, isInvalid: isChecked };
  }
  const fault = asFault(error);
  const status = statusOfReason[fault.reason];
  return {
    status,
    sentence: isPublic(fault) ? fault.message : stockSentences[fault.reason],
    violations: fault.violations.slice(0, violationsMax),
    extensions: {},
    headers: headersOf(fault, status, hasCredential),
    isInvalid: fault.reason === 'invalid_argument',
  };
}

function httpProblemOf(error: unknown): HttpProblem | undefined {
  if (error instanceof HttpProblem) return error;
  const { code, validation, validationContext } = Object(error) as Checked & { code?: unknown };
  if (Array.isArray(validation)) return invalidRequest(validation, validationContext === 'querystring');
  return frameworkProblems[String(code)];
}

function invalidRequest(errors: readonly SchemaError[], isQuery: boolean): HttpProblem {
  const violations = violationsOf(errors, isQuery ? 'query' : undefined);
  const [first] = violations;
  const more = violations.length > 1 ? ` (and ${violations.length - 1} more)` : '';
  return new HttpProblem(400, `${first?.field}: ${first?.reason}${more}`, { violations });
}

// A fault of a service crossed the mesh with a typed detail, and its sentence is public. A failure of the mesh itself has none, and
// its text names addresses.
function isPublic({ reason, cause }: Fault): boolean {
  if (reason === 'internal') return false;
  return !(cause instanceof ConnectError) || cause.findDetails(FaultDetailSchema).length > 0;
}

function headersOf(fault: Fault, status: number, hasCredential: boolean): Readonly<Record<string, string>> {
  if (status === 401) {
    return {
      'www-authenticate': `Bearer realm="domainflow"${hasCredential ? ', error="invalid_token"' : ''}`,
    };
  }
  // A conflict is told when to come back where that alone may end it.
  const mayPass = fault.reason === 'aborted' && fault.retryAfterMs !== undefined;
  if (status !== 503 && status !== 429 && !mayPass) return {};
  return { 'retry-after': String(Math.ceil((fault.retryAfterMs ?? retryAfterMsDefault) / 1000)) };
}
