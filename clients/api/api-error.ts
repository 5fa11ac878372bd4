// What can go wrong with a call: the API refuses it (RFC 9457), or no answer comes.
import type { Problem } from './gen/api-types.ts';

/** One thing that is wrong with a request. */
export interface Violation {
  /** JSON path in what was sent. */
  readonly field: string;
  readonly reason: string;
}

/** An answer that is no success. The message is the sentence of the problem. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  /** Everything that is wrong with the request, at once. */
  readonly violations: readonly Violation[];
  /** 32 hex digits that find the trace and the log lines; undefined when something before the gateway answered. */
  readonly traceId: string | undefined;
  /** How long to wait before a next try, in milliseconds; undefined when the answer does not say. */
  readonly retryAfterMs: number | undefined;
  /** The whole problem, with the members that some problems have beyond those of all; undefined when the answer is none. */
  readonly problem: (Problem & Readonly<Record<string, unknown>>) | undefined;

  constructor({ status, body, headers }: { status: number; body: unknown; headers?: Headers }) {
    const problem = problemIn(body);
    super(problem?.detail ?? `The server answered ${status} without saying why`);
    this.status = status;
    this.problem = problem;
    this.violations = problem?.details ?? [];
    this.traceId = problem?.trace_id ?? traceIn(headers?.get('traceresponse'));
    this.retryAfterMs = retryAfterMs(headers?.get('retry-after') ?? null);
  }
}

/** No answer came, or it broke off. The cause says what the network said. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
}

/** The error of an answer that is no success; reads its body. */
export async function apiErrorOf(response: Response): Promise<ApiError> {
  const text = await response.text().catch(() => '');
  const { status, headers } = response;
  return new ApiError({ status, headers, body: parsed(text) });
}

/** The error of a connection to this address. */
export function connectionErrorOf(url: string, cause: unknown): ConnectionError {
  const { origin } = new URL(url);
  const reasons = [cause, Object(cause).cause].map((each) => String(Object(each).code ?? ''));
  const reason = reasons.find((each) => each !== '');
  return new ConnectionError(`${origin} cannot be reached, or broke off${reason ? ` (${reason})` : ''}`, {
    cause,
  });
}

/** Milliseconds of a `Retry-After` header in its form of seconds, the only one that the API uses; undefined for none. */
export function retryAfterMs(header: string | null): number | undefined {
  return header !== null && /^\d{1,6}$/.test(header.trim()) ? Number(header) * 1_000 : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // whatever answered before the gateway may say what it likes
  }
}

function problemIn(body: unknown): ApiError['problem'] {
  const { detail, error_code: code } = Object(body) as Partial<Problem>;
  if (typeof detail !== 'string' || typeof code !== 'string') return undefined;
  return body as NonNullable<ApiError['problem']>;
}

function traceIn(header: string | null | undefined): string | undefined {
  return /^00-([0-9a-f]{32})-/.exec(header ?? '')?.[1];
}
