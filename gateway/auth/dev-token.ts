// Tokens of the development issuer, for people and tests on one machine. They look like those of an outside issuer.
import { importJWK, SignJWT } from 'jose';
import { systemClock } from '../../foundation/clock.ts';
import type { SigningKeyPair } from '../../foundation/identity/signing-key.ts';
import { nameId } from '../../foundation/ids/ids.ts';
import { devAlgorithm, devAudience, devIssuer } from './dev-issuer-key.ts';

/** How long a development token holds unless it says otherwise, in seconds. */
export const devTokenLifetimeS = 12 * 3600;

const subjectNamespace = '2b8e1f7a-94c3-5d60-b1a7-e05d6c3f8a94';

/** Whom a development token is for. */
export interface DevToken {
  readonly key: SigningKeyPair;
  /** A name or a UUID. */
  readonly tenant: string;
  readonly user: string;
  /** Empty for the gateway's default role. */
  readonly roles: readonly string[];
  /** Seconds from now; absent means `devTokenLifetimeS`. */
  readonly lifetimeS?: number;
}

/** A signed token. The same tenant and user always have the same `sub`. */
export async function mintDevToken({ key, tenant, user, roles, lifetimeS }: DevToken): Promise<string> {
  const nowS = Math.floor(systemClock() / 1000);
  const claims = { 'custom:tenant_id': tenant, 'cognito:username': user, roles: [...roles] };
  return new SignJWT(roles.length > 0 ? claims : { ...claims, roles: undefined })
    .setProtectedHeader({ alg: devAlgorithm, kid: key.publicJwk.kid ?? '', typ: 'JWT' })
    .setIssuer(devIssuer)
    .setAudience(devAudience)
    .setSubject(nameId(JSON.stringify([tenant, user]), subjectNamespace))
    .setIssuedAt(nowS)
    .setExpirationTime(nowS + (lifetimeS ?? devTokenLifetimeS))
    .sign(await importJWK(key.privateJwk, devAlgorithm));
}
