// The key of the gateway's own cursors. It is derived, by HKDF (RFC 5869), from the key that signs the tokens of the mesh, which all replicas
// share: no setting more, and neither key can be told from the other.
import { hkdfSync } from 'node:crypto';
import type { PrivateKey } from '../../foundation/config/service-config.ts';

const keyBytes = 32;

/** 32 bytes; cursors of before a change of the signing key are refused after it. */
export function pageTokenKeyOf({ d = '' }: PrivateKey): Uint8Array {
  const secret = Buffer.from(d, 'base64url');
  return new Uint8Array(hkdfSync('sha256', secret, '', 'domainflow gateway page tokens', keyBytes));
}
