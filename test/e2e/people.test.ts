// The people and machines of a tenant through the whole mesh: teams, API keys and what they open, and the log of who did what.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { auditSources, auditWords } from '../../gateway/core/audit-filter.ts';
import { pollUntil, sampleDomain } from '../../local/demo/demo-run.ts';
import { ensureDatabase } from '../../local/mesh/prepare-stores.ts';
import { bodyOf, createRestClient, type RestAnswer, type RestClient } from '../../local/rest-client.ts';
import type { ProblemDocument } from '../../local/rest-documents.ts';
import { startTestMesh, type TestMesh } from './test-mesh.ts';

jest.setTimeout(60_000);

interface Person {
  readonly id: string;
  readonly username: string;
  readonly email: string | null;
  readonly tenant_id: string;
  readonly role: string;
}

interface NewKey {
  readonly api_key: string;
  readonly key_id: string;
  readonly user_id: string;
  readonly rate_limit: number;
  readonly expires_at: string | null;
  readonly permissions: readonly string[];
}

interface Team {
  readonly id: string;
  readonly team_name: string;
  readonly members: readonly string[];
}

interface Entry {
  readonly operation_type: string;
  readonly entity_type: string;
  readonly entity_id: string;
  readonly user_id: string;
  readonly trace_id: string;
}

interface Started {
  readonly job_id: string;
  readonly incident_id: string;
}

interface AuditAnswer {
  readonly entries: readonly Entry[];
  readonly pagination: { readonly next_cursor: string };
}

const never = new AbortController().signal;
let mesh: TestMesh;
let admin: RestClient;
let viewer: RestClient;
let stranger: RestClient;
/** The superuser, for what no caller of the API can do. */
let database: pg.Client;

beforeAll(async () => {
  mesh = await startTestMesh();
  database = new pg.Client({ connectionString: await ensureDatabase(mesh.databases.adminUrl) });
  await database.connect();
  admin = await mesh.as('acme', 'alice');
  viewer = await mesh.as('acme', 'vera', ['viewer']);
  stranger = await mesh.as('globex', 'greta');
});

afterAll(async () => {
  await database?.end();
  await mesh?.close();
});

const me = async (api: RestClient) => bodyOf(await api.get<Person>('/api/v1/me'), 200, 'Asking who I am');

async function newKey(changes: object = {}, by: RestClient = admin): Promise<NewKey> {
  const wanted = { name: 'importer', kind: 'master', ...changes };
  return bodyOf(await by.post<NewKey>('/api/v1/auth/keys', wanted), 201, 'Making an API key');
}

/** A client that sends the key. */
function withKey({ api_key: token }: NewKey): RestClient {
  return createRestClient({ gatewayUrl: mesh.gatewayUrl, token });
}

const read = (api: RestClient, path: string) => api.get<ProblemDocument>(`/api/v1/${path}`);
const revoke = (api: RestClient, keyId: string) =>
  api.send<ProblemDocument>('DELETE', `/api/v1/auth/keys/${keyId}`);

/** An error without what differs between any two requests. */
function shapeOf({ status, body }: RestAnswer<ProblemDocument>): object {
  return { sent: status, ...body, trace_id: '', timestamp: '', instance: '' };
}

describe('an API key', () => {
  it('acts as a user of its own, whom its tenant sees', async () => {
    const key = await newKey({ name: 'night import' });
    expect(key).toMatchObject({ api_key: expect.stringMatching(/^[0-9a-f]{64}$/), rate_limit: 1_000 });
    const [machine, alice] = [await me(withKey(key)), await me(admin)];
    expect(machine).toMatchObject({
      id: key.user_id,
      email: null,
      tenant_id: alice.tenant_id,
      role: 'admin',
    });
    expect(machine.id).not.toBe(alice.id);
    const { body } = await viewer.get<{ users: readonly Person[] }>('/api/v1/users');
    const row = { id: machine.id, username: machine.username };
    expect(body.users).toContainEqual(row);
    expect(body.users.map((user) => Object.keys(user))).toEqual(body.users.map(() => ['id', 'username']));
  });

  it('works through the mesh within what it was given, and no further', async () => {
    const api = withKey(await newKey({ kind: 'service', permissions: ['reports:create'] }));
    const report = { domain_id: sampleDomain, text: 'A street light is out on Main Street' };
    expect((await api.post('/api/v1/reports', report)).status).toBe(202);
    const refused = await read(api, 'reports');
    expect([refused.status, refused.body.detail]).toEqual([403, expect.stringContaining('reports:read')]);
  });

  it('is made once under an Idempotency-Key, also when the gateway ends before it has kept the answer', async () => {
    const request = {
      body: { name: 'made once', kind: 'master' },
      headers: { 'idempotency-key': 'the key of the night import' },
    };
    const make = () => admin.send<NewKey>('POST', '/api/v1/auth/keys', request);
    const first = await make();
    const kept = await make();
    expect([first.status, kept.status, kept.headers.get('idempotency-replayed')]).toEqual([201, 201, 'true']);
    await database.query('update orchestrator.request_answers set answer = null, claimed_until = now()');
    const again = await make();
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, null]);
    expect([kept.body, again.body]).toEqual([first.body, first.body]);
    expect((await read(withKey(again.body), 'agents')).status).toBe(200);
    const other = await admin.send('POST', '/api/v1/auth/keys', {
      ...request,
      body: { name: 'other', kind: 'master' },
    });
    expect(other.status).toBe(422);
    const { rows } = await database.query("select 1 from registry.api_keys where name = 'made once'");
    expect(rows).toHaveLength(1);
  });

  it('is kept to its endpoints', async () => {
    const api = withKey(await newKey({ allowed_endpoints: ['/agents'] }));
    expect((await read(api, 'agents')).status).toBe(200);
    expect((await read(api, 'agents/builtin-query-what')).status).toBe(200);
    const refused = await read(api, 'domains');
    expect([refused.status, refused.body.detail]).toEqual([403, expect.stringContaining('/agents')]);
  });

  it('is refused beyond its rate', async () => {
    const api = withKey(await newKey({ rate_limit: 2 }));
    const statuses = [await read(api, 'me'), await read(api, 'me'), await read(api, 'me')];
    expect(statuses.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(Number(statuses[2]?.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('is refused once it has expired, in the words for a key that never existed', async () => {
    const key = await newKey({ kind: 'user', permissions: ['agents:read'] });
    const past = "update registry.api_keys set expires_at = now() - interval '1 second' where key_id = $1";
    expect((await database.query(past, [key.key_id])).rowCount).toBe(1);
    const refused = await read(withKey(key), 'agents');
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toContain('Bearer');
    const unknown = await read(withKey({ ...key, api_key: 'f'.repeat(64) }), 'agents');
    expect(shapeOf(refused)).toEqual(shapeOf(unknown));
  });

  it('ends with its revocation, though the decision about it was kept until then', async () => {
    const key = await newKey();
    const api = withKey(key);
    // The registry notes when it was last asked about a key, so a use that it does not note was decided by the gateway alone.
    const useUnnoticed = async () => {
      await database.query('update registry.api_keys set last_used_at = null where key_id = $1', [
        key.key_id,
      ]);
      expect((await read(api, 'agents')).status).toBe(200);
      const noted = 'select last_used_at as at from registry.api_keys where key_id = $1';
      return (await database.query<{ at: Date | null }>(noted, [key.key_id])).rows[0]?.at === null;
    };
    const isKept = await pollUntil(useUnnoticed, (unnoticed) => unnoticed, never);
    expect(isKept).toBe(true);
    expect((await revoke(admin, key.key_id)).status).toBe(200);
    const last = await pollUntil(
      () => read(api, 'agents'),
      ({ status }) => status !== 200,
      never,
    );
    expect(last.status).toBe(401);
    expect((await revoke(admin, key.key_id)).status).toBe(200);
  });

  it('is listed without its text, in parts', async () => {
    const { api_key: text, key_id } = await newKey({ name: 'listed' });
    interface Part {
      readonly items: readonly NewKey[];
      readonly total: number;
      readonly has_next: boolean;
      readonly has_previous: boolean;
    }
    const path = '/api/v1/auth/keys';
    const first = bodyOf(await admin.get<Part>(`${path}?limit=1`), 200, 'Listing keys');
    expect(first).toMatchObject({ skip: 0, limit: 1, has_next: true, has_previous: false });
    expect(first.items.map((each) => each.key_id)).toEqual([key_id]);
    const rest = await admin.get<Part>(`${path}?skip=1&limit=100`);
    expect(rest.body).toMatchObject({ has_next: false, has_previous: true, total: first.total });
    expect(rest.body.items).toHaveLength(first.total - 1);
    expect(JSON.stringify([first, rest.body])).not.toContain(text);
  });

  it('that is described wrongly is refused with all that is wrong', async () => {
    const wrong = { kind: 'queen', permissions: ['agents:fly'], rate_limit: 0, expires_at: 'soon' };
    const { status, body } = await admin.post<ProblemDocument>('/api/v1/auth/keys', wrong);
    expect(status).toBe(400);
    const fields = body.details?.map(({ field }) => field).sort();
    expect(fields).toEqual(['expires_at', 'kind', 'name', 'permissions[0]', 'rate_limit']);
  });
});

describe('a team', () => {
  it('is made, changed, shown to everyone of the tenant and deleted', async () => {
    const [alice, vera] = [await me(admin), await me(viewer)];
    const wanted = { team_name: 'Night shift', members: [vera.id] };
    const made = bodyOf(await admin.post<Team>('/api/v1/teams', wanted), 201, 'Making a team');
    expect(made).toMatchObject({ ...wanted, created_by: alice.id });
    const path = `/api/v1/teams/${made.id}`;
    expect((await admin.put(path, { members: [vera.id, alice.id] })).status).toBe(200);
    const shown = bodyOf(await viewer.get<Team>(path), 200, 'Reading a team');
    expect([shown.team_name, [...shown.members].sort()]).toEqual(['Night shift', [vera.id, alice.id].sort()]);
    const list = await viewer.get<{ teams: readonly Team[] }>('/api/v1/teams');
    expect(list.body.teams.map(({ id }) => id)).toContain(made.id);
    expect((await admin.send('DELETE', path)).status).toBe(200);
    expect((await viewer.get(path)).status).toBe(404);
  });

  it('has members of the tenant alone, and every problem is told at once', async () => {
    const foreign = await me(stranger);
    const wrong = { team_name: '', members: [foreign.id, '01890a5d-0c0c-7aaa-8aaa-0123456789ab'] };
    const { status, body } = await admin.post<ProblemDocument>('/api/v1/teams', wrong);
    expect(status).toBe(400);
    expect(body.details?.map(({ field }) => field).sort()).toEqual(['members[0]', 'members[1]', 'team_name']);
    const reasons = body.details?.flatMap(({ field, reason }) => (field === 'team_name' ? [] : [reason]));
    expect(new Set(reasons).size).toBe(1);
  });
});

describe('what belongs to another tenant', () => {
  it('looks like what never existed: teams and keys', async () => {
    const team = bodyOf(await admin.post<Team>('/api/v1/teams', { team_name: 'Ours' }), 201, 'Making a team');
    const key = await newKey();
    const unknownTeam = '01890a5d-0c0c-7aaa-8aaa-0123456789ab';
    const foreign = [await read(stranger, `teams/${team.id}`), await revoke(stranger, key.key_id)];
    const unknown = [
      await read(stranger, `teams/${unknownTeam}`),
      await revoke(stranger, `key_${unknownTeam.replaceAll('-', '')}`),
    ];
    expect(foreign.map(({ status }) => status)).toEqual([404, 404]);
    expect(foreign.map(shapeOf)).toEqual(unknown.map(shapeOf));
    expect((await read(withKey(key), 'agents')).status).toBe(200);
    for (const [path, list] of [
      ['teams', 'teams'],
      ['auth/keys', 'items'],
    ] as const) {
      const { body } = await stranger.get<Readonly<Record<string, unknown>>>(`/api/v1/${path}`);
      expect(body[list]).toEqual([]);
    }
  });
});

describe('the audit log', () => {
  const entriesOf = async (api: RestClient, query: string) => {
    const answer = await api.get<{ entries: readonly Entry[] }>(`/api/v1/audit?${query}`);
    return bodyOf(answer, 200, 'Reading the audit log').entries;
  };

  it('tells who did what to an object, the newest first, in the trace of the request', async () => {
    const alice = await me(admin);
    const made = await admin.post<Team>('/api/v1/teams', { team_name: 'Audited' });
    const path = `/api/v1/teams/${made.body.id}`;
    const changed = await admin.put(path, { team_name: 'Audited twice' });
    const deleted = await admin.send('DELETE', path);
    const entries = await entriesOf(admin, `entity_type=team&entity_id=${made.body.id}`);
    expect(entries.map(({ operation_type }) => operation_type)).toEqual(['delete', 'update', 'create']);
    expect(entries.map(({ trace_id }) => trace_id)).toEqual(
      [deleted, changed, made].map(({ traceId }) => traceId),
    );
    expect(new Set(entries.map(({ user_id }) => user_id))).toEqual(new Set([alice.id]));
  });

  it('names the key that acted as its user, and its making and end', async () => {
    const key = await newKey();
    const made = await withKey(key).post<Team>('/api/v1/teams', { team_name: 'By machine' });
    await revoke(admin, key.key_id);
    const own = await entriesOf(admin, `user_id=${key.user_id}&entity_type=team`);
    expect(own.map(({ entity_id }) => entity_id)).toEqual([made.body.id]);
    const about = await entriesOf(admin, `entity_type=api_key&entity_id=${key.key_id}`);
    expect(about.map(({ operation_type }) => operation_type)).toEqual(['revoke', 'create']);
    expect(JSON.stringify(about)).not.toContain(key.api_key);
  });

  it('is one list of what was written in the registry and what was asked of runs', async () => {
    const made = await admin.post<Team>('/api/v1/teams', { team_name: 'Before the run' });
    const report = { domain_id: sampleDomain, text: 'A street light is out on Main Street' };
    const started = await admin.post<Started>('/api/v1/reports', report);
    const { job_id: jobId, incident_id: incidentId } = started.body;
    await pollUntil(
      async () => (await admin.get<{ status: string }>(`/api/v1/executions/${jobId}`)).body,
      ({ status }) => status === 'completed' || status === 'failed',
      never,
    );
    await admin.post<Team>('/api/v1/teams', { team_name: 'After the run' });
    const deleted = await admin.send('DELETE', `/api/v1/reports/${incidentId}`);
    const entries = await entriesOf(admin, 'limit=4');
    const told = entries.map(({ operation_type, entity_type }) => `${operation_type} ${entity_type}`);
    expect(told).toEqual(['delete report', 'create team', 'execution_start execution', 'create team']);
    expect(entries.map(({ entity_id }) => entity_id)).toMatchObject([
      incidentId,
      expect.any(String),
      jobId,
      made.body.id,
    ]);
    expect([entries[0]?.trace_id, entries[2]?.trace_id]).toEqual([deleted.traceId, started.traceId]);
    const walked: Entry[] = [];
    for (let cursor = ''; walked.length < 4; ) {
      const page = await admin.get<AuditAnswer>(`/api/v1/audit?limit=1${cursor}`);
      walked.push(...page.body.entries);
      cursor = `&cursor=${encodeURIComponent(page.body.pagination.next_cursor)}`;
    }
    expect(walked).toEqual(entries);
  });

  it('knows every word of both services', async () => {
    for (const source of auditSources) {
      const { operationTypes, entityTypes } = auditWords[source];
      for (const word of operationTypes) await entriesOf(admin, `operation_type=${word}`);
      for (const word of entityTypes) await entriesOf(admin, `entity_type=${word}`);
    }
  });

  it('is paged, kept to times, and to the own tenant', async () => {
    const [newest] = await entriesOf(admin, 'limit=1');
    const page = await admin.get<{ pagination: { next_cursor: string } }>('/api/v1/audit?limit=1');
    const cursor = encodeURIComponent(page.body.pagination.next_cursor);
    const [next] = await entriesOf(admin, `limit=1&cursor=${cursor}`);
    expect(next).not.toEqual(newest);
    expect(await entriesOf(admin, 'to=2001-01-01')).toEqual([]);
    const foreign = (await entriesOf(stranger, 'limit=100')).map(({ entity_type }) => entity_type);
    expect(foreign).not.toContain('team');
    expect((await read(viewer, 'audit')).status).toBe(403);
  });
});

describe('budgets and usage', () => {
  const none = { tenant: null, domain: null, run: null };
  const budgets = { ...none, run: { soft: 0.25, hard: 1, currency: 'EUR' } };

  it('are set by admins, audited, and shown to everyone of the tenant', async () => {
    const path = '/api/v1/tenant/settings';
    expect((await viewer.put(path, { budgets })).status).toBe(403);
    const { body } = await admin.put<{ budgets: object }>(path, { budgets });
    expect(body.budgets).toEqual(budgets);
    expect((await viewer.get<{ budgets: object }>('/api/v1/tenant/settings')).body.budgets).toEqual(budgets);
    expect((await stranger.get<{ budgets: object }>('/api/v1/tenant/settings')).body.budgets).toEqual(none);
    const wrong = { tenant: { soft: 2, hard: 1, currency: 'euro' } };
    const refused = await admin.put<ProblemDocument>(path, { budgets: wrong });
    const fields = refused.body.details?.map(({ field }) => field);
    expect([refused.status, fields]).toEqual([400, ['budgets.tenant.soft', 'budgets.tenant.currency']]);
    const { body: log } = await admin.get<AuditAnswer>('/api/v1/audit?entity_type=tenant_settings');
    expect(log.entries.map(({ operation_type }) => operation_type)).toEqual(['create']);
  });

  it('are nothing for agents that need no model', async () => {
    const { status, body } = await viewer.get<{ groups: unknown[] }>('/api/v1/usage?group_by=day');
    expect([status, body]).toEqual([
      200,
      expect.objectContaining({ group_by: 'day', groups: [], totals: [] }),
    ]);
  });
});
