// A token of the checkout's development issuer. It needs no running mesh.
import { dirname } from 'node:path';
import { openDevIssuerKey } from '../../gateway/auth/dev-issuer-key.ts';
import { mintDevToken } from '../../gateway/auth/dev-token.ts';
import { ensureFolder, issuerKeyPath } from '../checkout.ts';

/** Whom a token is for. */
export interface TokenOwner {
  readonly tenant: string;
  readonly user: string;
  readonly roles: readonly string[];
  /** Seconds from now; absent means 12 hours. */
  readonly lifetimeS?: number;
  /** Absent means the checkout's key. The key is made when it is absent. */
  readonly keyPath?: string;
}

/** A signed token that every local mesh of this checkout accepts. */
export async function mintToken({ keyPath = issuerKeyPath, ...owner }: TokenOwner): Promise<string> {
  await ensureFolder(dirname(keyPath));
  return mintDevToken({ key: await openDevIssuerKey(keyPath), ...owner });
}
