// Verifies the tokens of the mesh: signature, issuer, audience and time. Verified tokens are remembered by hash until they expire, since
// one request makes several calls with the same token.
import { hash as digest } from 'node:crypto';
import type { JWK } from 'jose';
import type { Clock } from '../clock.ts';
import { Fault } from '../fault/fault.ts';
import type { Principal, RunScope } from './principal.ts';
import { readSignedToken, type SignedToken, signingKeysOf } from './signed-token.ts';

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

function principalOf(claims: SignedToken['claims'], bindsToRun: boolean): Principal {
  const { sub, tenant, username, roles } = claims;
  const run = runOf(claims.run);
  const named = typeof sub === 'string' && typeof tenant === 'string' && typeof username === 'string';
  if (!named || !Array.isArray(roles) || bindsToRun !== (run !== undefined)) throw unauthenticated('claims');
  return { tenantId: tenant, userId: sub, username, roles: roles.map(String), ...(run ? { run } : {}) };
}

type VerifyAgainst = (token: SignedToken, nowMs: number) => readonly [VerifiedToken, number];

function verifyAgainst(trusted: TrustedIssuer): VerifyAgainst {
  const keys = signingKeysOf(trusted.keys);
  const { service, audience, speaksFor } = trusted;
  return (token, nowMs) => {
    token.requireSignature(keys);
    const { claims } = token;
    if (![claims.aud].flat().includes(audience)) throw new Error('a token for others');
    if (typeof claims.sub !== 'string') throw new Error('a token of nobody');
    const expiresMs = expiryOf(claims, nowMs);
    const principal = speaksFor === 'itself' ? undefined : principalOf(claims, speaksFor === 'runs');
    return [{ service, principal }, expiresMs];
  };
}

// Clocks inside the mesh are not given any tolerance: tokens hold for a minute or more, and are used within seconds.
function expiryOf({ exp, nbf = 0 }: SignedToken['claims'], nowMs: number): number {
  if (typeof exp !== 'number' || typeof nbf !== 'number') throw new Error('a token without its times');
  if (exp * 1000 <= nowMs) throw new Error('an expired token');
  if (nbf * 1000 > nowMs) throw new Error('a token of the future');
  return exp * 1000;
}

/** A verifier for the tokens of these issuers. */
export function createTokenVerifier(trusted: readonly TrustedIssuer[], clock: Clock): TokenVerifier {
  const issuers = new Map(trusted.map((each) => [each.issuer, verifyAgainst(each)]));
  const remembered = new Map<string, { verified: VerifiedToken; expiresMs: number }>();

  // What the token says of its issuer only chooses the keys that it must then be signed with.
  function verifyFresh(token: string): readonly [VerifiedToken, number] {
    try {
      const signed = readSignedToken(token);
      const verify = issuers.get(String(signed.claims.iss));
      if (!verify) throw new Error('no trusted issuer');
      return verify(signed, clock());
    } catch (error) {
      throw error instanceof Fault ? error : unauthenticated(error);
    }
  }

  return {
    async verify(token) {
      const hash = digest('sha256', token, 'base64url');
      const known = remembered.get(hash);
      if (known && known.expiresMs > clock()) return known.verified;
      const [verified, expiresMs] = verifyFresh(token);
      if (remembered.size >= rememberedMax) remembered.clear();
      remembered.set(hash, { verified, expiresMs });
      return verified;
    },
  };
}
