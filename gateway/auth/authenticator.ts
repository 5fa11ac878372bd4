// From the `Authorization` header to a known principal. A decision about a token is kept for a few minutes, by the hash of the token; who is
// known stays known while the registry is away, since tokens are verified here. API keys are looked up elsewhere.
import { hash as digest } from 'node:crypto';
import { createBoundedCache } from '../../foundation/cache/bounded-cache.ts';
import type { Clock } from '../../foundation/clock.ts';
import { Fault } from '../../foundation/fault/fault.ts';
import { type ApiKeyAuthenticator, isApiKey } from './api-keys.ts';
import { type ClaimedIdentity, type ClaimRules, identityOf } from './claims.ts';
import type { Identity } from './identity.ts';
import type { JwtVerifier } from './jwt-verifier.ts';

/** How long a decision is kept at most, in milliseconds; never past the token's expiry. */
export const decisionMsMax = 5 * 60_000;
/** Decisions that are kept; the oldest goes first. */
export const decisionsMax = 10_000;
/** Principals that are remembered for when the registry is away. */
const principalsMax = 100_000;

/** Tells who sends a request. */
export interface Authenticator {
  /** Fault `unauthenticated` for a missing, malformed, expired or wrong credential. */
  authenticate(authorization: string | undefined): Promise<Identity>;
}

/** What an authenticator is made of. */
export interface AuthenticatorOptions {
  readonly verifier: JwtVerifier;
  readonly apiKeys: ApiKeyAuthenticator;
  readonly rules: ClaimRules;
  /** Makes the principal known and answers the name of its tenant; Fault `unauthenticated` for a tenant that is not welcome. */
  readonly ensure: (claimed: ClaimedIdentity) => Promise<string>;
  readonly clock: Clock;
}

interface Decision {
  readonly identity: Promise<Identity>;
  untilMs: number;
}

/** An authenticator with an empty memory. */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { verifier, apiKeys, rules, ensure, clock } = options;
  const decisions = new Map<string, Decision>();
  const tenantNames = createBoundedCache<string>({ weightMax: principalsMax, weightOf: () => 1 });

  // Requests that arrive with the same new token share one decision.
  function decide(token: string, hash: string): Promise<Identity> {
    const decision: Decision = { identity: establish(), untilMs: clock() + decisionMsMax };
    async function establish(): Promise<Identity> {
      const { claims, expiresMs } = await verifier.verify(token);
      decision.untilMs = Math.min(decision.untilMs, expiresMs);
      const claimed = identityOf(claims, rules);
      const { principal, role, email } = claimed;
      return { principal, role, email, tenantName: await tenantNameOf(claimed), key: undefined };
    }
    decision.identity.catch(() => {
      if (decisions.get(hash) === decision) decisions.delete(hash);
    });
    remember(hash, decision);
    return decision.identity;
  }

  // A registry that is away takes nothing from whom it knew: a token that holds says who sends it, and tenants do not cease to be.
  async function tenantNameOf(claimed: ClaimedIdentity): Promise<string> {
    const { tenantId, userId } = claimed.principal;
    const key = `${tenantId} ${userId}`;
    try {
      const name = await ensure(claimed);
      tenantNames.set(key, name);
      return name;
    } catch (error) {
      const isAway = error instanceof Fault && error.reason === 'unavailable';
      const known = isAway ? tenantNames.get(key) : undefined;
      if (known === undefined) throw error;
      return known;
    }
  }

  function remember(hash: string, decision: Decision): void {
    decisions.delete(hash);
    const [oldest] = decisions.keys();
    if (decisions.size >= decisionsMax && oldest !== undefined) decisions.delete(oldest);
    decisions.set(hash, decision);
  }

  return {
    async authenticate(authorization) {
      const token = bearerToken(authorization);
      if (isApiKey(token)) return apiKeys(token);
      const hash = digest('sha256', token, 'base64url');
      const known = decisions.get(hash);
      return known && known.untilMs > clock() ? known.identity : decide(token, hash);
    },
  };
}

/** The token of the header, with or without the scheme word; Fault `unauthenticated` when there is none. */
export function bearerToken(authorization: string | undefined): string {
  if (authorization === undefined || authorization.trim() === '') {
    throw new Fault('unauthenticated', 'A credential is required: Authorization: Bearer <token or API key>');
  }
  const token = /^\s*(?:Bearer\s+)?([^\s,]+)\s*$/i.exec(authorization)?.[1];
  if (!token || /^bearer$/i.test(token)) {
    throw new Fault(
      'unauthenticated',
      'The credential is malformed; send Authorization: Bearer <token or API key>',
    );
  }
  return token;
}
