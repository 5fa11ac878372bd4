// What the gateway refuses to start with, and what it takes for granted.
import { describe, expect, it } from '@jest/globals';
import { ConfigError } from '../foundation/config/reader.ts';
import { generateSigningKey } from '../foundation/identity/signing-key.ts';
import { readGatewayConfig } from './config.ts';

const { privateJwk } = await generateSigningKey();
const enough = {
  REGISTRY_TARGET: 'a:1',
  REPORTS_TARGET: 'b:1',
  SESSIONS_TARGET: 'c:1',
  ORCHESTRATOR_TARGET: 'd:1',
  GATEWAY_SIGNING_KEY: JSON.stringify(privateJwk),
};
const oidc = { AUTH_ISSUER: 'https://issuer.example', AUTH_AUDIENCE: 'app' };

function problemsOf(env: Record<string, string>): string {
  try {
    readGatewayConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.join('\n');
    throw error;
  }
  return '';
}

describe('the settings of the gateway', () => {
  it('have their defaults', () => {
    const config = readGatewayConfig({ ...enough, ...oidc });
    expect(config).toMatchObject({ host: '127.0.0.1', port: 8080, corsOrigins: [], eventStreamsMax: 20 });
    expect(config.auth).toEqual({
      oidc: { issuer: 'https://issuer.example', audiences: ['app'], algorithms: ['RS256'] },
      devIssuerKeyFile: undefined,
      tenantClaim: 'custom:tenant_id',
      usernameClaim: 'cognito:username',
      rolesClaims: ['roles', 'cognito:groups'],
      defaultRole: 'viewer',
      tenantAutocreate: false,
    });
  });

  it('have the rates of the API, and what is cut off where it is too much', () => {
    const { rates, shedding, trustedProxies } = readGatewayConfig({ ...enough, ...oidc });
    expect(rates).toEqual({
      ...{ perSecond: 100, burst: 200, perDay: 10_000 },
      ...{ wrongCredentialsPerMinute: 600, addressPerMinute: 100 },
    });
    expect(shedding).toEqual({ loopDelayMs: 500, requestsMax: 1_000 });
    expect(trustedProxies).toEqual([]);
  });

  it('refuse a burst that is less than the rate', () => {
    const env = { ...enough, ...oidc, RATE_USER_PER_S: '50', RATE_USER_BURST: '40' };
    expect(problemsOf(env)).toMatch(/RATE_USER_BURST must not be less than RATE_USER_PER_S/);
  });

  it('create unknown tenants with the development issuer', () => {
    expect(readGatewayConfig({ ...enough, AUTH_DEV_ISSUER: 'key.json' }).auth.tenantAutocreate).toBe(true);
  });

  it('refuse the development issuer in production, and say why', () => {
    const env = { ...enough, AUTH_DEV_ISSUER: 'key.json', NODE_ENV: 'production' };
    expect(problemsOf(env)).toMatch(/AUTH_DEV_ISSUER .*NODE_ENV=production.*any tenant/);
    expect(problemsOf({ ...env, ...oidc })).toContain('AUTH_DEV_ISSUER');
  });

  it('name the refusal beside everything else that is wrong', () => {
    const problems = problemsOf({ AUTH_DEV_ISSUER: 'key.json', NODE_ENV: 'production', PORT: 'x' });
    for (const name of ['AUTH_DEV_ISSUER', 'PORT', 'REGISTRY_TARGET', 'GATEWAY_SIGNING_KEY']) {
      expect(problems).toContain(name);
    }
  });

  it.each(['none', 'HS256', 'RS256, HS512'])('refuse the algorithms %s', (algorithms) => {
    expect(problemsOf({ ...enough, ...oidc, JWT_ALGORITHMS: algorithms })).toContain('JWT_ALGORITHMS');
  });

  it('need an issuer, and an audience with it', () => {
    expect(problemsOf(enough)).toContain('AUTH_ISSUER');
    expect(problemsOf({ ...enough, AUTH_ISSUER: oidc.AUTH_ISSUER })).toContain('AUTH_AUDIENCE');
  });
});
