// One line of a batch: read out of its bytes and checked, and what is answered for it.
import type { FastifyRequest } from 'fastify';
import { Fault, type Violation } from '../../foundation/fault/fault.ts';
import { type SchemaError, violationsOf } from '../core/schema-violations.ts';
import { HttpProblem } from '../http/http-problem.ts';
import { parseJson } from '../http/json-body.ts';
import type { LineLimits, SentLine } from '../http/line-reader.ts';
import { publicError } from '../http/public-error.ts';
import type { Schema } from '../http/schema-parts.ts';

/** What can become of a line; `rejected` is the caller's to mend, after `failed` it can be sent again. */
export const lineStatuses = ['accepted', 'imported', 'existed', 'rejected', 'failed'] as const;

/** What is answered for a line. */
export interface LineAnswer {
  /** From 1. */
  readonly line: number;
  readonly status: (typeof lineStatuses)[number];
  readonly incident_id?: string;
  readonly job_id?: string;
  /** Only where an earlier batch of the same key had it. */
  readonly replayed?: true;
  /** The sentence of a problem, with its code and every violation. */
  readonly error?: string;
  readonly error_code?: string;
  readonly details?: readonly Violation[];
}

/** What reads a line needs to know. */
export interface LineReading {
  readonly request: FastifyRequest;
  /** Of the document that a line holds. */
  readonly schema: Schema;
  readonly limits: LineLimits;
}

/** The document of a line, checked. Throws what {@link lineFailure} can tell. */
export function documentOf<T>({ request, schema, limits }: LineReading, sent: SentLine): T {
  if (sent.kind !== 'line') throw problemOf(sent, limits);
  if (sent.bytes.toString().trim() === '') throw new HttpProblem(400, 'The line is empty');
  const document = parseJson(sent.bytes, 'The line');
  const validate = request.compileValidationSchema(schema);
  if (!validate(document)) throw invalidLine(violationsOf((validate.errors ?? []) as SchemaError[]));
  return document as T;
}

function problemOf({ kind, line }: Exclude<SentLine, { kind: 'line' }>, limits: LineLimits): HttpProblem {
  const rest = `nothing from line ${line} on was taken`;
  if (kind === 'too long') return new HttpProblem(413, `A line has at most ${limits.lineBytesMax} bytes`);
  if (kind === 'too many lines') {
    return new HttpProblem(400, `A batch has at most ${limits.linesMax} lines: ${rest}`);
  }
  return new HttpProblem(413, `A batch has at most ${limits.bodyBytesMax} bytes: ${rest}`);
}

/** The refusal of a line for what it holds. */
export function invalidLine(found: readonly Violation[]): HttpProblem {
  const violations = found.map(({ field, reason }) => ({ field: field === 'body' ? 'line' : field, reason }));
  const [first] = violations;
  const more = violations.length > 1 ? ` (and ${violations.length - 1} more)` : '';
  return new HttpProblem(400, `${first?.field}: ${first?.reason}${more}`, { violations });
}

/** The answer for a line that came to nothing, as an error of its own. What is no refusal is thrown again. */
export function lineFailure(line: number, error: unknown): LineAnswer {
  if (!(error instanceof Fault) && !(error instanceof HttpProblem)) throw error;
  const { status, sentence, violations } = publicError(error, true);
  return {
    line,
    status: status >= 500 || status === 429 ? 'failed' : 'rejected',
    error: sentence,
    error_code: `ERR_${status}`,
    details: violations,
  };
}
