// A failure as a person wants to read it: the sentence, everything that is wrong, what to do next, and how to find it in the logs.
import { ApiError, ConnectionError } from '../api/api-error.ts';
import { plainText } from './screen/plain-text.ts';
import { UsageError } from './usage-error.ts';

/** How a command ends. */
export interface Ending {
  readonly exitCode: number;
  /** For standard error. */
  readonly lines: readonly string[];
}

/** Statuses of the command: all is well, refused or failed, wrongly used, interrupted. */
export const exitCodes = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** The ending of a command that threw. */
export function endingOf(error: unknown): Ending {
  if (error instanceof UsageError) return { exitCode: exitCodes.usage, lines: [error.message] };
  if (error instanceof ApiError) return { exitCode: exitCodes.failed, lines: refusalLines(error) };
  if (error instanceof ConnectionError) {
    const next = 'Is it running? `npm start` starts one here; --url or DOMAINFLOW_URL says where another is.';
    return { exitCode: exitCodes.failed, lines: [error.message, next] };
  }
  const { code, message } = Object(error) as NodeJS.ErrnoException;
  return { exitCode: exitCodes.failed, lines: [message ?? String(error), ...(code ? [`(${code})`] : [])] };
}

function refusalLines(error: ApiError): readonly string[] {
  const { message, violations, traceId, status, problem } = error;
  const told = violations.map(({ field, reason }) => `${field}: ${reason}`);
  const next = nextStep(error);
  // The sentence of a problem is often its first violation, with the count of the others.
  const isFirst = told[0] !== undefined && message.startsWith(told[0]);
  const sentence = isFirst && told.length > 1 ? `${problem?.title}` : message;
  return [
    plainText(`${sentence} (${status})`),
    ...(isFirst && told.length === 1 ? [] : told.map((each) => plainText(`  ${each}`))),
    ...(next === undefined ? [] : [next]),
    ...(traceId === undefined ? [] : [`trace ${traceId}`]),
  ];
}

function nextStep({ status, retryAfterMs }: ApiError): string | undefined {
  switch (status) {
    case 401:
      return 'Log in with `domainflow login`, or set DOMAINFLOW_TOKEN.';
    case 403:
      return '`domainflow whoami` shows your role and tenant.';
    case 404:
      return '`domainflow whoami` shows your tenant; what belongs to another looks as if it did not exist.';
    case 412:
      return 'It was changed meanwhile: read it again, and repeat your change.';
    case 429:
    case 503:
      return retryAfterMs === undefined
        ? 'Try again soon.'
        : `Try again in ${Math.ceil(retryAfterMs / 1_000)} s.`;
    default:
      return undefined;
  }
}
