// The key of the gateway's own cursors.
import type { PrivateKey } from '../../foundation/config/service-config.ts';
import { derivedKey } from './derived-key.ts';

/** 32 bytes; cursors of before a change of the signing key are refused after it. */
export function pageTokenKeyOf(signingKey: PrivateKey): Uint8Array {
  return derivedKey(signingKey, 'page tokens');
}
