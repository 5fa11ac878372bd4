// Who gets in, as whom, and to which routes.
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SignJWT } from 'jose';
import { Fault } from '../../foundation/fault/fault.ts';
import type { Principal } from '../../foundation/identity/principal.ts';
import { generateSigningKey } from '../../foundation/identity/signing-key.ts';
import { principalOf } from '../../foundation/rpc/caller.ts';
import { problemOf, startGatewayForTest, type TestGateway } from '../app.for-test.ts';
import { mintDevToken } from './dev-token.ts';
import { systemTenantId } from './system-tenant.ts';

const acceptedAt = timestampFromDate(new Date('2026-03-01T10:00:00.000Z'));

describe('a credential', () => {
  let at: TestGateway;
  const seen: Principal[] = [];
  beforeAll(async () => {
    at = await startGatewayForTest({
      handlers: {
        agents: {
          listAgents: (_request, context) => {
            seen.push(principalOf(context));
            return { page: { limit: 20 } };
          },
        },
        executions: { startIngestion: () => ({ jobId: 'job_1', incidentId: 'inc_1', acceptedAt }) },
      },
    });
  });
  afterAll(() => at.close());

  const listWith = (headers: Record<string, string>) => at.send('GET agents', { headers });

  it('is asked for when there is none', async () => {
    const answer = await at.send('GET agents');
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="domainflow"');
    problemOf(answer);
  });

  it('is refused when it is malformed, expired, unsigned, forged or for nobody', async () => {
    const now = Math.floor(Date.now() / 1000);
    const stranger = await generateSigningKey();
    const token = await at.token();
    const [head = '', body = '', signature = ''] = token.split('.');
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString());
    const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const hmac = new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).setExpirationTime(now + 60);
    const bad = {
      malformed: 'nonsense',
      scheme: `Basic ${Buffer.from('a:b').toString('base64')}`,
      expired: `Bearer ${await at.token({ lifetimeS: -60 })}`,
      unsigned: `Bearer ${encoded({ alg: 'none' })}.${body}.`,
      hmac: `Bearer ${await hmac.sign(new TextEncoder().encode('secret-secret-secret-secret-secret'))}`,
      changed: `Bearer ${head}.${encoded({ ...claims, roles: ['admin'] })}.${signature}`,
      forged: `Bearer ${await mintDevToken({ key: stranger, tenant: 'acme', user: 'ada', roles: [] })}`,
      system: `Bearer ${await at.token({ tenant: systemTenantId })}`,
      systemByName: `Bearer ${await at.token({ tenant: 'System' })}`,
      otherIssuer: `Bearer ${head}.${encoded({ ...claims, iss: 'https://elsewhere.example' })}.${signature}`,
    };
    for (const [kind, authorization] of Object.entries(bad)) {
      const answer = await listWith({ authorization });
      expect([kind, answer.status]).toEqual([kind, 401]);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="domainflow", error="invalid_token"');
      problemOf(answer);
    }
    expect(seen).toEqual([]);
  });

  it('of someone whom the registry knew holds while it is away, and of nobody else', async () => {
    const listAs = async (user: string, lifetimeS: number) =>
      (await at.send('GET agents', { token: await at.token({ user, lifetimeS }) })).status;
    expect(await listAs('known', 1_000)).toBe(200);
    const away = new Fault('unavailable', 'The database is not available');
    at.handlers.tenants = { ensurePrincipal: () => Promise.reject(away) };
    expect(await listAs('known', 2_000)).toBe(200);
    expect(await listAs('known', -60)).toBe(401);
    expect(await listAs('unknown', 1_000)).toBe(503);
    const unwelcome = new Fault('unauthenticated', 'Unknown tenant');
    at.handlers.tenants = { ensurePrincipal: () => Promise.reject(unwelcome) };
    expect(await listAs('known', 3_000)).toBe(401);
    delete at.handlers.tenants;
    seen.length = 0;
  });

  it('is taken with and without the scheme word', async () => {
    const token = await at.token();
    for (const authorization of [`Bearer ${token}`, `bearer  ${token}`, token]) {
      expect((await listWith({ authorization })).status).toBe(200);
    }
  });

  it('is taken within 30 s after its expiry and no later', async () => {
    expect((await listWith({ authorization: await at.token({ lifetimeS: -10 }) })).status).toBe(200);
    expect((await listWith({ authorization: await at.token({ lifetimeS: -31 }) })).status).toBe(401);
  });

  it('alone decides the tenant, whatever X-Tenant-ID says', async () => {
    seen.length = 0;
    const headers = { 'x-tenant-id': '0199aaaa-0000-7000-8000-000000000001' };
    await at.send('GET agents', { token: await at.token() });
    await at.send('GET agents', { token: await at.token(), headers });
    expect(seen[1]?.tenantId).toBe(seen[0]?.tenantId);
    await at.send('GET agents', { token: await at.token({ tenant: 'other' }) });
    expect(seen[2]?.tenantId).not.toBe(seen[0]?.tenantId);
  });

  it('makes its principal known once and then for each new token', async () => {
    at.ensured.length = 0;
    const token = await at.token({ user: 'new', lifetimeS: 600 });
    await Promise.all([1, 2, 3].map(() => at.send('GET agents', { token })));
    expect(at.ensured).toHaveLength(1);
    expect(at.ensured[0]?.request).toMatchObject({ tenantName: 'acme', username: 'new', createTenant: true });
    await at.send('GET agents', { token: await at.token({ user: 'new', lifetimeS: 601 }) });
    expect(at.ensured).toHaveLength(2);
  });

  it('is refused when the registry does not welcome the tenant, and asked about again', async () => {
    const token = await at.token({ tenant: 'unwelcome' });
    at.handlers.tenants = {
      ensurePrincipal: () => {
        throw new Fault('unauthenticated', 'No such tenant');
      },
    };
    expect((await at.send('GET agents', { token })).status).toBe(401);
    at.handlers.tenants = {};
    expect((await at.send('GET agents', { token })).status).toBe(200);
  });

  it('is shown to its bearer as what it stands for', async () => {
    const answer = await at.send('GET me', { token: await at.token({ roles: ['viewer', 'admin'] }) });
    expect(answer.body).toMatchObject({ username: 'ada', email: null, tenant_name: 'acme', role: 'admin' });
    expect(Object.keys(answer.body)).toEqual(['id', 'username', 'email', 'tenant_id', 'tenant_name', 'role']);
  });

  it.each([
    ['viewer', 'POST reports', { domain_id: 'd', text: 'x' }, 403],
    ['editor', 'POST reports', { domain_id: 'd', text: 'x' }, 202],
    ['editor', 'PUT tenant/settings', {}, 403],
    ['admin', 'PUT tenant/settings', {}, 200],
  ])('lets a %s call %s or not', async (role, line, body, status) => {
    at.handlers.tenants = { updateTenantSettings: ({ settings }) => ({ settings }) };
    const answer = await at.send(line, { token: await at.token({ roles: [role] }), body });
    expect(answer.status).toBe(status);
    if (status === 403) problemOf(answer);
  });

  it('without roles has the default role', async () => {
    const answer = await at.send('GET me', { token: await at.token({ roles: [] }) });
    expect(answer.body.role).toBe('viewer');
  });
});
