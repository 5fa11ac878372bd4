// Gates through REST: what is worse is measured, named and not published; what is as good or better is. Shadow runs leave nothing behind.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ApiClient } from '../../clients/api/api-client.ts';
import type { Gate, NewGoldenSet, NewPlaybook, StartGateBody } from '../../clients/api/gen/api-types.ts';
import { answered, fieldsOf, refused, statusOf } from './answers.ts';
import { countDocuments, gated } from './gates.for-test.ts';
import { agentDocument, createAgent, createDomain, playbook } from './sample-definitions.ts';
import { finishQuery, finishReport, openSession, startTestMesh, type TestMesh } from './test-mesh.ts';

jest.setTimeout(60_000);

let mesh: TestMesh;
let admin: ApiClient;
let reader: ApiClient;
let stranger: ApiClient;

beforeAll(async () => {
  mesh = await startTestMesh();
  admin = await mesh.as('works', 'ada');
  reader = await mesh.as('works', 'vic', ['viewer']);
  stranger = await mesh.as('elsewhere', 'ada');
}, 60_000);
afterAll(async () => {
  await mesh?.close();
});

const [geo, temporal, entity] = [
  'builtin-ingestion-geo',
  'builtin-ingestion-temporal',
  'builtin-ingestion-entity',
];
const domain = '/api/v1/domains/{domain_id}';
const sets = '/api/v1/domains/{domain_id}/golden-sets';
const gate = '/api/v1/domains/{domain_id}/gate';
const agent = '/api/v1/agents/{agent_id}';
const basics = (domain_id: string) => ({ domain_id, name: 'basics' });
const row = (text: string, expected: Record<string, unknown>) => ({
  input: { text, reference_time: '2025-03-14T08:00:00Z' },
  expected,
});
const pothole = 'There is a deep pothole on Main Street since yesterday';
const goldenSet: NewGoldenSet = {
  playbook: 'ingestion',
  rows: [
    row(pothole, { urgency: 'moderate', location_text: 'Main Street' }),
    row('A gas main has burst and is on fire in Elm Street right now', { urgency: 'IMMEDIATE ' }),
  ],
  thresholds: { precision: 0.9, recall: 0.9 },
  required: true,
};

async function measured(
  domainId: string,
  set: NewGoldenSet = goldenSet,
  more: Parameters<typeof createDomain>[2] = {},
): Promise<void> {
  await createDomain(admin, domainId, { ingestion_playbook: playbook([geo, temporal]), ...more });
  const put = await answered((onHead) =>
    admin.put(`${sets}/{name}`, { path: basics(domainId), body: set, onHead }),
  );
  expect(put).toMatchObject({ status: 201, body: { version: 1, warnings: [] } });
}

const hold = (domainId: string, candidate: StartGateBody['candidate']) =>
  gated({ admin, reader }, domainId, candidate);

describe('publishing a playbook that is measured', () => {
  it('is refused for a worse one, with the field, and open to one that passed', async () => {
    await measured('potholes');
    const path = { domain_id: 'potholes' };
    const publish = (wanted: NewPlaybook) =>
      admin.put(domain, { path, body: { ingestion_playbook: wanted } });
    const worse = playbook([geo]);
    const unmeasured = await refused(publish(worse));
    expect([unmeasured.status, unmeasured.problem?.error_code]).toEqual([409, 'ERR_409']);
    expect(unmeasured.message).toContain('run POST /domains/potholes/gate with this definition');

    const failed = await hold('potholes', { playbook: worse });
    expect(failed).toMatchObject({ status: 'completed', passed: false, error: null });
    expect(failed.progress).toEqual({ rows_done: 2, rows_total: 2 });
    expect(failed.reasons).toEqual(['urgency: recall 0 is below 0.9 (0 correct of 2 expected)']);
    expect(failed.differences).toMatchObject([
      { row: 0, path: 'urgency', expected: 'moderate', got: null, present: 'right' },
      { row: 1, path: 'urgency', expected: 'IMMEDIATE ', got: null, present: 'right' },
    ]);
    const refusal = await refused(publish(worse));
    expect(refusal.violations).toMatchObject([{ field: 'golden_sets.basics' }]);
    expect(refusal.message).toContain('below the thresholds: urgency');

    const better = playbook([geo, temporal, entity]);
    expect(await hold('potholes', { playbook: better })).toMatchObject({
      ...{ passed: true, reasons: [], cost: { ratio: null, present: { calls: 0, money: null } } },
      latency: { ratio: expect.any(Number), candidate: { median_ms: expect.any(Number) } },
    });
    expect(await publish(better)).toMatchObject({ version: 2 });
    const back = () => admin.post(`${domain}/rollback`, { path, body: { version: 1 } });
    expect((await refused(back())).status).toBe(409);
    expect(await hold('potholes', { version: 1 })).toMatchObject({ passed: true });
    expect(await back()).toMatchObject({ version: 3 });
  });

  it('lets one of two through that passed against the same version', async () => {
    await measured('races');
    const wanted = [playbook([geo, temporal, entity]), playbook([temporal, geo])];
    for (const candidate of wanted) {
      expect(await hold('races', { playbook: candidate })).toMatchObject({ passed: true });
    }
    const ends = await Promise.all(
      wanted.map((ingestion_playbook) =>
        statusOf(admin.put(domain, { path: { domain_id: 'races' }, body: { ingestion_playbook } })),
      ),
    );
    expect(ends.sort()).toEqual([200, 409]);
  });

  it('concerns the agents of the playbook, and ends with an audited write of the set', async () => {
    const agentId = await createAgent(admin, { output_schema: { answer: { type: 'string' } } });
    const input = { question: 'How many potholes are there?' };
    const set: NewGoldenSet = {
      ...{ playbook: 'query' as const, rows: [{ input, expected: { answer: 'never' } }], required: true },
      thresholds: { precision: 0, recall: 0 },
    };
    await measured('asked', set, { query_playbook: playbook([agentId]) });
    const change = { system_prompt: 'Answer in one word.' };
    const path = { agent_id: agentId };
    const publish = (body = change) => admin.put(agent, { path, body });
    expect((await refused(publish())).status).toBe(409);
    expect(await hold('asked', { agent: { agent_id: agentId, ...change } })).toMatchObject({ passed: true });
    expect(await publish()).toMatchObject({ version: 2 });
    const again = { system_prompt: 'Answer in two words.' };
    expect((await refused(publish(again))).status).toBe(409);
    const removal = admin.delete(domain, { path: { domain_id: 'asked' } });
    expect((await refused(removal)).status).toBe(409);
    const freed = await answered((onHead) =>
      admin.put(`${sets}/{name}`, { path: basics('asked'), body: { ...set, required: false }, onHead }),
    );
    expect(freed.status).toBe(200);
    expect(await publish(again)).toMatchObject({ version: 3 });
    const query = { entity_type: 'golden_set', entity_id: 'asked/basics' } as const;
    const { entries } = await admin.get('/api/v1/audit', { query });
    expect(entries.map(({ operation_type }) => operation_type)).toEqual(['update', 'create']);
  });
});

describe('a gate', () => {
  it('writes nothing, reads what a run would, and is in no list but where it is asked for', async () => {
    await createDomain(admin, 'quiet', { ingestion_playbook: playbook([geo, temporal]) });
    await finishReport(admin, pothole, 'quiet');
    await finishQuery(admin, await openSession(admin), 'How many potholes are there?', 'quiet');
    const input = { question: 'What happened?' };
    const variants: readonly NewGoldenSet[] = [
      goldenSet,
      { ...goldenSet, playbook: 'query', rows: [{ input, expected: { 'references[]': [] } }] },
    ];
    const before = await countDocuments(mesh);
    expect(before).toMatchObject({ Reports: expect.any(Number), Messages: expect.any(Number) });
    const found: Gate[] = [];
    for (const set of variants) {
      await admin.put(`${sets}/{name}`, { path: basics('quiet'), body: { ...set, required: false } });
      found.push(await hold('quiet', { version: 1 }));
    }
    expect(found.map(({ status }) => status)).toEqual(['completed', 'completed']);
    expect(found[1]?.differences[0]?.got).toEqual([expect.stringMatching(/^inc_/)]);
    expect(await countDocuments(mesh)).toEqual(before);
    const runs = async (more: { readonly kind?: 'shadow_ingest' }) => {
      const query = { domain_id: 'quiet', ...more };
      const { executions } = await admin.get('/api/v1/executions', { query });
      return executions.map(({ kind }) => kind);
    };
    expect((await runs({})).sort()).toEqual(['ingest', 'query']);
    expect(await runs({ kind: 'shadow_ingest' })).toEqual(Array(4).fill('shadow_ingest'));
  });

  it('is started and cancelled by admins, read by everybody of the tenant, and of nobody else', async () => {
    await measured('private');
    const path = basics('private');
    const start = (by: ApiClient) =>
      by.post(gate, { path, body: { golden_set: 'basics', candidate: { version: 1 } } });
    const editor = await mesh.as('works', 'ed', ['editor']);
    for (const other of [reader, editor]) expect((await refused(start(other))).status).toBe(403);
    expect((await refused(start(stranger))).status).toBe(404);
    const { gate_id } = await start(admin);
    const read = (by: ApiClient) => by.get(`${gate}/{gate_id}`, { path: { ...path, gate_id } });
    const cancel = (by: ApiClient, id = gate_id) =>
      by.delete(`${gate}/{gate_id}`, { path: { ...path, gate_id: id } });
    expect(await read(reader)).toMatchObject({ gate_id });
    expect((await refused(read(stranger))).status).toBe(404);
    expect((await refused(cancel(reader))).status).toBe(403);
    expect((await refused(cancel(stranger))).status).toBe(404);
    expect((await refused(stranger.get(sets, { path }))).status).toBe(404);
    const written = reader.put(`${sets}/{name}`, { path, body: goldenSet });
    expect((await refused(written)).status).toBe(403);
    expect(await reader.get(`${sets}/{name}`, { path })).toMatchObject({ rows_total: 2 });
    const { golden_sets } = await reader.get(sets, { path });
    expect(golden_sets).toMatchObject([{ name: 'basics', rows_total: 2 }]);
    const ended = await hold('private', { version: 1 });
    expect((await refused(cancel(admin, ended.gate_id))).status).toBe(409);
    expect(await admin.delete(`${sets}/{name}`, { path })).toMatchObject({ name: 'basics' });
  });

  it('names every problem of a candidate by its path, and every unknown set', async () => {
    await measured('strict');
    const path = basics('strict');
    const start = (golden_set: string, candidate: StartGateBody['candidate']) =>
      admin.post(gate, { path, body: { golden_set, candidate } });
    const wrong = await refused(start('basics', { playbook: playbook(['nobody', 'nobody']) }));
    expect(wrong.status).toBe(400);
    expect(fieldsOf(wrong)).toContain('candidate.playbook.agent_execution_graph.nodes[1]');
    expect((await refused(start('other', { version: 1 }))).status).toBe(404);
    const raw = await mesh.raw('works', 'ada');
    const blank = await raw('PUT', '/domains/strict/golden-sets/basics', { body: agentDocument() });
    expect(blank.body.details.map(({ field }) => field)).toEqual(['playbook', 'rows', 'thresholds']);
  });
});
