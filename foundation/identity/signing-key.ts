// Ed25519 keys as JSON Web Keys (RFC 8037), one pair for each issuer of tokens.
import { generateKeyPairSync } from 'node:crypto';
import { calculateJwkThumbprint, type JWK } from 'jose';

/** A pair of keys of one issuer. `kid` is the RFC 7638 thumbprint, the same in both. */
export interface SigningKeyPair {
  /** Signs; a secret. */
  readonly privateJwk: JWK;
  /** Verifies; public. */
  readonly publicJwk: JWK;
}

/** A new pair of Ed25519 keys. */
export async function generateSigningKey(): Promise<SigningKeyPair> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const { kty, crv, x, d } = privateKey.export({ format: 'jwk' });
  if (!kty || !crv || !x || !d) throw new Error('an Ed25519 key was exported without its parts');
  const bare = { kty, crv, x };
  const kid = await calculateJwkThumbprint(bare);
  const publicJwk = { ...bare, kid, alg: 'EdDSA', use: 'sig' };
  return { publicJwk, privateJwk: { ...publicJwk, d } };
}
