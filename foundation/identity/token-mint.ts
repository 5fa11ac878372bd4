// Mints the short-lived tokens that carry an identity from process to process. Each issuer has a key and an audience of its own, so
// that a token of one cannot pass for a token of another.
import { createPrivateKey, type JsonWebKey, sign } from 'node:crypto';
import type { JWK } from 'jose';
import type { Clock } from '../clock.ts';
import type { Principal } from './principal.ts';

/** A mint and how long its tokens hold. */
export interface TokenMint {
  /** A compact JWS (EdDSA) for the principal, or for the issuer itself. It holds for the mint's lifetime from now. */
  mint(principal: Principal | undefined): string;
}

/** What a mint is made of. */
export interface TokenMintOptions {
  /** `iss` of the tokens. */
  readonly issuer: string;
  /** `aud` of the tokens. */
  readonly audience: string;
  /** Private Ed25519 key. */
  readonly privateJwk: JWK;
  /** How long a token holds, in milliseconds; at most 5 minutes. */
  readonly lifetimeMs: number;
  readonly clock: Clock;
}

const lifetimeMsMax = 5 * 60_000;

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function claimsOf({ tenantId, userId, username, roles, run }: Principal): object {
  return { sub: userId, tenant: tenantId, username, roles, ...(run ? { run } : {}) };
}

/** A mint over one private key. */
export function createTokenMint(options: TokenMintOptions): TokenMint {
  const { issuer, audience, privateJwk, lifetimeMs, clock } = options;
  if (lifetimeMs > lifetimeMsMax) throw new Error(`a token may hold ${lifetimeMsMax} ms at most`);
  const key = createPrivateKey({ key: privateJwk as JsonWebKey, format: 'jwk' });
  const header = encode({ alg: 'EdDSA', kid: privateJwk.kid, typ: 'JWT' });
  return {
    mint(principal) {
      const iat = Math.floor(clock() / 1000);
      const times = { iat, exp: iat + Math.ceil(lifetimeMs / 1000) };
      const claims = principal ? claimsOf(principal) : { sub: issuer };
      const body = encode({ iss: issuer, aud: audience, ...times, ...claims });
      const signature = sign(null, Buffer.from(`${header}.${body}`), key).toString('base64url');
      return `${header}.${body}.${signature}`;
    },
  };
}
