// Verifies the tokens of the mesh: signature, issuer, audience and time. Verified tokens are remembered by hash until they expire, since
// one request makes several calls with the same token.
import { hash as digest } from 'node:crypto';
import { createLocalJWKSet, decodeJwt, type JWK, type JWTPayload, jwtVerify } from 'jose';
import type { Clock } from '../clock.ts';
import { Fault } from '../fault/fault.ts';
import type { Principal, RunScope } from './principal.ts';

/** An issuer whose tokens are accepted. */
export interface TrustedIssuer {
  /** The service behind it. */
  readonly service: string;
  readonly issuer: string;
  readonly audience: string;
  /** Its public keys; several while one is being replaced by the next. */
  readonly keys: readonly JWK[];
  /** Tokens for runs must carry a run and others must not; tokens for itself carry no principal. */
  readonly speaksFor: 'people' | 'runs' | 'itself';
}

/** What a token says. */
export interface VerifiedToken {
  /** The service that issued it. */
  readonly service: string;
  /** Undefined when the service speaks for itself. */
  readonly principal: Principal | undefined;
}

/** Turns a token into the identity it carries. */
export interface TokenVerifier {
  /** What the token says; Fault `unauthenticated` for anything but a valid token of a trusted issuer. */
  verify(token: string): Promise<VerifiedToken>;
}

const rememberedMax = 10_000;

function unauthenticated(cause: unknown): Fault {
  return new Fault('unauthenticated', 'The mesh token is missing, expired or not valid', { cause });
}

function runOf(claim: unknown): RunScope | undefined {
  if (typeof claim !== 'object' || claim === null) return undefined;
  const { runId, capability, writeTarget } = claim as Record<string, unknown>;
  const valid =
    typeof runId === 'string' && typeof capability === 'string' && typeof writeTarget === 'string';
  return valid ? { runId, capability, writeTarget } : undefined;
}

function principalOf(claims: JWTPayload, bindsToRun: boolean): Principal {
  const { sub, tenant, username, roles } = claims;
  const run = runOf(claims.run);
  const named = typeof sub === 'string' && typeof tenant === 'string' && typeof username === 'string';
  if (!named || !Array.isArray(roles) || bindsToRun !== (run !== undefined)) throw unauthenticated('claims');
  return { tenantId: tenant, userId: sub, username, roles: roles.map(String), ...(run ? { run } : {}) };
}

type VerifyAgainst = (token: string, now: Date) => Promise<readonly [VerifiedToken, number]>;

function verifyAgainst(trusted: TrustedIssuer): VerifyAgainst {
  const keys = createLocalJWKSet({ keys: [...trusted.keys] });
  const { service, issuer, audience, speaksFor } = trusted;
  const rules = { issuer, audience, algorithms: ['EdDSA'], requiredClaims: ['exp', 'sub'] };
  return async (token, now) => {
    const { payload } = await jwtVerify(token, keys, { ...rules, currentDate: now });
    const principal = speaksFor === 'itself' ? undefined : principalOf(payload, speaksFor === 'runs');
    return [{ service, principal }, (payload.exp ?? 0) * 1000];
  };
}

/** A verifier for the tokens of these issuers. */
export function createTokenVerifier(trusted: readonly TrustedIssuer[], clock: Clock): TokenVerifier {
  const issuers = new Map(trusted.map((each) => [each.issuer, verifyAgainst(each)]));
  const remembered = new Map<string, { verified: VerifiedToken; expiresMs: number }>();

  // What the token says of its issuer only chooses the keys that it must then be signed with.
  async function verifyFresh(token: string): Promise<readonly [VerifiedToken, number]> {
    try {
      const verify = issuers.get(decodeJwt(token).iss ?? '');
      if (!verify) throw new Error('no trusted issuer');
      return await verify(token, new Date(clock()));
    } catch (error) {
      throw error instanceof Fault ? error : unauthenticated(error);
    }
  }

  return {
    async verify(token) {
      const hash = digest('sha256', token, 'base64url');
      const known = remembered.get(hash);
      if (known && known.expiresMs > clock()) return known.verified;
      const [verified, expiresMs] = await verifyFresh(token);
      if (remembered.size >= rememberedMax) remembered.clear();
      remembered.set(hash, { verified, expiresMs });
      return verified;
    },
  };
}
