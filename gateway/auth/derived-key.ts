// Secrets of the gateway that are derived, by HKDF (RFC 5869), from the key that signs the tokens of the mesh, which all replicas share: no
// setting more, and none of them can be told from another.
import { hkdfSync } from 'node:crypto';
import type { PrivateKey } from '../../foundation/config/service-config.ts';

const keyBytes = 32;

/** 32 bytes for this purpose, others after a change of the signing key. */
export function derivedKey({ d = '' }: PrivateKey, purpose: string): Uint8Array {
  const secret = Buffer.from(d, 'base64url');
  return new Uint8Array(hkdfSync('sha256', secret, '', `domainflow gateway ${purpose}`, keyBytes));
}
