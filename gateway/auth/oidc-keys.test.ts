// Tokens of an outside issuer, found by discovery over HTTP.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type CryptoKey, exportSPKI, generateKeyPair, importJWK, SignJWT } from 'jose';
import { systemClock } from '../../foundation/clock.ts';
import { startIssuer, type TestIssuer } from './issuer.for-test.ts';
import { createJwtVerifier, type JwtVerifier } from './jwt-verifier.ts';
import { createOidcKeys, keysUrl, type OidcKeysOptions, oidcKeyTimes } from './oidc-keys.ts';

const refused = { reason: 'unauthenticated' };
const unavailable = { reason: 'unavailable', retryAfterMs: 5_000 };
const ours = { aud: 'app' };

let issuer: TestIssuer;
beforeEach(async () => {
  issuer = await startIssuer();
});
afterEach(() => issuer.close());

function verifier(options: OidcKeysOptions = {}, algorithms = ['RS256']): JwtVerifier {
  const key = createOidcKeys(issuer.url, options);
  return createJwtVerifier([{ issuer: issuer.url, audiences: ['app'], algorithms, key }], systemClock);
}

async function isTaken(by: JwtVerifier, token: string): Promise<boolean> {
  return (await by.verify(token)).claims.sub === 'someone';
}

describe('a token of an outside issuer', () => {
  it('is believed for its audience, in aud or client_id', async () => {
    const same = verifier();
    for (const claims of [ours, { aud: ['x', 'app'] }, { client_id: 'app', token_use: 'access' }]) {
      expect(await isTaken(same, await issuer.token(claims))).toBe(true);
    }
  });

  it.each([
    ['another audience', { aud: 'other', client_id: 'another' }],
    ['no audience', {}],
    ['no subject', { ...ours, sub: undefined }],
    ['no expiry', { ...ours, exp: undefined }],
  ])('is refused with %s', async (_what, claims) => {
    await expect(verifier().verify(await issuer.token(claims))).rejects.toMatchObject(refused);
  });

  it('is refused when its issuer is not one of ours, without asking anybody', async () => {
    for (const other of [`${issuer.url}/`, 'https://issuer.example', 'http://169.254.169.254']) {
      const token = await issuer.token(ours, { issuer: other });
      await expect(verifier().verify(token)).rejects.toMatchObject(refused);
    }
    expect(issuer.asked).toEqual({ discovery: 0, keys: 0 });
  });

  it.each([
    [{ expiresS: -20 }, true],
    [{ expiresS: -40 }, false],
    [{ notBeforeS: 20 }, true],
    [{ notBeforeS: 40 }, false],
  ])('with %j is taken: %s, since clocks may be 30 s apart', async (times, isIn) => {
    const verified = verifier().verify(await issuer.token(ours, times));
    await (isIn ? expect(verified).resolves.toBeDefined() : expect(verified).rejects.toMatchObject(refused));
  });
});

describe('an algorithm', () => {
  it('that is not listed is refused', async () => {
    await expect(verifier({}, ['ES256']).verify(await issuer.token(ours))).rejects.toMatchObject(refused);
  });

  it('that anybody could sign with is refused, whatever its key', async () => {
    const jwk = await issuer.addKey('public');
    const pem = await exportSPKI((await importJWK(jwk, 'RS256', { extractable: true })) as CryptoKey);
    const claims = { iss: issuer.url, sub: 'someone', exp: Math.floor(Date.now() / 1000) + 60, ...ours };
    const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const hmac = (secret: string, header: object = {}) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256', kid: 'public', ...header })
        .sign(new TextEncoder().encode(secret));
    const forged = [
      `${encoded({ alg: 'none' })}.${encoded(claims)}.`,
      `${encoded({ alg: 'None', kid: 'public' })}.${encoded(claims)}.AA`,
      await hmac(pem),
      await hmac(JSON.stringify(jwk)),
    ];
    for (const token of forged) await expect(verifier().verify(token)).rejects.toMatchObject(refused);
  });

  it('with a key that the token itself brings or points to is refused, and nobody is asked for it', async () => {
    const stranger = await generateKeyPair('RS256', { extractable: true });
    let visits = 0;
    const elsewhere = createServer((_request, response) => {
      visits += 1;
      response.end('{"keys":[]}');
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
    const { port } = elsewhere.address() as AddressInfo;
    const jwk = await issuer.addKey('k2');
    const headers = [
      { jwk },
      { jku: `http://127.0.0.1:${port}/keys` },
      { x5u: `http://127.0.0.1:${port}/chain` },
    ];
    for (const header of headers) {
      const token = await new SignJWT({ ...ours })
        .setProtectedHeader({ alg: 'RS256', kid: 'k1', ...header })
        .setIssuer(issuer.url)
        .setSubject('someone')
        .setExpirationTime('1h')
        .sign(stranger.privateKey);
      await expect(verifier().verify(token)).rejects.toMatchObject(refused);
    }
    expect(visits).toBe(0);
    await new Promise((resolve) => elsewhere.close(resolve));
  });
});

describe('a key', () => {
  it('that is new is fetched without a new start', async () => {
    const same = verifier({ times: { ...oidcKeyTimes, cooldownMs: 0 } });
    expect(await isTaken(same, await issuer.token(ours))).toBe(true);
    await issuer.addKey('k2');
    expect(await isTaken(same, await issuer.token(ours, { kid: 'k2' }))).toBe(true);
    expect(issuer.asked).toEqual({ discovery: 1, keys: 2 });
  });

  it('that was taken away is refused once keys are asked for again', async () => {
    const same = verifier({ times: { ...oidcKeyTimes, keptMs: 0 } });
    await issuer.addKey('k2');
    const token = await issuer.token(ours);
    expect(await isTaken(same, token)).toBe(true);
    issuer.removeKey('k1');
    await expect(same.verify(token)).rejects.toMatchObject(refused);
    expect(await isTaken(same, await issuer.token(ours, { kid: 'k2' }))).toBe(true);
  });

  it('that nobody knows does not make anybody ask again and again', async () => {
    const same = verifier();
    await issuer.addKey('k2');
    issuer.removeKey('k2');
    const tokens = await Promise.all(
      Array.from({ length: 30 }, (_, at) => issuer.token({ ...ours, at }, { kid: 'k2' })),
    );
    const answers = await Promise.allSettled(tokens.map((token) => same.verify(token)));
    for (const token of tokens) await expect(same.verify(token)).rejects.toMatchObject(refused);
    expect(answers.every(({ status }) => status === 'rejected')).toBe(true);
    expect(issuer.asked).toEqual({ discovery: 1, keys: 1 });
    expect(await isTaken(same, await issuer.token(ours))).toBe(true);
  });
});

describe('an issuer that does not answer as it should', () => {
  it.each(['failing', 'other issuer', 'no keys', 'no JSON', 'elsewhere'] as const)(
    'but %s makes the platform unavailable, not the credential wrong, and is asked again',
    async (state) => {
      let nowMs = Date.now();
      const same = verifier({ clock: () => nowMs });
      const token = await issuer.token(ours);
      issuer.state = state;
      await expect(same.verify(token)).rejects.toMatchObject(unavailable);
      issuer.state = 'well';
      nowMs += oidcKeyTimes.failedMs;
      expect(await isTaken(same, token)).toBe(true);
    },
  );

  it('is not asked again by every token meanwhile', async () => {
    const same = verifier({ clock: () => 0 });
    issuer.state = 'failing';
    for (let sent = 0; sent < 20; sent += 1) {
      await expect(same.verify(await issuer.token(ours))).rejects.toMatchObject(unavailable);
    }
    expect(issuer.asked).toEqual({ discovery: 1, keys: 0 });
  });

  it('is believed by the keys that it told before, for an hour', async () => {
    let nowMs = Date.now();
    const same = verifier({ clock: () => nowMs, times: { ...oidcKeyTimes, keptMs: 0 } });
    await issuer.addKey('k2');
    issuer.removeKey('k2');
    expect(await isTaken(same, await issuer.token(ours))).toBe(true);
    issuer.state = 'failing';
    expect(await isTaken(same, await issuer.token(ours))).toBe(true);
    // Of another key it cannot be said whether the issuer has it by now.
    await expect(same.verify(await issuer.token(ours, { kid: 'k2' }))).rejects.toMatchObject(unavailable);
    nowMs += oidcKeyTimes.staleMs + 60_000;
    await expect(same.verify(await issuer.token(ours))).rejects.toMatchObject(unavailable);
  });
});

describe('where the keys of an issuer are', () => {
  it.each([
    ['https://issuer.example', 'https://keys.example/jwks', true],
    ['https://issuer.example', 'http://issuer.example/jwks', false],
    ['http://127.0.0.1:1', 'http://127.0.0.1:1/jwks', true],
    ['http://127.0.0.1:1', 'file:///etc/jwks', false],
    ['https://issuer.example', undefined, false],
  ])('is for %s at %s or not', (url, keys, isTrusted) => {
    if (isTrusted) expect(keysUrl(url, keys).href).toBe(keys);
    else expect(() => keysUrl(url, keys)).toThrow();
  });
});
