// What the gateway keeps of a request while it lasts: its trace, whether its client is still there, and what went wrong.
import type { Context } from '@opentelemetry/api';
import type { FastifyRequest } from 'fastify';
import type { OpenSpan } from '../../foundation/telemetry/spans.ts';

/** Name of the request decorator that holds the scope. */
export const scopeDecorator = 'scope';

/** One request. */
export interface RequestScope {
  /** Undefined for probes, which are not traced. */
  readonly span: OpenSpan | undefined;
  /** Its path as a template, such as `/api/v1/agents/{agent_id}`; undefined where there is no route. */
  readonly route: string | undefined;
  /** The context in which the request is handled; its fields stand in every log line. */
  context: Context;
  /** Monotonic milliseconds. */
  readonly startedMs: number;
  /** Aborted when the client goes away before it has its answer. */
  readonly signal: AbortSignal;
  /** What made the answer a 5xx; undefined otherwise. */
  failure: unknown;
  /** What ended an answer in the middle; undefined otherwise, and when the client went away. */
  brokenOff: unknown;
  /** True once the request stands in telemetry. */
  isRecorded: boolean;
}

/** The scope of a request whose first hook has run. */
export function scopeOf(request: FastifyRequest): RequestScope {
  return request.getDecorator<RequestScope>(scopeDecorator);
}
