// API keys at the door: whose they are, what they open, how often, and that they appear nowhere behind it.
import { createHash, randomBytes } from 'node:crypto';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Fault } from '../../foundation/fault/fault.ts';
import type { Principal } from '../../foundation/identity/principal.ts';
import { callingServiceOf, principalOf } from '../../foundation/rpc/caller.ts';
import { startTraceServer } from '../../local/traces/trace-server.ts';
import { problemOf, startGatewayForTest, type TestGateway } from '../app.for-test.ts';

const tenantId = '0199aaaa-0000-7000-8000-000000000001';
const userId = '0199aaaa-0000-7000-8000-000000000002';
const refusal = 'The API key is not valid';

interface KnownKey {
  readonly permissions?: string[];
  readonly allowedEndpoints?: string[];
  readonly rateLimit?: number;
  readonly expiresMs?: number;
  readonly role?: string;
}

const known = new Map<string, KnownKey>();
const asked: { readonly service: string; readonly forItself: boolean; readonly bytes: number }[] = [];
const called: Principal[] = [];
let at: TestGateway;

/** Makes a key that the registry knows, and answers it. */
function knownKey(key: KnownKey = {}): string {
  const secret = randomBytes(32).toString('hex');
  known.set(createHash('sha256').update(secret).digest('hex'), { permissions: ['*'], ...key });
  return secret;
}

const acceptedAt = timestampFromMs(Date.parse('2026-03-01T10:00:00.000Z'));

function handlers(): TestGateway['handlers'] {
  return {
    agents: {
      listAgents: (_request, context) => {
        called.push(principalOf(context));
        return { page: { limit: 20 } };
      },
    },
    executions: {
      startIngestion: () => ({ jobId: 'job_1', incidentId: 'inc_1', acceptedAt }),
      startQuery: (_request, context) => {
        called.push(principalOf(context));
        return { jobId: 'job_2', queryId: 'qry_1', acceptedAt };
      },
    },
    apiKeys: {
      authenticateApiKey: ({ keyHash }, context) => {
        asked.push({ ...callingServiceOf(context), bytes: keyHash.length });
        const hash = Buffer.from(keyHash).toString('hex');
        const found = known.get(hash);
        if (!found) throw new Fault('unauthenticated', refusal);
        const { permissions = [], allowedEndpoints = [], rateLimit = 1_000, role = 'admin' } = found;
        const ends = found.expiresMs ? { expiresAt: timestampFromMs(found.expiresMs) } : {};
        const key = {
          keyId: `key_${hash}`,
          name: 'importer',
          permissions,
          allowedEndpoints,
          rateLimit,
          userId,
        };
        return { key: { ...key, ...ends }, tenantId, tenantName: 'acme', username: 'importer', role };
      },
    },
  };
}

beforeEach(async () => {
  known.clear();
  asked.length = 0;
  called.length = 0;
  at = await startGatewayForTest({ handlers: handlers() });
});
afterEach(() => at.close());

describe('an API key', () => {
  it('acts as the user of its own in the tenant that the registry names', async () => {
    const answer = await at.send('GET me', { token: knownKey() });
    expect(answer.body).toEqual({
      id: userId,
      username: 'importer',
      email: null,
      tenant_id: tenantId,
      tenant_name: 'acme',
      role: 'admin',
    });
    expect(asked).toEqual([{ service: 'gateway', forItself: true, bytes: 32 }]);
    expect(at.ensured).toEqual([]);
  });

  it('is taken without the scheme word', async () => {
    const headers = { authorization: knownKey() };
    expect((await at.send('GET agents', { headers })).status).toBe(200);
  });

  it('that the registry does not know is refused like every wrong credential', async () => {
    for (const token of [randomBytes(32).toString('hex'), knownKey().toUpperCase()]) {
      const answer = await at.send('GET agents', { token });
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="domainflow", error="invalid_token"');
      expect(problemOf(answer).detail).toBe(refusal);
    }
  });

  it('has exactly 64 hex digits; everything else is a token', async () => {
    for (const token of [`${knownKey()}0`, knownKey().slice(1), `${knownKey().slice(1)}g`]) {
      expect((await at.send('GET agents', { token })).status).toBe(401);
    }
    expect(asked).toEqual([]);
  });

  it('cannot be told while the registry is away', async () => {
    at.handlers.apiKeys = {
      authenticateApiKey: () => {
        throw new Fault('unavailable', 'The registry has no database');
      },
    };
    expect((await at.send('GET agents', { token: knownKey() })).status).toBe(503);
  });

  it('carries into the mesh the least role that the route needs, and its creator’s with every permission', async () => {
    await at.send('GET agents', { token: knownKey({ permissions: ['agents:read'] }) });
    await at.send('GET agents', { token: knownKey({ role: 'editor' }) });
    expect(called).toEqual([
      { tenantId, userId, username: 'importer', roles: ['viewer'] },
      { tenantId, userId, username: 'importer', roles: ['editor'] },
    ]);
  });

  it('is refused what it was not given, and told what is missing', async () => {
    const token = knownKey({ permissions: ['agents:*', 'reports:read'] });
    const body = { domain_id: 'd', text: 'x' };
    const refused = await at.send('POST reports', { token, body });
    expect(refused.status).toBe(403);
    expect(problemOf(refused).detail).toContain('reports:create');
    const allowed = await at.send('POST reports', {
      token: knownKey({ permissions: ['reports:create'] }),
      body,
    });
    expect(allowed.status).toBe(202);
  });

  it('is refused outside its endpoints', async () => {
    const token = knownKey({ allowedEndpoints: ['/reports', '/me'] });
    expect((await at.send('GET me?x=/agents', { token })).status).toBe(200);
    for (const path of ['agents', 'agents?/reports', '%61gents', 'me%2F..%2Fagents', 'reports/../agents']) {
      expect((await at.send(`GET ${path}`, { token })).status).not.toBe(200);
    }
    const answer = await at.send('GET agents', { token });
    expect([answer.status, problemOf(answer).detail]).toEqual([
      403,
      'This API key may call only /reports, /me',
    ]);
    expect(called).toEqual([]);
  });

  it('opens nothing that its creator may not', async () => {
    const answer = await at.send('GET auth/keys', { token: knownKey({ role: 'editor' }) });
    expect([answer.status, problemOf(answer).detail]).toEqual([403, 'This needs the role admin']);
  });

  const lacks = 'The mode management needs the permission reports:update, which this API key does not have';
  it.each([
    ['asks', ['queries:create'], 'admin', 'query', [202, undefined, ['viewer']]],
    ['gives no commands', ['queries:create'], 'admin', 'management', [403, lacks, []]],
    [
      'gives commands as an editor',
      ['queries:create', 'reports:update'],
      'admin',
      'management',
      [202, undefined, ['editor']],
    ],
    ['asks as a viewer', ['queries:create', 'reports:*'], 'editor', 'query', [202, undefined, ['viewer']]],
    [
      'gives no commands where its creator may not',
      ['queries:*', 'reports:*'],
      'viewer',
      'management',
      [403, 'The mode management needs the role editor', []],
    ],
    [
      'does neither',
      ['reports:update'],
      'admin',
      'management',
      [403, 'This needs the permission queries:create, which this API key does not have', []],
    ],
    ['gives commands with every permission', ['*'], 'admin', 'management', [202, undefined, ['admin']]],
  ] as const)('%s with %j of an %s in the mode %s', async (_what, permissions, role, mode, expected) => {
    const token = knownKey({ permissions: [...permissions], role });
    const body = { session_id: 'sess_1', domain_id: 'civic', question: 'Close it', mode };
    const answer = await at.send('POST queries', { token, body });
    const roles = called.flatMap((principal) => principal.roles);
    expect([answer.status, answer.body.detail, roles]).toEqual(expected);
  });

  it('may make the requests of its rate, whatever becomes of them, and is told when to come back', async () => {
    const token = knownKey({ rateLimit: 3, permissions: ['agents:read'] });
    const statuses: number[] = [];
    for (const path of ['agents', 'teams', 'agents', 'agents']) {
      statuses.push((await at.send(`GET ${path}`, { token })).status);
    }
    expect(statuses).toEqual([200, 403, 200, 429]);
    const refused = await at.send('GET agents', { token });
    expect(problemOf(refused).detail).toBe('This API key may make 3 requests a minute');
    const wait = Number(refused.headers.get('retry-after'));
    expect(wait).toBeGreaterThanOrEqual(1);
    expect(wait).toBeLessThanOrEqual(60);
    expect(refused.body.violated_policies).toEqual(['api-key']);
    expect(refused.headers.get('ratelimit')).toMatch(/^"api-key";r=0;t=\d+$/);
    const other = await at.send('GET agents', { token: knownKey({ rateLimit: 3 }) });
    expect([other.status, other.headers.get('ratelimit-policy')]).toEqual([200, '"api-key";q=3;w=60']);
    expect(other.headers.get('ratelimit')).toMatch(/^"api-key";r=2;t=\d+$/);
  });
});

describe('the text of an API key', () => {
  it('is in no log line, span or answer', async () => {
    const traces = await startTraceServer();
    const traced = await startGatewayForTest({ handlers: handlers(), otlpEndpoint: traces.url });
    try {
      const keys = [knownKey(), knownKey({ permissions: [] }), randomBytes(32).toString('hex')];
      const answers: unknown[] = [];
      for (const token of keys) answers.push((await traced.send('GET agents', { token })).body);
      const lines = await traced.closeAndReadLog();
      await traced.close();
      const found = traces.store.list(100).flatMap(({ traceId }) => traces.store.get(traceId)?.spans ?? []);
      const lookups = found.filter(({ name }) => name.endsWith('/AuthenticateApiKey'));
      expect(lookups.map(({ service }) => service).sort()).toEqual([
        ...keys.map(() => 'gateway'),
        ...keys.map(() => 'registry'),
      ]);
      expect(lines.filter(({ msg }) => msg === 'Refused a credential')).toHaveLength(1);
      const told = JSON.stringify([lines, found, answers]);
      for (const key of keys) expect(told).not.toContain(key);
    } finally {
      await traced.close();
      await traces.close();
    }
  });
});
