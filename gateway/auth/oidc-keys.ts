// The keys of an outside issuer, found by OIDC discovery when the first token arrives and kept fresh from its JWKS.
import { createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import { Fault } from '../../foundation/fault/fault.ts';

const requestTimeoutMs = 5_000;
const retryAfterMs = 5_000;

/** Codes of jose for an issuer that does not answer as it should; all its other codes speak of the token. */
const issuerTrouble = new Set(['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID']);

/** Finds the key of a token of this issuer. Fault `unavailable` while the issuer cannot be reached; the next token tries again. */
export function createOidcKeys(issuer: string): JWTVerifyGetKey {
  let discovered: Promise<JWTVerifyGetKey> | undefined;
  return async (header, token) => {
    discovered ??= discover(issuer);
    try {
      return await (await discovered)(header, token);
    } catch (error) {
      if (error instanceof errors.JOSEError && !issuerTrouble.has(error.code)) throw error;
      if (!(error instanceof errors.JOSEError)) discovered = undefined;
      const sentence = 'The issuer of the credential cannot be reached';
      throw new Fault('unavailable', sentence, { retryAfterMs, cause: error });
    }
  };
}

async function discover(issuer: string): Promise<JWTVerifyGetKey> {
  const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
    headers: { accept: 'application/json' },
    signal: AbortSignal.timeout(requestTimeoutMs),
  });
  if (!response.ok) throw new Error(`discovery answered ${response.status}`);
  const found = (await response.json()) as { issuer?: unknown; jwks_uri?: unknown };
  if (found.issuer !== issuer) throw new Error('discovery names another issuer');
  return createRemoteJWKSet(new URL(String(found.jwks_uri)), { timeoutDuration: requestTimeoutMs });
}
