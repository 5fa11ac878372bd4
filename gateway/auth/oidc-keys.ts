// The keys of an outside issuer, found by OIDC discovery when the first token arrives and kept fresh from its JWKS. What a token or its header
// says is never an address that is asked.
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  type ExportedJWKSCache,
  errors,
  type JWTVerifyGetKey,
  jwksCache,
} from 'jose';
import { type Clock, systemClock } from '../../foundation/clock.ts';
import { Fault } from '../../foundation/fault/fault.ts';

const requestTimeoutMs = 5_000;
const retryAfterMs = 5_000;

/** How long what is known of an issuer counts, in milliseconds. */
export interface OidcKeyTimes {
  /** Keys are used for so long before they are asked for again: a key that was taken away is refused by then. */
  readonly keptMs: number;
  /** Between two questions because of keys that nobody knows. */
  readonly cooldownMs: number;
  /** An issuer that did not answer is left alone for so long. */
  readonly failedMs: number;
  /** While the issuer does not answer, keys that it had are used for so long since it last told them. */
  readonly staleMs: number;
}

/** The times of the API. */
export const oidcKeyTimes: OidcKeyTimes = {
  keptMs: 10 * 60_000,
  cooldownMs: 30_000,
  failedMs: 1_000,
  staleMs: 60 * 60_000,
};

/** Codes of jose for an issuer that does not answer as it should; all its other codes speak of the token. */
const issuerTrouble = new Set(['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID']);

/** What finding keys may be given. */
export interface OidcKeysOptions {
  readonly times?: OidcKeyTimes;
  readonly clock?: Clock;
}

/**
 * Finds the key of a token of this issuer. Fault `unavailable` while the issuer does not answer and the key is not one that it told in the last
 * hour; a token after that tries again.
 */
export function createOidcKeys(issuer: string, options: OidcKeysOptions = {}): JWTVerifyGetKey {
  const { times = oidcKeyTimes, clock = systemClock } = options;
  const told: Partial<ExportedJWKSCache> = {};
  let discovered: Promise<JWTVerifyGetKey> | undefined;
  let failedAtMs = Number.NEGATIVE_INFINITY;

  const keyToldBefore: (cause: unknown) => JWTVerifyGetKey = (cause) => async (header, token) => {
    const { jwks, uat = 0 } = told;
    try {
      if (jwks && clock() - uat < times.staleMs) return await createLocalJWKSet(jwks)(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
    }
    const sentence = 'The issuer of the credential cannot be reached';
    throw new Fault('unavailable', sentence, { retryAfterMs, cause });
  };

  return async (header, token) => {
    if (clock() - failedAtMs < times.failedMs) {
      return keyToldBefore('The issuer did not answer a moment ago')(header, token);
    }
    discovered ??= discover(issuer, times, told);
    const asked = discovered;
    try {
      return await (await asked)(header, token);
    } catch (error) {
      if (error instanceof errors.JOSEError && !issuerTrouble.has(error.code)) throw error;
      if (discovered === asked) discovered = undefined; // its keys may have moved
      failedAtMs = clock();
      return keyToldBefore(error)(header, token);
    }
  };
}

async function discover(
  issuer: string,
  { keptMs, cooldownMs }: OidcKeyTimes,
  told: Partial<ExportedJWKSCache>,
): Promise<JWTVerifyGetKey> {
  const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
    headers: { accept: 'application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(requestTimeoutMs),
  });
  if (!response.ok) throw new Error(`discovery answered ${response.status}`);
  const found = (await response.json()) as { issuer?: unknown; jwks_uri?: unknown };
  if (found.issuer !== issuer) throw new Error('discovery names another issuer');
  return createRemoteJWKSet(keysUrl(issuer, found.jwks_uri), {
    timeoutDuration: requestTimeoutMs,
    cacheMaxAge: keptMs,
    cooldownDuration: cooldownMs,
    [jwksCache]: told as ExportedJWKSCache, // the library fills it; empty it says nothing
  });
}

/** Where an issuer says that its keys are. Throws for what is no URL, and for one that is less safe than the issuer's own. */
export function keysUrl(issuer: string, jwksUri: unknown): URL {
  const url = new URL(String(jwksUri));
  const allowed = new URL(issuer).protocol === 'https:' ? ['https:'] : ['https:', 'http:'];
  if (!allowed.includes(url.protocol)) throw new Error(`discovery names keys at ${url.protocol}`);
  return url;
}
