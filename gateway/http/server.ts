// The HTTP server without its routes: limits, validation, telemetry and problem replies.
import { type FastifyInstance, fastify } from 'fastify';
import { isInstant } from '../../foundation/json/instant.ts';
import { isPlainText } from '../core/plain-text.ts';
import { isTimeZone } from '../core/time-zone.ts';
import { addCors } from './cors.ts';
import { addJsonBody, bodyBytesMax } from './json-body.ts';
import {
  addProblemReplies,
  answerClientError,
  answerFrameworkError,
  type ProblemDeps,
} from './problem-replies.ts';
import { addRequestTelemetry } from './request-telemetry.ts';

/** A request must have arrived whole within this time, in milliseconds. */
const requestTimeoutMs = 60_000;
/** Longest part of a path that stands for a name, in characters. */
const pathPartLengthMax = 1_024;

/** What a server is made of. */
export interface HttpServerOptions extends ProblemDeps {
  /** Sites whose pages may call; empty for none. */
  readonly corsOrigins: readonly string[];
  /** True once the gateway has begun to close. */
  readonly draining: () => boolean;
}

/** A server that does not listen yet and has no routes. */
export function createHttpServer({ corsOrigins, draining, ...deps }: HttpServerOptions): FastifyInstance {
  const app: FastifyInstance = fastify({
    bodyLimit: bodyBytesMax,
    requestTimeout: requestTimeoutMs,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    routerOptions: { maxParamLength: pathPartLengthMax },
    frameworkErrors: answerFrameworkError(deps),
    clientErrorHandler: answerClientError(deps),
    // All problems at once; unknown fields are dropped, not refused; a number is never taken for a text.
    ajv: {
      customOptions: {
        allErrors: true,
        verbose: true,
        coerceTypes: false,
        removeAdditional: true,
        useDefaults: true,
        formats: { 'plain-text': isPlainText, 'time-zone': isTimeZone, instant: isInstant },
      },
    },
  });
  addRequestTelemetry(app, deps.telemetry);
  addCors(app, corsOrigins);
  addJsonBody(app);
  addProblemReplies(app, deps);
  // A connection that is kept for a next request would keep the server from closing.
  app.addHook('onSend', async (_request, reply) => {
    if (draining()) reply.header('connection', 'close');
  });
  return app;
}
