// Verifies bearer tokens of the configured issuers: signature with a pinned algorithm, issuer, audience and times.
import { decodeJwt, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { Clock } from '../../foundation/clock.ts';
import { Fault } from '../../foundation/fault/fault.ts';

/** How far clocks may be apart, in seconds. */
export const clockToleranceS = 30;

/** An issuer whose tokens are accepted. */
export interface AcceptedIssuer {
  /** `iss` of its tokens, compared as it stands. */
  readonly issuer: string;
  /** A token must name one of them in `aud` or `client_id`. */
  readonly audiences: readonly string[];
  /** Algorithms that its tokens may be signed with. */
  readonly algorithms: readonly string[];
  /** Finds the key of a token; a Fault that it throws reaches the caller. */
  readonly key: JWTVerifyGetKey;
}

/** A token that was verified. */
export interface VerifiedToken {
  readonly claims: JWTPayload;
  /** Unix milliseconds. */
  readonly expiresMs: number;
}

/** Verifies tokens. */
export interface JwtVerifier {
  /** Fault `unauthenticated` for anything but a valid token of an accepted issuer, `unavailable` while its keys cannot be had. */
  verify(token: string): Promise<VerifiedToken>;
}

/** A verifier for the tokens of these issuers. */
export function createJwtVerifier(issuers: readonly AcceptedIssuer[], clock: Clock): JwtVerifier {
  return {
    async verify(token) {
      const accepted = issuers.find(({ issuer }) => issuer === issuerOf(token));
      if (!accepted) throw refused('issuer');
      const { issuer, audiences, algorithms, key } = accepted;
      try {
        const { payload } = await jwtVerify(token, key, {
          issuer,
          algorithms: [...algorithms],
          clockTolerance: clockToleranceS,
          requiredClaims: ['exp', 'sub'],
          currentDate: new Date(clock()),
        });
        if (!namesOneOf(payload, audiences)) throw refused('audience');
        return { claims: payload, expiresMs: (payload.exp ?? 0) * 1000 };
      } catch (error) {
        throw error instanceof Fault ? error : refused(error);
      }
    },
  };
}

function refused(cause: unknown): Fault {
  return new Fault('unauthenticated', 'The credential is expired or not valid', { cause });
}

function issuerOf(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch (error) {
    throw refused(error);
  }
}

function namesOneOf(claims: JWTPayload, audiences: readonly string[]): boolean {
  return [claims.aud, claims.client_id].flat().some((name) => audiences.includes(String(name)));
}
