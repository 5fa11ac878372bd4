// The people and machines of a tenant through the whole mesh: teams, API keys and what they open, and the log of who did what.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { type ApiClient, createClient } from '../../clients/api/api-client.ts';
import type {
  AuditEntry,
  CreateApiKeyBody,
  ListAuditEntriesQuery,
  NewApiKey,
} from '../../clients/api/gen/api-types.ts';
import { auditSources, auditWords } from '../../gateway/core/audit-filter.ts';
import { pollUntil, sampleDomain } from '../../local/demo/demo-run.ts';
import { ensureDatabase } from '../../local/mesh/prepare-stores.ts';
import { answered, fieldsOf, refused, shapeOf, statusOf } from './answers.ts';
import type { RawClient } from './raw-client.ts';
import { startTestMesh, type TestMesh } from './test-mesh.ts';

jest.setTimeout(60_000);

const never = new AbortController().signal;
let mesh: TestMesh;
let admin: ApiClient;
let viewer: ApiClient;
let stranger: ApiClient;
let raw: RawClient;
/** The superuser, for what no caller of the API can do. */
let database: pg.Client;

beforeAll(async () => {
  mesh = await startTestMesh();
  database = new pg.Client({ connectionString: await ensureDatabase(mesh.databases.adminUrl) });
  await database.connect();
  admin = await mesh.as('acme', 'alice');
  raw = await mesh.raw('acme', 'alice');
  viewer = await mesh.as('acme', 'vera', ['viewer']);
  stranger = await mesh.as('globex', 'greta');
});

afterAll(async () => {
  await database?.end();
  await mesh?.close();
});

const me = (api: ApiClient) => api.get('/api/v1/me');

function newKey(changes: Partial<CreateApiKeyBody> = {}): Promise<NewApiKey> {
  return admin.post('/api/v1/auth/keys', { body: { name: 'importer', kind: 'master', ...changes } });
}

/** A client that sends the key. */
function withKey({ api_key: credential }: Pick<NewApiKey, 'api_key'>): ApiClient {
  return createClient({ baseUrl: mesh.gatewayUrl, credential, retriesMax: 0 });
}

const agents = (api: ApiClient) => api.get('/api/v1/agents');
const revoke = (api: ApiClient, key_id: string) =>
  api.delete('/api/v1/auth/keys/{key_id}', { path: { key_id } });
const makeTeam = (team_name: string, by = admin) =>
  answered((onHead) => by.post('/api/v1/teams', { body: { team_name }, onHead }));
const report = { domain_id: sampleDomain, text: 'A street light is out on Main Street' };

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
    const { users } = await viewer.get('/api/v1/users');
    const row = { id: machine.id, username: machine.username };
    expect(users).toContainEqual(row);
    expect(users.map((user) => Object.keys(user))).toEqual(users.map(() => ['id', 'username']));
  });

  it('works through the mesh within what it was given, and no further', async () => {
    const api = withKey(await newKey({ kind: 'service', permissions: ['reports:create'] }));
    expect(await api.post('/api/v1/reports', { body: report })).toMatchObject({ status: 'accepted' });
    const { status, message } = await refused(api.get('/api/v1/reports'));
    expect([status, message]).toEqual([403, expect.stringContaining('reports:read')]);
  });

  it('is made once under an Idempotency-Key, also when the gateway ends before it has kept the answer', async () => {
    const headers = { 'idempotency-key': 'the key of the night import' };
    const make = (name = 'made once') =>
      answered((onHead) =>
        admin.post('/api/v1/auth/keys', { body: { name, kind: 'master' }, headers, onHead }),
      );
    const first = await make();
    const kept = await make();
    expect([first.status, kept.status, kept.headers.get('idempotency-replayed')]).toEqual([201, 201, 'true']);
    await database.query('update orchestrator.request_answers set answer = null, claimed_until = now()');
    const again = await make();
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, null]);
    expect([kept.body, again.body]).toEqual([first.body, first.body]);
    expect((await agents(withKey(again.body))).agents).not.toEqual([]);
    expect((await refused(make('other'))).status).toBe(422);
    const { rows } = await database.query("select 1 from registry.api_keys where name = 'made once'");
    expect(rows).toHaveLength(1);
  });

  it('is kept to its endpoints', async () => {
    const api = withKey(await newKey({ allowed_endpoints: ['/agents'] }));
    expect((await agents(api)).agents).not.toEqual([]);
    const agent_id = 'builtin-query-what';
    const agent = await api.get('/api/v1/agents/{agent_id}', { path: { agent_id } });
    expect(agent.agent_id).toBe(agent_id);
    const { status, message } = await refused(api.get('/api/v1/domains'));
    expect([status, message]).toEqual([403, expect.stringContaining('/agents')]);
  });

  it('is refused beyond its rate', async () => {
    const api = withKey(await newKey({ rate_limit: 2 }));
    await me(api);
    await me(api);
    const { status, retryAfterMs } = await refused(me(api));
    expect(status).toBe(429);
    expect(retryAfterMs).toBeGreaterThan(0);
  });

  it('is refused once it has expired, in the words for a key that never existed', async () => {
    const key = await newKey({ kind: 'user', permissions: ['agents:read'] });
    const past = "update registry.api_keys set expires_at = now() - interval '1 second' where key_id = $1";
    expect((await database.query(past, [key.key_id])).rowCount).toBe(1);
    let challenge: string | null = null;
    const onHead = ({ headers }: Pick<Response, 'headers'>) => {
      challenge = headers.get('www-authenticate');
    };
    const expired = await refused(withKey(key).get('/api/v1/agents', { onHead }));
    expect(expired.status).toBe(401);
    expect(challenge).toContain('Bearer');
    const unknown = await refused(agents(withKey({ api_key: 'f'.repeat(64) })));
    expect(shapeOf(expired)).toEqual(shapeOf(unknown));
  });

  it('ends with its revocation, though the decision about it was kept until then', async () => {
    const key = await newKey();
    const api = withKey(key);
    // The registry notes when it was last asked about a key, so a use that it does not note was decided by the gateway alone.
    const useUnnoticed = async () => {
      await database.query('update registry.api_keys set last_used_at = null where key_id = $1', [
        key.key_id,
      ]);
      expect((await agents(api)).agents).not.toEqual([]);
      const noted = 'select last_used_at as at from registry.api_keys where key_id = $1';
      return (await database.query<{ at: Date | null }>(noted, [key.key_id])).rows[0]?.at === null;
    };
    const isKept = await pollUntil(useUnnoticed, (unnoticed) => unnoticed, never);
    expect(isKept).toBe(true);
    await revoke(admin, key.key_id);
    const last = await pollUntil(
      () => statusOf(agents(api)),
      (status) => status !== 200,
      never,
    );
    expect(last).toBe(401);
    expect(await revoke(admin, key.key_id)).toMatchObject({ key_id: key.key_id });
  });

  it('is listed without its text, in parts', async () => {
    const { api_key: text, key_id } = await newKey({ name: 'listed' });
    const list = (query: { skip?: number; limit: number }) => admin.get('/api/v1/auth/keys', { query });
    const first = await list({ limit: 1 });
    expect(first).toMatchObject({ skip: 0, limit: 1, has_next: true, has_previous: false });
    expect(first.items.map((each) => each.key_id)).toEqual([key_id]);
    const rest = await list({ skip: 1, limit: 100 });
    expect(rest).toMatchObject({ has_next: false, has_previous: true, total: first.total });
    expect(rest.items).toHaveLength(first.total - 1);
    expect(JSON.stringify([first, rest])).not.toContain(text);
  });

  it('that is described wrongly is refused with all that is wrong', async () => {
    const wrong = { kind: 'queen', permissions: ['agents:fly'], rate_limit: 0, expires_at: 'soon' };
    const { status, body } = await raw('POST', '/auth/keys', { body: wrong });
    expect(status).toBe(400);
    const fields = body.details.map(({ field }) => field).sort();
    expect(fields).toEqual(['expires_at', 'kind', 'name', 'permissions[0]', 'rate_limit']);
  });
});

describe('a team', () => {
  it('is made, changed, shown to everyone of the tenant and deleted', async () => {
    const [alice, vera] = [await me(admin), await me(viewer)];
    const wanted = { team_name: 'Night shift', members: [vera.id] };
    const made = await admin.post('/api/v1/teams', { body: wanted });
    expect(made).toMatchObject({ ...wanted, created_by: alice.id });
    const path = { id: made.id };
    await admin.put('/api/v1/teams/{id}', { path, body: { members: [vera.id, alice.id] } });
    const shown = await viewer.get('/api/v1/teams/{id}', { path });
    expect([shown.team_name, [...shown.members].sort()]).toEqual(['Night shift', [vera.id, alice.id].sort()]);
    const { teams } = await viewer.get('/api/v1/teams');
    expect(teams.map(({ id }) => id)).toContain(made.id);
    expect(await admin.delete('/api/v1/teams/{id}', { path })).toMatchObject(path);
    expect((await refused(viewer.get('/api/v1/teams/{id}', { path }))).status).toBe(404);
  });

  it('has members of the tenant alone, and every problem is told at once', async () => {
    const foreign = await me(stranger);
    const wrong = { team_name: '', members: [foreign.id, '01890a5d-0c0c-7aaa-8aaa-0123456789ab'] };
    const refusal = await refused(admin.post('/api/v1/teams', { body: wrong }));
    expect(refusal.status).toBe(400);
    expect(fieldsOf(refusal)).toEqual(['members[0]', 'members[1]', 'team_name']);
    const reasons = refusal.violations.flatMap(({ field, reason }) =>
      field === 'team_name' ? [] : [reason],
    );
    expect(new Set(reasons).size).toBe(1);
  });
});

describe('what belongs to another tenant', () => {
  it('looks like what never existed: teams and keys', async () => {
    const { body: team } = await makeTeam('Ours');
    const key = await newKey();
    const unknownTeam = '01890a5d-0c0c-7aaa-8aaa-0123456789ab';
    const readTeam = (id: string) => stranger.get('/api/v1/teams/{id}', { path: { id } });
    const foreign = [await refused(readTeam(team.id)), await refused(revoke(stranger, key.key_id))];
    const unknown = [
      await refused(readTeam(unknownTeam)),
      await refused(revoke(stranger, `key_${unknownTeam.replaceAll('-', '')}`)),
    ];
    expect(foreign.map(({ status }) => status)).toEqual([404, 404]);
    expect(foreign.map(shapeOf)).toEqual(unknown.map(shapeOf));
    expect((await agents(withKey(key))).agents).not.toEqual([]);
    expect((await stranger.get('/api/v1/teams')).teams).toEqual([]);
    expect((await stranger.get('/api/v1/auth/keys')).items).toEqual([]);
  });
});

describe('the audit log', () => {
  const entriesOf = async (api: ApiClient, query: ListAuditEntriesQuery) =>
    (await api.get('/api/v1/audit', { query })).entries;

  it('tells who did what to an object, the newest first, in the trace of the request', async () => {
    const alice = await me(admin);
    const made = await makeTeam('Audited');
    const path = { id: made.body.id };
    const body = { team_name: 'Audited twice' };
    const changed = await answered((onHead) => admin.put('/api/v1/teams/{id}', { path, body, onHead }));
    const deleted = await answered((onHead) => admin.delete('/api/v1/teams/{id}', { path, onHead }));
    const entries = await entriesOf(admin, { entity_type: 'team', entity_id: made.body.id });
    expect(entries.map(({ operation_type }) => operation_type)).toEqual(['delete', 'update', 'create']);
    expect(entries.map(({ trace_id }) => trace_id)).toEqual(
      [deleted, changed, made].map(({ traceId }) => traceId),
    );
    expect(new Set(entries.map(({ user_id }) => user_id))).toEqual(new Set([alice.id]));
  });

  it('names the key that acted as its user, and its making and end', async () => {
    const key = await newKey();
    const made = await makeTeam('By machine', withKey(key));
    await revoke(admin, key.key_id);
    const own = await entriesOf(admin, { user_id: key.user_id, entity_type: 'team' });
    expect(own.map(({ entity_id }) => entity_id)).toEqual([made.body.id]);
    const about = await entriesOf(admin, { entity_type: 'api_key', entity_id: key.key_id });
    expect(about.map(({ operation_type }) => operation_type)).toEqual(['revoke', 'create']);
    expect(JSON.stringify(about)).not.toContain(key.api_key);
  });

  it('is one list of what was written in the registry and what was asked of runs', async () => {
    const made = await makeTeam('Before the run');
    const started = await answered((onHead) => admin.post('/api/v1/reports', { body: report, onHead }));
    const { job_id, incident_id } = started.body;
    await pollUntil(
      () => admin.get('/api/v1/executions/{job_id}', { path: { job_id } }),
      ({ status }) => status === 'completed' || status === 'failed',
      never,
    );
    await makeTeam('After the run');
    const deleted = await answered((onHead) =>
      admin.delete('/api/v1/reports/{incident_id}', { path: { incident_id }, onHead }),
    );
    const entries = await entriesOf(admin, { limit: 4 });
    const told = entries.map(({ operation_type, entity_type }) => `${operation_type} ${entity_type}`);
    expect(told).toEqual(['delete report', 'create team', 'execution_start execution', 'create team']);
    expect(entries.map(({ entity_id }) => entity_id)).toMatchObject([
      incident_id,
      expect.any(String),
      job_id,
      made.body.id,
    ]);
    expect([entries[0]?.trace_id, entries[2]?.trace_id]).toEqual([deleted.traceId, started.traceId]);
    const walked: AuditEntry[] = [];
    for await (const entry of admin.pages('/api/v1/audit', { query: { limit: 1 } })) {
      walked.push(entry);
      if (walked.length === 4) break;
    }
    expect(walked).toEqual(entries);
  });

  it('knows every word of both services', async () => {
    for (const source of auditSources) {
      const { operationTypes, entityTypes } = auditWords[source];
      for (const word of operationTypes) await entriesOf(admin, { operation_type: word });
      for (const word of entityTypes) await entriesOf(admin, { entity_type: word });
    }
  });

  it('is paged, kept to times, and to the own tenant', async () => {
    const { entries, pagination } = await admin.get('/api/v1/audit', { query: { limit: 1 } });
    const [newest] = entries;
    const [next] = await entriesOf(admin, { limit: 1, cursor: pagination.next_cursor ?? '' });
    expect(next).not.toEqual(newest);
    expect(await entriesOf(admin, { to: '2001-01-01' })).toEqual([]);
    const foreign = (await entriesOf(stranger, { limit: 100 })).map(({ entity_type }) => entity_type);
    expect(foreign).not.toContain('team');
    expect((await refused(viewer.get('/api/v1/audit'))).status).toBe(403);
  });
});

describe('budgets and usage', () => {
  const none = { tenant: null, domain: null, run: null };
  const budgets = { ...none, run: { soft: 0.25, hard: 1, currency: 'EUR' } };

  it('are set by admins, audited, and shown to everyone of the tenant', async () => {
    const settings = '/api/v1/tenant/settings';
    expect((await refused(viewer.put(settings, { body: { budgets } }))).status).toBe(403);
    expect((await admin.put(settings, { body: { budgets } })).budgets).toEqual(budgets);
    expect((await viewer.get(settings)).budgets).toEqual(budgets);
    expect((await stranger.get(settings)).budgets).toEqual(none);
    const wrong = { tenant: { soft: 2, hard: 1, currency: 'euro' } };
    const { status, violations } = await refused(admin.put(settings, { body: { budgets: wrong } }));
    const fields = violations.map(({ field }) => field);
    expect([status, fields]).toEqual([400, ['budgets.tenant.soft', 'budgets.tenant.currency']]);
    const query = { entity_type: 'tenant_settings' };
    const { entries } = await admin.get('/api/v1/audit', { query });
    expect(entries.map(({ operation_type }) => operation_type)).toEqual(['create']);
  });

  it('are nothing for agents that need no model', async () => {
    const usage = await viewer.get('/api/v1/usage', { query: { group_by: 'day' } });
    expect(usage).toMatchObject({ group_by: 'day', groups: [], totals: [] });
  });
});
