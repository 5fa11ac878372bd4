// Users, teams and API keys: what is sent into the mesh, and what of its answers a caller sees.
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { invalidArgument, notFound } from '../../foundation/fault/fault.ts';
import { ApiKeyKind } from '../../proto/gen/domainflow/registry/v1/api_key_pb.js';
import { problemOf, startGatewayForTest, type TestGateway } from '../app.for-test.ts';

const at2026 = '2026-03-01T10:00:00.123Z';
const time = timestampFromDate(new Date(at2026));

let at: TestGateway;
let admin: string;
let viewer: string;
let editor: string;
beforeAll(async () => {
  at = await startGatewayForTest();
  admin = await at.token({ roles: ['admin'] });
  editor = await at.token({ roles: ['editor'] });
  viewer = await at.token({ roles: ['viewer'] });
});
afterAll(() => at.close());

const team = {
  id: 'team-1',
  teamName: 'Night shift',
  members: ['u1', 'u2'],
  createdAt: time,
  updatedAt: time,
  createdBy: 'u1',
};
const shownTeam = {
  id: 'team-1',
  team_name: 'Night shift',
  members: ['u1', 'u2'],
  created_at: at2026,
  updated_at: at2026,
  created_by: 'u1',
};

describe('users', () => {
  it('are listed with id and username, and nothing else', async () => {
    const asked: unknown[] = [];
    at.handlers.teams = {
      listUsers: ({ page }) => {
        asked.push(page);
        return { users: [{ id: 'u1', username: 'ada' }], page: { limit: 5, nextCursor: 'next' } };
      },
    };
    const { body } = await at.send('GET users?limit=5&cursor=c', { token: viewer });
    expect(body).toEqual({
      users: [{ id: 'u1', username: 'ada' }],
      pagination: { limit: 5, next_cursor: 'next' },
    });
    expect(asked).toEqual([expect.objectContaining({ limit: 5, cursor: 'c', page: 0 })]);
  });
});

describe('teams', () => {
  it('are listed and shown to everyone of the tenant', async () => {
    at.handlers.teams = {
      listTeams: () => ({ teams: [team], page: { page: 1, limit: 20, total: 1n } }),
      getTeam: ({ id }) => ({ team: { ...team, id } }),
    };
    const list = await at.send('GET teams', { token: viewer });
    const pagination = { page: 1, limit: 20, total: 1, next_cursor: null };
    expect(list.body).toEqual({ teams: [shownTeam], pagination });
    expect((await at.send('GET teams/team-1', { token: viewer })).body).toEqual(shownTeam);
  });

  it('are written as they were sent, unknown fields included, and answered as stored', async () => {
    const sent: unknown[] = [];
    at.handlers.teams = {
      createTeam: ({ definition }) => {
        sent.push(definition);
        return { team };
      },
      updateTeam: ({ id, definition }) => {
        sent.push(id, definition);
        return { team };
      },
      deleteTeam: ({ id }) => {
        sent.push(id);
        return {};
      },
    };
    const body = { team_name: 7, members: [null, { deep: [1.5] }], other: true };
    const created = await at.send('POST teams', { token: admin, body });
    expect([created.status, created.body]).toEqual([201, shownTeam]);
    expect(created.headers.get('location')).toBe('/api/v1/teams/team-1');
    const updated = await at.send('PUT teams/team-1', { token: admin, body: {} });
    expect([updated.status, updated.body]).toEqual([200, shownTeam]);
    const deleted = await at.send('DELETE teams/team-1', { token: admin });
    expect([deleted.status, deleted.body]).toEqual([200, { message: 'The team was deleted', id: 'team-1' }]);
    expect(sent).toEqual([body, 'team-1', {}, 'team-1']);
  });

  it('are refused with all that the registry finds', async () => {
    const violations = [
      { field: 'team_name', reason: 'is required' },
      { field: 'members[1]', reason: 'is no user of this tenant' },
    ];
    at.handlers.teams = {
      createTeam: () => {
        throw invalidArgument(violations);
      },
      getTeam: () => {
        throw notFound('team');
      },
    };
    const answer = await at.send('POST teams', { token: admin, body: {} });
    expect([answer.status, problemOf(answer).details]).toEqual([400, violations]);
    expect((await at.send('GET teams/none', { token: viewer })).status).toBe(404);
  });
});

describe('an API key', () => {
  const key = {
    id: 'k',
    keyId: 'key_1',
    name: 'importer',
    kind: ApiKeyKind.SERVICE,
    permissions: ['reports:create'],
    allowedEndpoints: ['/reports'],
    rateLimit: 500,
    expiresAt: time,
    createdAt: time,
    createdBy: 'u1',
    userId: 'u9',
  };
  const shownKey = {
    id: 'k',
    key_id: 'key_1',
    name: 'importer',
    kind: 'service',
    permissions: ['reports:create'],
    allowed_endpoints: ['/reports'],
    rate_limit: 500,
    expires_at: at2026,
    last_used_at: null,
    revoked_at: null,
    user_id: 'u9',
    created_at: at2026,
    created_by: 'u1',
  };

  it('is answered once, where no cache keeps it', async () => {
    const sent: unknown[] = [];
    at.handlers.apiKeys = {
      createApiKey: ({ definition }) => {
        sent.push(definition);
        return { key, apiKey: 'f'.repeat(64) };
      },
    };
    const body = { name: 'importer', kind: 'service', permissions: ['reports:create'] };
    const answer = await at.send('POST auth/keys', { token: admin, body });
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([201, 'no-store']);
    expect(answer.body).toEqual({ api_key: 'f'.repeat(64), ...shownKey });
    expect(sent).toEqual([body]);
  });

  it.each([
    ['', { skip: 0, limit: 10 }, { has_next: true, has_previous: false }],
    ['?skip=10&limit=2', { skip: 10, limit: 2 }, { has_next: false, has_previous: true }],
    ['?skip=-5&limit=1000', { skip: 0, limit: 100 }, { has_next: true, has_previous: false }],
  ])('is in the list without its text: %s', async (query, part, more) => {
    const asked: unknown[] = [];
    at.handlers.apiKeys = {
      listApiKeys: ({ skip, limit }) => {
        asked.push({ skip, limit });
        return { keys: [key], total: 11 };
      },
    };
    const { body } = await at.send(`GET auth/keys${query}`, { token: admin });
    expect(body).toEqual({ items: [shownKey], total: 11, ...part, ...more });
    expect(asked).toEqual([part]);
  });

  it('list takes only whole numbers, all told at once', async () => {
    const answer = await at.send('GET auth/keys?skip=a&limit=1.5', { token: admin });
    expect(answer.status).toBe(400);
    expect(problemOf(answer).details.map(({ field }) => field)).toEqual(['skip', 'limit']);
  });

  it('is revoked by its id', async () => {
    at.handlers.apiKeys = { revokeApiKey: ({ keyId }) => ({ key: { ...key, keyId, revokedAt: time } }) };
    const { status, body } = await at.send('DELETE auth/keys/key_1', { token: admin });
    const revoked = { message: 'The API key was revoked', key_id: 'key_1', revoked_at: at2026 };
    expect([status, body]).toEqual([200, revoked]);
  });
});

describe('what admins alone may do', () => {
  it.each([
    ['POST teams', {}],
    ['PUT teams/team-1', {}],
    ['DELETE teams/team-1', undefined],
    ['POST auth/keys', {}],
    ['GET auth/keys', undefined],
    ['DELETE auth/keys/key_1', undefined],
    ['GET audit', undefined],
  ])('is refused to editors and viewers: %s', async (line, body) => {
    for (const token of [editor, viewer]) {
      const answer = await at.send(line, { token, ...(body && { body }) });
      expect([answer.status, problemOf(answer).detail]).toEqual([403, 'This needs the role admin']);
    }
  });

  it.each([
    ['POST teams', '[]'],
    ['POST teams', 'null'],
    ['PUT teams/team-1', '"x"'],
    ['POST auth/keys', '7'],
  ])('takes only objects: %s %s', async (line, body) => {
    const answer = await at.send(line, { token: admin, body });
    const details = [{ field: 'body', reason: 'must be an object' }];
    expect([answer.status, problemOf(answer).details]).toEqual([400, details]);
  });

  it.each(['GET teams/a%00b', 'PUT teams/%20%00', 'DELETE auth/keys/%00'])(
    'answers ids that cannot be one like unknown ones: %s',
    async (line) => {
      const body = line.startsWith('PUT') ? { body: {} } : {};
      expect((await at.send(line, { token: admin, ...body })).status).toBe(404);
    },
  );
});

describe('the health page for those who have a credential', () => {
  const page = { status: 'healthy', version: expect.any(String), authenticated: true };

  it('tells people what their role holds', async () => {
    const shown = await at.send('GET health/authenticated', { token: admin });
    expect([shown.status, shown.body]).toEqual([
      200,
      { ...page, timestamp: expect.any(String), api_key_name: null, permissions: ['*'] },
    ]);
    const { body } = await at.send('GET health/authenticated', { token: viewer });
    expect(body.permissions).toEqual(expect.arrayContaining(['agents:read', 'queries:create']));
    expect(body.permissions).not.toContain('reports:create');
  });

  it('tells a key its name and what it was given', async () => {
    const permissions = ['health:read', 'reports:*'];
    at.handlers.apiKeys = {
      authenticateApiKey: () => ({
        key: { keyId: 'key_9', name: 'probe', permissions, rateLimit: 100, userId: 'u9' },
        ...{ tenantId: 't', tenantName: 'acme', username: 'probe', role: 'admin' },
      }),
    };
    const { body } = await at.send('GET health/authenticated', { token: '0'.repeat(64) });
    expect(body).toMatchObject({ ...page, api_key_name: 'probe', permissions });
  });

  it('is closed to everyone else', async () => {
    expect((await at.send('GET health/authenticated')).status).toBe(401);
  });
});
