// Tokens of an outside issuer, found by discovery over HTTP.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { systemClock } from '../../foundation/clock.ts';
import { createJwtVerifier } from './jwt-verifier.ts';
import { createOidcKeys } from './oidc-keys.ts';

describe('an outside issuer', () => {
  let server: Server;
  let issuer: string;
  let privateKey: CryptoKey;
  let down = false;
  beforeAll(async () => {
    const pair = await generateKeyPair('RS256');
    privateKey = pair.privateKey;
    const keys = [{ ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'RS256' }];
    server = createServer((request, response) => {
      response.statusCode = down ? 500 : 200;
      const isDiscovery = request.url === '/pool/.well-known/openid-configuration';
      response.end(JSON.stringify(isDiscovery ? { issuer, jwks_uri: `${issuer}/keys` } : { keys }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/pool`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const token = (claims: object, expires = '1h') =>
    new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
      .setIssuer(issuer)
      .setSubject('someone')
      .setExpirationTime(expires)
      .sign(privateKey);
  const verifier = (algorithms = ['RS256']) =>
    createJwtVerifier([{ issuer, audiences: ['app'], algorithms, key: createOidcKeys(issuer) }], systemClock);
  const refused = { reason: 'unauthenticated' };

  it('is believed for its audience, in aud or client_id', async () => {
    const same = verifier();
    for (const claims of [{ aud: 'app' }, { aud: ['x', 'app'] }, { client_id: 'app' }]) {
      expect((await same.verify(await token(claims))).claims.sub).toBe('someone');
    }
  });

  it('is not believed for another audience, an algorithm that is not listed, or after expiry', async () => {
    await expect(verifier().verify(await token({ aud: 'other' }))).rejects.toMatchObject(refused);
    await expect(verifier().verify(await token({}))).rejects.toMatchObject(refused);
    await expect(verifier(['ES256']).verify(await token({ aud: 'app' }))).rejects.toMatchObject(refused);
    await expect(verifier().verify(await token({ aud: 'app' }, '-1m'))).rejects.toMatchObject(refused);
  });

  it('that is away makes the platform unavailable, not the credential wrong, and is asked again', async () => {
    const same = verifier();
    down = true;
    await expect(same.verify(await token({ aud: 'app' }))).rejects.toMatchObject({ reason: 'unavailable' });
    down = false;
    expect((await same.verify(await token({ aud: 'app' }))).claims.sub).toBe('someone');
  });
});
