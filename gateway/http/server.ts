// The HTTP server without its routes: limits, validation, telemetry and problem replies.
import { type FastifyInstance, fastify } from 'fastify';
import { isInstant } from '../../foundation/json/instant.ts';
import { isTimeZone } from '../../foundation/json/time-zone.ts';
import { isPlainText } from '../core/plain-text.ts';
import { addBodyTime } from './body-time.ts';
import { addCors } from './cors.ts';
import { addJsonBody, bodyBytesMax } from './json-body.ts';
import {
  addProblemReplies,
  answerClientError,
  answerFrameworkError,
  type ProblemDeps,
} from './problem-replies.ts';
import { addRequestTelemetry } from './request-telemetry.ts';

/** The head of a request must have arrived within this time, and so must its body, in milliseconds. */
const arrivalMs = 60_000;
/** A body that is worked on while it arrives must have arrived within this time, in milliseconds. */
const slowArrivalMs = 10 * 60_000;
/** Longest part of a path that stands for a name, in characters. */
const pathPartLengthMax = 1_024;

/** What a server is made of. */
export interface HttpServerOptions extends ProblemDeps {
  /** Sites whose pages may call; empty for none. */
  readonly corsOrigins: readonly string[];
  /** True once the gateway has begun to close. */
  readonly draining: () => boolean;
  /** How long a body may take to arrive, in milliseconds; absent means a minute. */
  readonly bodyTimeMs?: number;
}

/** A server that does not listen yet and has no routes. */
export function createHttpServer(options: HttpServerOptions): FastifyInstance {
  const { corsOrigins, draining, bodyTimeMs = arrivalMs, ...deps } = options;
  const app: FastifyInstance = fastify({
    bodyLimit: bodyBytesMax,
    requestTimeout: slowArrivalMs,
    http: { headersTimeout: arrivalMs },
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
  // Schemas of answers describe; tests hold the answers against them. Here they would only drop or bend what does not fit.
  app.setSerializerCompiler(() => (body) => JSON.stringify(body));
  addRequestTelemetry(app, deps.telemetry);
  addCors(app, corsOrigins);
  addJsonBody(app);
  addBodyTime(app, bodyTimeMs);
  addProblemReplies(app, deps);
  // A connection that is kept for a next request would keep the server from closing.
  app.addHook('onSend', async (_request, reply) => {
    if (draining()) reply.header('connection', 'close');
  });
  return app;
}
