// Puts the gateway together: telemetry, clients of the neighbours, authentication, the HTTP server, and an orderly end.
import { createHmac } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { createLocalJWKSet } from 'jose';
import { type BreakerBoard, createBreakerBoard } from '../foundation/breaker/breaker-board.ts';
import { thisProcess } from '../foundation/breaker/breaker-exchange.ts';
import { type Clock, monotonicMs, systemClock } from '../foundation/clock.ts';
import { createRequestTokenMint, createServiceTokenMint } from '../foundation/identity/mesh-issuers.ts';
import type { SigningKeyPair } from '../foundation/identity/signing-key.ts';
import type { TokenMint } from '../foundation/identity/token-mint.ts';
import { createPageTokens } from '../foundation/paging/page-token.ts';
import { type Closing, createClosing } from '../foundation/process/closing.ts';
import { createHealth, type Health } from '../foundation/process/health.ts';
import { callWith } from '../foundation/rpc/caller.ts';
import { logInterruptions } from '../foundation/rpc/interruption-log.ts';
import { keepTellingBreakers } from '../foundation/rpc/tell-breakers.ts';
import { createWatchedCache } from '../foundation/rpc/watched-cache.ts';
import { configuredTelemetry } from '../foundation/telemetry/configured-telemetry.ts';
import { serveMetrics } from '../foundation/telemetry/serve-metrics.ts';
import type { Telemetry } from '../foundation/telemetry/telemetry.ts';
import { createAddressRates } from './auth/address-rates.ts';
import { type ApiKeyAuthenticator, createApiKeyAuthenticator, keyDecisionsMax } from './auth/api-keys.ts';
import { type Authenticator, createAuthenticator } from './auth/authenticator.ts';
import { createCallerAccounts } from './auth/caller-accounts.ts';
import { createCallerRates } from './auth/caller-rates.ts';
import type { ClaimedIdentity } from './auth/claims.ts';
import { createCredentialGuard } from './auth/credential-guard.ts';
import { derivedKey } from './auth/derived-key.ts';
import { devAlgorithm, devAudience, devIssuer, openDevIssuerKey } from './auth/dev-issuer-key.ts';
import { type AcceptedIssuer, createJwtVerifier } from './auth/jwt-verifier.ts';
import { createOidcKeys } from './auth/oidc-keys.ts';
import { pageTokenKeyOf } from './auth/page-token-key.ts';
import { createRateMetrics } from './auth/rate-metrics.ts';
import { createRequestNames } from './auth/request-names.ts';
import { callerOf } from './auth/require-principal.ts';
import { shareRates } from './auth/shared-rates.ts';
import { createKnownBreakers } from './clients/known-breakers.ts';
import { createMeshClients, type MeshClients, neighbourNames } from './clients/mesh-clients.ts';
import { awaitNeighbours, createNeighbourHealth } from './clients/neighbour-health.ts';
import { createSettleRates } from './clients/settle-rates.ts';
import { beginTellingHealth } from './clients/tell-health.ts';
import type { AuthConfig, GatewayConfig } from './config.ts';
import { createAnswerSeal } from './http/answer-seal.ts';
import { createEventStreams, type EventStreamTimes } from './http/event-streams.ts';
import { createHttpServer } from './http/server.ts';
import { registerRoutes } from './routes/api.ts';
import { openWorkerGate } from './routes/worker-gate-server.ts';

/** Requests under way may go on for this long while the gateway closes, in milliseconds. */
const drainTimeoutMs = 20_000;
/** Time to make a principal known or to ask whose an API key is, in milliseconds. */
const askTimeoutMs = 10_000;
/** How long one stream of changes is read before the next one is opened, in milliseconds. */
const watchMs = 10 * 60_000;

/** A running gateway. */
export interface RunningGateway {
  /** `host:port`. */
  readonly address: string;
  /** The same of the port for workers that speak gRPC; undefined without one. */
  readonly grpcAddress: string | undefined;
  /** Where `/metrics` lies below on a port of its own; undefined without `METRICS_PORT`. */
  readonly metricsUrl: string | undefined;
  /** Serving once it listens and every neighbour has served. */
  readonly health: Health;
  readonly telemetry: Telemetry;
  /** Not ready first, then requests under way end, then everything closes in reverse order of its start. */
  close(): Promise<void>;
}

/** What a test may shorten. */
export interface GatewayOptions {
  /** Absent means those of the API. */
  readonly eventStreamTimes?: EventStreamTimes | undefined;
  /** Between two calls that settle rates, in milliseconds; absent means that of the API. */
  readonly settleIntervalMs?: number | undefined;
}

/** Starts the gateway; it answers from the moment the promise resolves. When the start fails, what was opened is closed again. */
export async function startGateway(
  config: GatewayConfig,
  options: GatewayOptions = {},
): Promise<RunningGateway> {
  const telemetry = configuredTelemetry('gateway', config.telemetry);
  const closing = createClosing(telemetry.log);
  closing.add('telemetry', () => telemetry.shutdown());
  const health = createHealth(['server', ...neighbourNames]);
  try {
    const { host } = config;
    const metricsUrl = await serveMetrics({ host, config: config.telemetry, telemetry, closing });
    const served = await startServer({ config, options, telemetry, closing, health, clock: systemClock });
    health.set('server', 'serving');
    telemetry.log.info({ address: served.address }, 'gateway serves');
    const close = async (): Promise<void> => {
      health.drain();
      await closing.close();
    };
    return { ...served, metricsUrl, health, telemetry, close };
  } catch (error) {
    await closing.close();
    throw error;
  }
}

interface GatewayFrame {
  readonly config: GatewayConfig;
  readonly options: GatewayOptions;
  readonly telemetry: Telemetry;
  readonly closing: Closing;
  readonly health: Health;
  readonly clock: Clock;
}

async function startServer(frame: GatewayFrame): Promise<Pick<RunningGateway, 'address' | 'grpcAddress'>> {
  const { config, options, telemetry, closing, health, clock } = frame;
  const { tracer, metrics, log } = telemetry;
  const board = createBreakerBoard({ metrics, log, nowMs: monotonicMs, figures: config.breakers });
  const clients = createMeshClients({ targets: config.targets, breakers: board, tracer, clock });
  closing.add('clients', () => clients.close());
  const breakers = openBreakers(frame, board, clients);
  const devKey = config.auth.devIssuerKeyFile && (await openDevIssuerKey(config.auth.devIssuerKeyFile));
  const mint = createRequestTokenMint(config.signingKey, clock);
  const authenticator = buildAuthenticator({
    auth: config.auth,
    devKey: devKey || undefined,
    apiKeys: buildApiKeys(frame, clients),
    clients,
    mint,
    clock,
  });
  const rates = buildRates(frame, clients);
  const app = buildHttpServer(frame);
  const eventStreams = createEventStreams({
    perUserMax: config.eventStreamsMax,
    clock,
    times: options.eventStreamTimes,
  });
  await registerRoutes(app, {
    eventStreams,
    pageTokens: createPageTokens({ key: pageTokenKeyOf(config.signingKey) }),
    ...idempotency(config, clients),
    clients,
    authenticator,
    ...rates,
    mint,
    log,
    metrics,
    clock,
    health,
    neighbours: createNeighbourHealth(clients, clock),
    ...breakers,
    devKey: devKey || undefined,
  });
  closing.add('server', () => app.close(), { timeoutMs: drainTimeoutMs });
  const address = await listen(app, config);
  closing.add('event streams', () => eventStreams.close());
  const gate = { ...frame, ...rates, authenticator, clients, mint, host: config.host };
  const grpcAddress = await openWorkerGate({ ...gate, grpcPort: config.grpcPort });
  closing.add('waiting for neighbours', awaitNeighbours(health, clients));
  tellHealth(frame, clients);
  return { address, grpcAddress };
}

function buildHttpServer({ config, telemetry, health, clock }: GatewayFrame): FastifyInstance {
  const { corsOrigins, hstsMaxAgeS, trustedProxies, closeGraceMs, shedding } = config;
  const { draining } = health;
  return createHttpServer({
    ...{ telemetry, clock, corsOrigins, hstsMaxAgeS, draining, trustedProxies, closeGraceMs, shedding },
  });
}

function tellHealth(
  { config, telemetry: { log }, closing, health, clock }: GatewayFrame,
  clients: MeshClients,
) {
  const token = createServiceTokenMint('gateway', config.signingKey, clock);
  const telling = { services: clients.serviceHealth, health, token, log };
  closing.add('telling of health', beginTellingHealth(telling));
}

/** How the breakers of this process stand is told from now on; what lies behind those of others is heard of with that. */
function openBreakers(
  { config, telemetry: { log }, closing, clock }: GatewayFrame,
  board: BreakerBoard,
  { toRegistry: transport }: MeshClients,
) {
  const process = thisProcess('gateway');
  const known = createKnownBreakers(board);
  const token = createServiceTokenMint('gateway', config.signingKey, clock);
  keepTellingBreakers({ closing, log, board, process, transport, token, onAiling: known.told });
  return { board, process, breakerStates: known.states };
}

// What passed until the server has closed is still settled; so this is opened before the server.
function buildRates({ config, options, telemetry, closing, clock }: GatewayFrame, { rates }: MeshClients) {
  const { metrics, log } = telemetry;
  const { wrongCredentialsPerMinute: wrongPerMinute, addressPerMinute: perMinute, ...users } = config.rates;
  const accounts = createCallerAccounts(clock);
  const measured = createRateMetrics(metrics, accounts.size);
  const settle = createSettleRates(rates, createServiceTokenMint('gateway', config.signingKey, clock));
  const { settleIntervalMs: intervalMs } = options;
  closing.add('rates', shareRates({ accounts, settle, metrics: measured, log, intervalMs }));
  const onWrong = () => measured.refused('credentials');
  return {
    countRequest: createCallerRates({ users, accounts, onRefused: measured.refused }),
    countWorkAddress: createAddressRates({ perMinute, clock, onRefused: measured.refused }),
    guard: createCredentialGuard({ wrongPerMinute, clock, onRefused: onWrong }),
  };
}

function idempotency({ signingKey }: GatewayConfig, { requestNames }: MeshClients) {
  const seedKey = derivedKey(signingKey, 'request seeds');
  return {
    requestNames: createRequestNames(requestNames),
    answerSeal: createAnswerSeal(derivedKey(signingKey, 'kept answers')),
    seedOf: (requestId: string) => new Uint8Array(createHmac('sha256', seedKey).update(requestId).digest()),
    callerNameOf: (request: FastifyRequest) => {
      const { tenantId, userId } = callerOf(request).principal;
      return `${tenantId} ${userId}`;
    },
  };
}

async function listen(app: FastifyInstance, { host, port }: GatewayConfig): Promise<string> {
  await app.listen({ host, port });
  const { port: bound } = app.server.address() as AddressInfo;
  return `${host.includes(':') ? `[${host}]` : host}:${bound}`;
}

function buildApiKeys(
  { config, telemetry, closing, clock }: GatewayFrame,
  { apiKeys, changes }: MeshClients,
): ApiKeyAuthenticator {
  const token = createServiceTokenMint('gateway', config.signingKey, clock);
  const decisions = createWatchedCache({
    watch: (signal) => changes.watchChanges({}, callWith({ token: token(), timeoutMs: watchMs, signal })),
    clock,
    sizeMax: keyDecisionsMax,
    onInterrupted: logInterruptions(telemetry.log),
  });
  closing.add('decisions about API keys', () => decisions.close());
  const ask = (keyHash: Uint8Array) =>
    apiKeys.authenticateApiKey({ keyHash }, callWith({ token: token(), timeoutMs: askTimeoutMs }));
  return createApiKeyAuthenticator({ ask, decisions });
}

interface AuthParts {
  readonly auth: AuthConfig;
  readonly devKey: SigningKeyPair | undefined;
  readonly apiKeys: ApiKeyAuthenticator;
  readonly clients: MeshClients;
  readonly mint: TokenMint;
  readonly clock: Clock;
}

function buildAuthenticator({ auth, devKey, apiKeys, clients, mint, clock }: AuthParts): Authenticator {
  const ensure = async ({ principal, tenantName, subject, email }: ClaimedIdentity): Promise<string> => {
    const wanted = {
      tenantName,
      createTenant: auth.tenantAutocreate,
      subject,
      username: principal.username,
      email: email ?? '',
    };
    const call = callWith({ token: mint.mint(principal), timeoutMs: askTimeoutMs });
    return (await clients.tenants.ensurePrincipal(wanted, call)).tenantName;
  };
  const verifier = createJwtVerifier(acceptedIssuers(auth, devKey), clock);
  return createAuthenticator({ verifier, apiKeys, rules: auth, ensure, clock });
}

function acceptedIssuers(
  { oidc }: AuthConfig,
  devKey: SigningKeyPair | undefined,
): readonly AcceptedIssuer[] {
  const issuers: AcceptedIssuer[] = [];
  if (oidc) issuers.push({ ...oidc, key: createOidcKeys(oidc.issuer) });
  if (devKey) {
    const key = createLocalJWKSet({ keys: [devKey.publicJwk] });
    issuers.push({ issuer: devIssuer, audiences: [devAudience], algorithms: [devAlgorithm], key });
  }
  return issuers;
}
