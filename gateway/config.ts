// The gateway's settings, read from the environment. Every problem is reported at once.
import { type BreakerConfig, readBreakerConfig } from '../foundation/config/breaker-config.ts';
import { ConfigError, type Environment, type Readers, readConfig } from '../foundation/config/reader.ts';
import {
  readPrivateKey,
  readTelemetryConfig,
  type TelemetryConfig,
} from '../foundation/config/service-config.ts';
import type { Role } from '../foundation/identity/role.ts';
import type { Network } from '../foundation/net/address.ts';

/** An outside issuer of credentials. */
export interface OidcConfig {
  /** `AUTH_ISSUER`: found by OIDC discovery, compared with `iss` as it stands. */
  readonly issuer: string;
  /** `AUTH_AUDIENCE`: a token names one of them in `aud` or `client_id`. */
  readonly audiences: readonly string[];
  /** `JWT_ALGORITHMS` [RS256]: signature algorithms, asymmetric ones alone. */
  readonly algorithms: readonly string[];
}

/** Who may come in, and how a credential is read. */
export interface AuthConfig {
  /** Undefined when only the development issuer is accepted. */
  readonly oidc: OidcConfig | undefined;
  /** `AUTH_DEV_ISSUER`: path of the development issuer's key file; absent switches that issuer off. */
  readonly devIssuerKeyFile: string | undefined;
  /** `AUTH_TENANT_CLAIM` [custom:tenant_id]. */
  readonly tenantClaim: string;
  /** `AUTH_USERNAME_CLAIM` [cognito:username]. */
  readonly usernameClaim: string;
  /** `AUTH_ROLES_CLAIM` [roles, else cognito:groups]. */
  readonly rolesClaims: readonly string[];
  /** `AUTH_DEFAULT_ROLE` [viewer]. */
  readonly defaultRole: Role;
  /** `TENANT_AUTOCREATE` [true with the development issuer, else false]. */
  readonly tenantAutocreate: boolean;
}

/** How often callers may come; 0 switches a rate off. API keys have rates of their own. */
export interface RateConfig {
  /** `RATE_USER_PER_S` [100]: requests a second of a user, on all replicas of the gateway together. */
  readonly perSecond: number;
  /** `RATE_USER_BURST` [twice `RATE_USER_PER_S`]: the most of them that are saved up. */
  readonly burst: number;
  /** `RATE_USER_PER_DAY` [10,000]: requests a day of a user, by UTC, on all replicas together. */
  readonly perDay: number;
  /** `RATE_WRONG_CREDENTIALS_PER_MIN` [600]: wrong credentials a minute of an address, on each replica. */
  readonly wrongCredentialsPerMinute: number;
  /** `RATE_V2_ADDRESS_PER_MIN` [100]: requests of API v2 a minute of an address, without those of API keys, on each replica. */
  readonly addressPerMinute: number;
}

/** Settings of the gateway. */
export interface GatewayConfig {
  /** `HOST` [127.0.0.1]. */
  readonly host: string;
  /** `PORT` [8080]. */
  readonly port: number;
  /** `GRPC_PORT` [none]: port for workers that speak gRPC; absent for none. */
  readonly grpcPort: number | undefined;
  /** `REGISTRY_TARGET`, `REPORTS_TARGET`, `SESSIONS_TARGET`, `ORCHESTRATOR_TARGET`. */
  readonly targets: {
    readonly registry: string;
    readonly reports: string;
    readonly sessions: string;
    readonly orchestrator: string;
  };
  /** `GATEWAY_SIGNING_KEY`: private Ed25519 key as JWK; signs the tokens of the mesh. */
  readonly signingKey: ReturnType<typeof readPrivateKey>;
  readonly auth: AuthConfig;
  /** `CORS_ORIGINS`: sites whose pages may call; none by default. */
  readonly corsOrigins: readonly string[];
  /** `HSTS_MAX_AGE_S` [0]: how long browsers shall insist on TLS; for gateways that are reached by TLS alone. 0 says nothing of it. */
  readonly hstsMaxAgeS: number;
  /** `EVENT_STREAMS_MAX` [20]: event streams that a user may have open on this gateway; 0 for any number. */
  readonly eventStreamsMax: number;
  readonly rates: RateConfig;
  /** `TRUSTED_PROXIES` [none]: networks whose word on the address of a caller (`X-Forwarded-For`) is taken. */
  readonly trustedProxies: readonly Network[];
  /** `CLOSE_GRACE_MS` [1,000]: how long open connections may bring requests once the gateway ends. */
  readonly closeGraceMs: number;
  readonly shedding: {
    /** `SHED_LOOP_DELAY_MS` [500]: while the event loop keeps others waiting for longer, new requests are refused; 0 for never. */
    readonly loopDelayMs: number;
    /** `REQUESTS_MAX` [1,000]: requests under way at once, without event streams; 0 for any number. */
    readonly requestsMax: number;
  };
  /** `BREAKERS` [none]: figures of circuit breakers. */
  readonly breakers: BreakerConfig;
  readonly telemetry: TelemetryConfig;
}

/** Asymmetric algorithms: with a secret that both sides know, or with none, whoever verifies could sign. */
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

/** Reads the settings; ConfigError names everything that is wrong, a development issuer in production included. */
export function readGatewayConfig(env: Environment = process.env): GatewayConfig {
  const refusals = refusalsOf(env);
  try {
    const config = readConfig(env, buildConfig);
    if (refusals.length === 0) return config;
  } catch (error) {
    if (error instanceof ConfigError) throw new ConfigError([...refusals, ...error.problems]);
    throw error;
  }
  throw new ConfigError(refusals);
}

function buildConfig(read: Readers): GatewayConfig {
  return {
    host: read.text('HOST', { default: '127.0.0.1' }),
    port: read.port('PORT', { default: 8080 }),
    grpcPort: read.optional.integer('GRPC_PORT', { min: 0, max: 65_535 }),
    targets: {
      registry: read.text('REGISTRY_TARGET'),
      reports: read.text('REPORTS_TARGET'),
      sessions: read.text('SESSIONS_TARGET'),
      orchestrator: read.text('ORCHESTRATOR_TARGET'),
    },
    signingKey: readPrivateKey(read, 'GATEWAY_SIGNING_KEY'),
    auth: buildAuth(read),
    corsOrigins: read.list('CORS_ORIGINS', { default: [] }),
    hstsMaxAgeS: read.integer('HSTS_MAX_AGE_S', { default: 0, min: 0, max: 63_072_000 }),
    eventStreamsMax: read.integer('EVENT_STREAMS_MAX', { default: 20, min: 0, max: 10_000 }),
    rates: buildRates(read),
    trustedProxies: read.networks('TRUSTED_PROXIES', { default: [] }),
    closeGraceMs: read.integer('CLOSE_GRACE_MS', { default: 1_000, min: 0, max: 10_000 }),
    shedding: {
      loopDelayMs: read.integer('SHED_LOOP_DELAY_MS', { default: 500, min: 0, max: 60_000 }),
      requestsMax: read.integer('REQUESTS_MAX', { default: 1_000, min: 0, max: 100_000 }),
    },
    breakers: readBreakerConfig(read),
    telemetry: readTelemetryConfig(read),
  };
}

function buildRates(read: Readers): RateConfig {
  const perSecond = read.integer('RATE_USER_PER_S', { default: 100, min: 0, max: 10_000 });
  const burst = read.integer('RATE_USER_BURST', { default: 2 * perSecond, min: 0, max: 100_000 });
  if (burst < perSecond) {
    read.problem(
      'RATE_USER_BURST must not be less than RATE_USER_PER_S: what comes back in a second could not be used',
    );
  }
  return {
    perSecond,
    burst,
    perDay: read.integer('RATE_USER_PER_DAY', { default: 10_000, min: 0, max: 1_000_000 }),
    wrongCredentialsPerMinute: read.integer('RATE_WRONG_CREDENTIALS_PER_MIN', {
      default: 600,
      min: 0,
      max: 1_000_000,
    }),
    addressPerMinute: read.integer('RATE_V2_ADDRESS_PER_MIN', { default: 100, min: 0, max: 1_000_000 }),
  };
}

function buildAuth(read: Readers): AuthConfig {
  const devIssuerKeyFile = read.optional.text('AUTH_DEV_ISSUER');
  const issuer = read.optional.url('AUTH_ISSUER', { protocols: ['https:', 'http:'] });
  const audiences = issuer ? read.list('AUTH_AUDIENCE') : [];
  const rolesClaim = read.optional.text('AUTH_ROLES_CLAIM');
  return {
    oidc: issuer
      ? { issuer, audiences, algorithms: read.list('JWT_ALGORITHMS', { default: ['RS256'] }) }
      : undefined,
    devIssuerKeyFile,
    tenantClaim: read.text('AUTH_TENANT_CLAIM', { default: 'custom:tenant_id' }),
    usernameClaim: read.text('AUTH_USERNAME_CLAIM', { default: 'cognito:username' }),
    rolesClaims: rolesClaim ? [rolesClaim] : ['roles', 'cognito:groups'],
    defaultRole: read.oneOf('AUTH_DEFAULT_ROLE', ['viewer', 'editor', 'admin'], { default: 'viewer' }),
    tenantAutocreate: read.flag('TENANT_AUTOCREATE', { default: devIssuerKeyFile !== undefined }),
  };
}

// Rules between settings, and rules whose reason must be told.
function refusalsOf(env: Environment): readonly string[] {
  const refusals: string[] = [];
  if (env.AUTH_DEV_ISSUER && env.NODE_ENV === 'production') {
    refusals.push(
      'AUTH_DEV_ISSUER must not be set with NODE_ENV=production: the development issuer gives a token for any tenant and role to whoever asks',
    );
  }
  if (!env.AUTH_DEV_ISSUER && !env.AUTH_ISSUER) {
    refusals.push(
      'AUTH_ISSUER is required: it must be the URL of an OIDC issuer (or set AUTH_DEV_ISSUER for local use)',
    );
  }
  const refused = (env.JWT_ALGORITHMS ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && !algorithms.includes(name));
  if (refused.length > 0) {
    refusals.push(`JWT_ALGORITHMS must be asymmetric (${algorithms.join(', ')}), not ${refused.join(', ')}`);
  }
  return refusals;
}
