// What tests ask of calls of the typed client beyond the body of a success: the refusal, the status, the headers, the trace.

import type { HeadOption } from '../../clients/api/api-calls.ts';
import { ApiError } from '../../clients/api/api-error.ts';

/** An answer with its head. */
export interface Answered<T> {
  readonly status: number;
  readonly headers: Headers;
  /** 32 hex digits, from the `traceresponse` header; empty when the answer has none. */
  readonly traceId: string;
  readonly body: T;
}

/** The answer of a call with its head; rejects as the call does. */
export async function answered<T>(
  call: (onHead: NonNullable<HeadOption['onHead']>) => Promise<T>,
): Promise<Answered<T>> {
  let head: Parameters<NonNullable<HeadOption['onHead']>>[0] | undefined;
  const body = await call((told) => {
    head = told;
  });
  const { status = 0, headers = new Headers() } = head ?? {};
  const [, traceId = ''] = /^00-([0-9a-f]{32})-/.exec(headers.get('traceresponse') ?? '') ?? [];
  return { status, headers, traceId, body };
}

/** The refusal of a call; rejects when it is not refused. */
export async function refused(call: Promise<unknown>): Promise<ApiError> {
  const [outcome] = await Promise.allSettled([call]);
  if (outcome?.status !== 'rejected') throw new Error('The call was not refused');
  if (outcome.reason instanceof ApiError) return outcome.reason;
  throw outcome.reason;
}

/** The status that a call ends with: 200 stands for every success. */
export async function statusOf(call: Promise<unknown>): Promise<number> {
  const [outcome] = await Promise.allSettled([call]);
  if (outcome?.status !== 'rejected') return 200;
  if (outcome.reason instanceof ApiError) return outcome.reason.status;
  throw outcome.reason;
}

/** Names of what a refusal says is wrong, in order of the alphabet. */
export function fieldsOf({ violations }: ApiError): readonly string[] {
  return violations.map(({ field }) => field).sort();
}

/** A refusal without what differs between any two requests. */
export function shapeOf({ status, problem }: ApiError): object {
  return { sent: status, ...problem, trace_id: '', request_id: '', timestamp: '', instance: '' };
}
