// Every error leaves as problem+json: thrown values, unknown routes, paths that cannot be read and requests that are not HTTP.
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { type Context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../foundation/clock.ts';
import { traceIdOf } from '../../foundation/telemetry/propagation.ts';
import { openSpan } from '../../foundation/telemetry/spans.ts';
import type { Telemetry } from '../../foundation/telemetry/telemetry.ts';
import { isWorkPath } from '../core/api-version.ts';
import { problemBody } from '../core/problem.ts';
import { HttpProblem } from './http-problem.ts';
import { noSuchRoute, type PublicError, publicError } from './public-error.ts';
import { scopeOf } from './request-scope.ts';
import { openServerSpan, pathOf } from './request-telemetry.ts';
import { securityHeaders } from './security-headers.ts';
import { toldViolations } from './told-violations.ts';

const mediaType = 'application/problem+json';

/** What problem replies need. */
export interface ProblemDeps {
  readonly telemetry: Telemetry;
  readonly clock: Clock;
}

/** Answers thrown values and unknown routes. */
export function addProblemReplies(app: FastifyInstance, { telemetry, clock }: ProblemDeps): void {
  app.setErrorHandler((error, request, reply) => {
    const shown = publicError(error, request.headers.authorization !== undefined);
    const scope = scopeOf(request);
    if (shown.status >= 500) {
      scope.failure = error;
      const level = shown.status === 500 ? 'error' : 'warn';
      telemetry.log[level]({ err: error, status: shown.status }, 'A request failed');
    }
    const traceId = traceIdOf(scope.context) ?? newTraceId(telemetry);
    return sendProblemTo([request, reply, shown], { traceId, clock, context: scope.context });
  });
  app.setNotFoundHandler(() => {
    throw new HttpProblem(404, noSuchRoute);
  });
}

/** Answers a request that Fastify refuses before any hook has run, such as one with a path that cannot be decoded. */
export function answerFrameworkError({ telemetry, clock }: ProblemDeps) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const span = openServerSpan(request, telemetry);
    const shown = publicError(error, request.headers.authorization !== undefined);
    const traceId = traceIdOf(span.context) ?? '';
    const path = pathOf(request);
    telemetry.log.info({ method: request.method, path, status: shown.status }, 'Answered a request');
    sendProblemTo([request, reply.headers(securityHeaders), shown], {
      traceId,
      clock,
      context: span.context,
    });
    span.end();
  };
}

/** Answers bytes on a connection that are no HTTP request, or one that came too slowly, and closes the connection. */
export function answerClientError({ telemetry, clock }: ProblemDeps) {
  return (error: Error & { code?: string; rawPacket?: unknown }, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const { status, message } = clientProblems[error.code ?? ''] ?? notHttp;
    const body = JSON.stringify(
      problemBody({
        status,
        detail: message,
        instance: '/',
        traceId: newTraceId(telemetry),
        timestamp: new Date(clock()).toISOString(),
        violations: [],
      }),
    );
    telemetry.log.info({ status, code: error.code }, 'Refused a request that could not be read');
    socket.end(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: ${mediaType}\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${isHead(error) ? '' : body}`,
    );
  };
}

// The method of a request that was not read stands in its bytes alone; an answer to HEAD has no body.
function isHead({ rawPacket }: { readonly rawPacket?: unknown }): boolean {
  return Buffer.isBuffer(rawPacket) && rawPacket.toString('latin1', 0, 5) === 'HEAD ';
}

const notHttp = new HttpProblem(400, 'The request is not valid HTTP');

const clientProblems: Readonly<Record<string, HttpProblem>> = {
  HPE_HEADER_OVERFLOW: new HttpProblem(431, 'The header fields are too large'),
  ERR_HTTP_REQUEST_TIMEOUT: new HttpProblem(408, 'The request did not arrive in time'),
};

type Asked = readonly [request: FastifyRequest, reply: FastifyReply, shown: PublicError];

// Values that break rules have a status of their own on API v2, and its problems say more.
function sendProblemTo(
  [request, reply, shown]: Asked,
  { context, ...place }: Pick<ProblemPlace, 'traceId' | 'clock'> & { readonly context: Context },
): FastifyReply {
  const instance = pathOf(request);
  if (!isWorkPath(instance)) return sendProblem(reply, shown, { ...place, instance });
  const status = shown.isInvalid ? 422 : shown.status;
  const violations = toldViolations(shown.violations, request);
  const requestId = trace.getSpanContext(context)?.spanId ?? place.traceId.slice(0, 16);
  return sendProblem(reply, { ...shown, status, violations }, { ...place, instance, requestId });
}

interface ProblemPlace {
  readonly instance: string;
  readonly traceId: string;
  readonly clock: Clock;
  /** Of requests of API v2. */
  readonly requestId?: string;
}

function sendProblem(reply: FastifyReply, shown: PublicError, place: ProblemPlace): FastifyReply {
  const { status, sentence, violations, extensions, headers } = shown;
  const body = problemBody({
    status,
    detail: sentence,
    instance: place.instance,
    traceId: place.traceId,
    timestamp: new Date(place.clock()).toISOString(),
    violations,
    extensions,
    requestId: place.requestId,
  });
  return reply.code(status).headers(headers).type(mediaType).send(JSON.stringify(body));
}

// A request that is not traced, or never came to be one, still gets an id that stands in the log.
function newTraceId({ tracer }: Telemetry): string {
  const span = openSpan(tracer, 'HTTP', { kind: 'server', parent: ROOT_CONTEXT });
  span.end();
  return traceIdOf(span.context) ?? '';
}
