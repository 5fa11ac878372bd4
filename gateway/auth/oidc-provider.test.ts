// A provider of another make: its tokens let in, as whom its claims say, and its absence is nobody's fault but its own.
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';
import { problemOf, startGatewayForTest, type TestGateway } from '../app.for-test.ts';

const audience = 'urn:domainflow:test';
const secret = 'a secret that only this test knows';

let claims: Readonly<Record<string, unknown>> = {};
let answer: RequestListener = () => undefined;
let server: Server;
let issuer: string;
let at: TestGateway;

beforeAll(async () => {
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  answer = await createAnswers();
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
afterEach(() => at.close());

async function createAnswers(): Promise<RequestListener> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const key = { ...(await exportJWK(privateKey)), kid: 'p1', alg: 'RS256', use: 'sig' };
  const client = { client_id: 'importer', client_secret: secret, redirect_uris: [], response_types: [] };
  const resource = { scope: '', audience, accessTokenFormat: 'jwt', accessTokenTTL: 600 };
  const provider = new Provider(issuer, {
    jwks: { keys: [key] },
    clients: [{ ...client, grant_types: ['client_credentials'] }],
    extraTokenClaims: () => claims,
    adapter: () => ({ find: async () => undefined, upsert: async () => undefined }),
    ttl: { ClientCredentials: 600 },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        getResourceServerInfo: () => resource,
      },
    },
  });
  return provider.callback();
}

/** A token of the client, with these claims beside its own. */
async function tokenWith(told: Readonly<Record<string, unknown>>): Promise<string> {
  claims = told;
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`importer:${encodeURIComponent(secret)}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  return ((await response.json()) as { access_token: string }).access_token;
}

const start = async (env: Readonly<Record<string, string>> = {}): Promise<void> => {
  at = await startGatewayForTest({ env: { AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience, ...env } });
};

describe('a token of an OpenID provider', () => {
  it('is taken with the claims of Cognito', async () => {
    await start();
    const groups = { 'cognito:groups': ['viewer', 'editor'], 'cognito:username': 'ada' };
    const { status, body } = await at.send('GET me', {
      token: await tokenWith({ 'custom:tenant_id': 'acme', ...groups }),
    });
    expect([status, body.tenant_name, body.username, body.role]).toEqual([200, 'acme', 'ada', 'editor']);
  });

  it('is taken with other claims, which settings name', async () => {
    const env = { AUTH_TENANT_CLAIM: 'org', AUTH_USERNAME_CLAIM: 'nick', AUTH_ROLES_CLAIM: 'groups' };
    await start({ ...env, AUTH_AUDIENCE: 'another,importer' });
    const token = await tokenWith({ org: 'acme', nick: 'grace', groups: 'admin', roles: ['viewer'] });
    const { status, body } = await at.send('GET me', { token });
    expect([status, body.tenant_name, body.username, body.role]).toEqual([200, 'acme', 'grace', 'admin']);
  });

  it('is refused without a tenant, or for nobody here', async () => {
    await start();
    expect((await at.send('GET me', { token: await tokenWith({}) })).status).toBe(401);
    await at.close();
    await start({ AUTH_AUDIENCE: 'another' });
    const token = await tokenWith({ 'custom:tenant_id': 'acme' });
    expect((await at.send('GET me', { token })).status).toBe(401);
  });

  it('is answered with 503 while the provider is away, also when it never was there, and taken once it is', async () => {
    const token = await tokenWith({ 'custom:tenant_id': 'acme' });
    const well = answer;
    answer = (_request, response) => response.destroy();
    await start();
    const away = await at.send('GET me', { token });
    expect([away.status, away.headers.get('retry-after')]).toEqual([503, '5']);
    expect(problemOf(away).detail).toBe('The issuer of the credential cannot be reached');
    expect(away.headers.get('www-authenticate')).toBeNull();
    answer = well;
    let back = away;
    while (back.status === 503) back = await at.send('GET me', { token });
    expect(back.status).toBe(200);
  });
});
