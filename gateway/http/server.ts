// The HTTP server without its routes: limits, validation, telemetry and problem replies.
import { type FastifyInstance, fastify } from 'fastify';
import { isInstant } from '../../foundation/json/instant.ts';
import { isPlainText } from '../../foundation/json/plain-text.ts';
import { isTimeZone } from '../../foundation/json/time-zone.ts';
import { addressOf, isInside, type Network } from '../../foundation/net/address.ts';
import { addBodyTime } from './body-time.ts';
import { addConditionalGet } from './conditional-get.ts';
import { addCors } from './cors.ts';
import { addJsonBody, bodyBytesMax } from './json-body.ts';
import { addLoadShedding, type SheddingLimits } from './load-shedding.ts';
import {
  addProblemReplies,
  answerClientError,
  answerFrameworkError,
  type ProblemDeps,
} from './problem-replies.ts';
import { addRequestLimits } from './request-limits.ts';
import { addRequestTelemetry } from './request-telemetry.ts';
import { addSecurityHeaders } from './security-headers.ts';
import { addSilentConnections } from './silent-connections.ts';

/** How long clients may take, in milliseconds. */
export interface ClientTimes {
  /** Until the head of a request has arrived. */
  readonly headMs: number;
  /** Until its body has arrived. */
  readonly bodyMs: number;
  /** Without a byte in either direction, such as by who does not read an answer. */
  readonly quietMs: number;
}

/** The times of the API. No request is worked on in silence for as long as a connection may be quiet. */
const clientTimes: ClientTimes = { headMs: 60_000, bodyMs: 60_000, quietMs: 120_000 };
/** Heads that are late are looked for so many times in the time of one. */
const headLooks = 6;
/** A body that is worked on while it arrives must have arrived within this time, in milliseconds. */
const slowArrivalMs = 10 * 60_000;
/** Longest part of a path that stands for a name, in characters. */
const pathPartLengthMax = 1_024;

/** What a server is made of. */
export interface HttpServerOptions extends ProblemDeps {
  /** Sites whose pages may call; empty for none. */
  readonly corsOrigins: readonly string[];
  /** How long browsers shall insist on TLS, in seconds; absent or 0 for nothing of it. */
  readonly hstsMaxAgeS?: number;
  /** True once the gateway has begun to close. */
  readonly draining: () => boolean;
  /** Proxies whose word on the address of a caller is taken; absent for none. */
  readonly trustedProxies?: readonly Network[];
  /** How long connections that are open may bring requests once the server closes, in milliseconds [0]. */
  readonly closeGraceMs?: number;
  /** When requests are refused because there are too many; absent for never. */
  readonly shedding?: SheddingLimits;
  /** Absent means those of the API. */
  readonly clientTimes?: ClientTimes;
}

/** A server that does not listen yet and has no routes. */
export function createHttpServer(options: HttpServerOptions): FastifyInstance {
  const {
    corsOrigins,
    hstsMaxAgeS = 0,
    draining,
    clientTimes: times = clientTimes,
    trustedProxies = [],
    closeGraceMs = 0,
    shedding,
    ...deps
  } = options;
  const app: FastifyInstance = fastify({
    bodyLimit: bodyBytesMax,
    requestTimeout: slowArrivalMs,
    connectionTimeout: times.quietMs,
    http: { headersTimeout: times.headMs, connectionsCheckingInterval: times.headMs / headLooks },
    trustProxy: trustedProxies.length > 0 && ((address) => isTrusted(address, trustedProxies)),
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
  // What a client expects beyond 100-continue need not be met (RFC 9110): Node alone would answer 417 without a problem.
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response));
  // Schemas of answers describe; tests hold the answers against them. Here they would only drop or bend what does not fit.
  app.setSerializerCompiler(() => (body) => JSON.stringify(body));
  addRequestTelemetry(app, deps.telemetry);
  addSecurityHeaders(app, hstsMaxAgeS);
  addCors(app, corsOrigins);
  addRequestLimits(app);
  if (shedding) addLoadShedding(app, shedding, deps.telemetry.metrics);
  addConditionalGet(app);
  addJsonBody(app);
  addBodyTime(app, times.bodyMs);
  addProblemReplies(app, deps);
  addSilentConnections(app, closeGraceMs);
  // A connection that is kept for a next request would keep the server from closing.
  app.addHook('onSend', async (_request, reply) => {
    if (draining()) reply.header('connection', 'close');
  });
  return app;
}

function isTrusted(text: string, proxies: readonly Network[]): boolean {
  const address = addressOf(text);
  return address !== undefined && isInside(address, proxies);
}
