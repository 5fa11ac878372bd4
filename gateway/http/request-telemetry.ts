// One server span, one measurement and one log line for each request. Bodies, queries and credentials appear in none of them.
import { type Context, context as contextApi, ROOT_CONTEXT } from '@opentelemetry/api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Fault } from '../../foundation/fault/fault.ts';
import { createHttpServerMetrics } from '../../foundation/telemetry/metrics.ts';
import { Attribute, spanName } from '../../foundation/telemetry/names.ts';
import { extractHeaders, storeTrace } from '../../foundation/telemetry/propagation.ts';
import { type OpenSpan, openSpan } from '../../foundation/telemetry/spans.ts';
import type { Telemetry } from '../../foundation/telemetry/telemetry.ts';
import { type RequestScope, scopeDecorator, scopeOf } from './request-scope.ts';
import './route-config.ts';

/** Status of a request whose client went away before the answer was out; it is seen in telemetry only. */
export const clientGoneStatus = 499;

const unknownRoute = 'unknown';

/** Adds the hooks that open a scope for each request and close it when the answer is out. */
export function addRequestTelemetry(app: FastifyInstance, telemetry: Telemetry): void {
  const record = createRecorder(telemetry);
  app.decorateRequest(scopeDecorator, null);
  app.addHook('onRequest', (request, reply, done) => {
    const scope = openScope(request, reply, telemetry);
    request.setDecorator(scopeDecorator, scope);
    // An answer that breaks off after its headers is followed by no other hook.
    reply.raw.once('close', () => {
      if (reply.raw.headersSent) record(request, reply);
    });
    const trace = scope.span && storeTrace(scope.span.context);
    if (trace) reply.header('traceresponse', trace.traceparent);
    contextApi.with(scope.context, done);
  });
  // Bodies arrive in the context of the socket, so the request's own is entered again.
  app.addHook('preValidation', (request, _reply, done) => contextApi.with(scopeOf(request).context, done));
  app.addHook('onResponse', (request, reply, done) => {
    record(request, reply);
    done();
  });
}

/** Records a request that is over, once. */
type Recorder = (request: FastifyRequest, reply: FastifyReply) => void;

function createRecorder(telemetry: Telemetry): Recorder {
  const metrics = createHttpServerMetrics(telemetry.metrics);
  return (request, reply) => {
    const scope = scopeOf(request);
    if (scope.isRecorded) return;
    scope.isRecorded = true;
    const status = statusOf(request, reply);
    const durationMs = performance.now() - scope.startedMs;
    metrics.record({ route: scope.route ?? unknownRoute, method: request.method, status, durationMs });
    contextApi.with(scope.context, () => {
      const { brokenOff } = scope;
      if (brokenOff !== undefined) telemetry.log.error({ err: brokenOff }, 'An answer was broken off');
      const line = { method: request.method, path: pathOf(request), status, duration_ms: round(durationMs) };
      telemetry.log[isProbe(request) ? 'debug' : 'info'](line, 'Answered a request');
    });
    endSpan(scope, status);
  };
}

// The status that stood above an answer which was broken off has nothing to say of it.
function statusOf(request: FastifyRequest, { raw, statusCode }: FastifyReply): number {
  if (scopeOf(request).brokenOff !== undefined) return 500;
  const isEndless = request.routeOptions.config.endless === true && raw.headersSent;
  return raw.writableFinished || isEndless ? statusCode : clientGoneStatus;
}

function openScope(request: FastifyRequest, reply: FastifyReply, telemetry: Telemetry): RequestScope {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  const route = routeOf(request);
  const span = isProbe(request) ? undefined : openServerSpan(request, telemetry, route);
  return {
    span,
    route,
    context: span?.context ?? ROOT_CONTEXT,
    startedMs: performance.now(),
    signal: gone.signal,
    failure: undefined,
    brokenOff: undefined,
    isRecorded: false,
  };
}

/** Opens the server span of a request, as child of the caller's when it sent a trace context. */
export function openServerSpan(
  request: FastifyRequest,
  { tracer }: Telemetry,
  route = routeOf(request),
): OpenSpan {
  return openSpan(tracer, route ? spanName.http(request.method, route) : request.method, {
    kind: 'server',
    parent: callerContext(request),
    attributes: {
      [Attribute.httpMethod]: request.method,
      [Attribute.urlScheme]: 'http',
      ...(route ? { [Attribute.httpRoute]: route } : {}),
    },
  });
}

function callerContext({ headers }: FastifyRequest): Context {
  const { traceparent, tracestate } = headers;
  if (typeof traceparent !== 'string') return ROOT_CONTEXT;
  const carried = new Headers({ traceparent });
  if (typeof tracestate === 'string') carried.set('tracestate', tracestate);
  return extractHeaders(carried);
}

function endSpan({ span, failure, brokenOff }: RequestScope, status: number): void {
  span?.setAttributes({ [Attribute.httpStatusCode]: status });
  const failed = status >= 500;
  span?.end(
    failed ? (failure ?? brokenOff ?? new Fault('internal', 'The answer was a server error')) : undefined,
  );
}

// `/api/v1/agents/:agent_id` is told as `/api/v1/agents/{agent_id}`.
function routeOf(request: FastifyRequest): string | undefined {
  return request.routeOptions.url?.replace(/:(\w+)/g, '{$1}');
}

function isProbe(request: FastifyRequest): boolean {
  return request.routeOptions.config.probe === true;
}

/** The path of a request, without its query. */
export function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '';
}

function round(durationMs: number): number {
  return Math.round(durationMs * 10) / 10;
}
