// Tokens as the mints of the mesh make them: compact JWS (RFC 7515), signed by Ed25519 with a key that they name, and in no other way. Outside tokens
// come in more forms and are jose's business.
import { createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto';
import type { JWK } from 'jose';

/** What a token says, before anybody has asked who signed it. */
export interface SignedToken {
  readonly claims: Readonly<Record<string, unknown>>;
  /** Throws unless one of these keys, by its id, has signed the token. */
  requireSignature(keys: SigningKeys): void;
}

/** Public Ed25519 keys by their id. */
export type SigningKeys = ReadonlyMap<unknown, KeyObject>;

// A signature of Ed25519 has 64 bytes.
const form = /^([\w-]+)\.([\w-]+)\.([\w-]{86})$/;

/** Reads a token; throws for what has not the form of one. */
export function readSignedToken(token: string): SignedToken {
  const [, head, body, signature] = form.exec(token) ?? [];
  if (!head || !body || !signature) throw new Error('not a signed token');
  return {
    claims: objectIn(body),
    requireSignature(keys) {
      const { alg, kid, crit, b64 } = objectIn(head);
      if (alg !== 'EdDSA') throw new Error('a token of another algorithm');
      if (crit !== undefined || b64 !== undefined) throw new Error('a token with extensions');
      const key = keys.get(kid);
      if (!key) throw new Error('a token of an unknown key');
      const signed = Buffer.from(token.slice(0, head.length + 1 + body.length), 'ascii');
      if (!verify(null, signed, key, Buffer.from(signature, 'base64url')))
        throw new Error('a wrong signature');
    },
  };
}

/** The keys of an issuer; throws for one that is no Ed25519 key or has no id. */
export function signingKeysOf(jwks: readonly JWK[]): SigningKeys {
  return new Map(
    jwks.map((jwk) => {
      if (jwk.crv !== 'Ed25519' || !jwk.kid)
        throw new Error('a key of the mesh is an Ed25519 key with an id');
      return [jwk.kid, createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' })];
    }),
  );
}

function objectIn(part: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('not a JSON object');
  return value as Record<string, unknown>;
}
