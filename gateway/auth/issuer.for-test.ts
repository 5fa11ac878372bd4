// An outside issuer for tests: it speaks discovery and JWKS over HTTP as any OIDC provider does, and counts what it is asked.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';

/** What the issuer answers: as it should, with an error, or with something else that is wrong. */
export type IssuerState = 'well' | 'failing' | 'other issuer' | 'no keys' | 'no JSON' | 'elsewhere';

/** How a token is made. */
export interface TestTokenOptions {
  /** [k1] */
  readonly kid?: string;
  /** Seconds from now [3600]. */
  readonly expiresS?: number;
  readonly notBeforeS?: number;
  readonly issuer?: string;
}

/** A running issuer. */
export interface TestIssuer {
  readonly url: string;
  readonly asked: { discovery: number; keys: number };
  state: IssuerState;
  /** Makes a key, and tells it to whoever asks. */
  addKey(kid: string): Promise<JWK>;
  /** Does not tell the key any more. Its tokens can still be made. */
  removeKey(kid: string): void;
  token(claims: JWTPayload, options?: TestTokenOptions): Promise<string>;
  close(): Promise<void>;
}

/** Starts an issuer with the key `k1`. */
export async function startIssuer(): Promise<TestIssuer> {
  const signing = new Map<string, CryptoKey>();
  const told = new Map<string, JWK>();
  const asked = { discovery: 0, keys: 0 };
  const server = createServer((request, response) => {
    const isDiscovery = request.url === '/pool/.well-known/openid-configuration';
    asked[isDiscovery ? 'discovery' : 'keys'] += 1;
    if (issuer.state === 'failing') response.statusCode = 500;
    if (issuer.state === 'elsewhere') response.writeHead(302, { location: `${issuer.url}/other` });
    const named = issuer.state === 'other issuer' ? `${issuer.url}x` : issuer.url;
    const discovery = { issuer: named, jwks_uri: `${issuer.url}/keys` };
    const keys = issuer.state === 'no keys' ? {} : { keys: [...told.values()] };
    response.end(issuer.state === 'no JSON' ? '<html>' : JSON.stringify(isDiscovery ? discovery : keys));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer: TestIssuer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/pool`,
    asked,
    state: 'well',
    async addKey(kid) {
      const { privateKey, publicKey } = await generateKeyPair('RS256');
      const jwk = { ...(await exportJWK(publicKey)), kid, alg: 'RS256' };
      signing.set(kid, privateKey);
      told.set(kid, jwk);
      return jwk;
    },
    removeKey: (kid) => void told.delete(kid),
    token(claims, { kid = 'k1', expiresS = 3_600, notBeforeS, issuer: iss = issuer.url } = {}) {
      const key = signing.get(kid);
      if (!key) throw new Error(`no key ${kid}`);
      const nowS = Math.floor(Date.now() / 1000);
      const times = { exp: nowS + expiresS, ...(notBeforeS === undefined ? {} : { nbf: nowS + notBeforeS }) };
      const all = { iss, sub: 'someone', ...times, ...claims };
      return new SignJWT(all).setProtectedHeader({ alg: 'RS256', kid }).sign(key);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  await issuer.addKey('k1');
  return issuer;
}
