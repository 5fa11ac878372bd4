// Gates through REST: what is worse is measured, named and not published; what is as good or better is. Shadow runs leave nothing behind.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { bodyOf, type RestClient } from '../../local/rest-client.ts';
import { countDocuments, type GateDocument, gated } from './gates.for-test.ts';
import {
  agentDocument,
  createAgent,
  createDomain,
  type DomainDocument,
  playbook,
  type RefusalDocument,
} from './sample-definitions.ts';
import { finishQuery, finishReport, openSession, startTestMesh, type TestMesh } from './test-mesh.ts';

jest.setTimeout(60_000);

let mesh: TestMesh;
let admin: RestClient;
let reader: RestClient;
let stranger: RestClient;

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
const base = '/api/v1/domains';
const row = (text: string, expected: object) => ({
  input: { text, reference_time: '2025-03-14T08:00:00Z' },
  expected,
});
const pothole = 'There is a deep pothole on Main Street since yesterday';
const goldenSet = {
  playbook: 'ingestion',
  rows: [
    row(pothole, { urgency: 'moderate', location_text: 'Main Street' }),
    row('A gas main has burst and is on fire in Elm Street right now', { urgency: 'IMMEDIATE ' }),
  ],
  thresholds: { precision: 0.9, recall: 0.9 },
  required: true,
};

async function measured(domainId: string, set: object = goldenSet, more: object = {}): Promise<void> {
  await createDomain(admin, domainId, { ingestion_playbook: playbook([geo, temporal]), ...more });
  const put = await admin.put(`${base}/${domainId}/golden-sets/basics`, set);
  expect(put).toMatchObject({ status: 201, body: { version: 1, warnings: [] } });
}

const hold = (domainId: string, candidate: object) => gated({ admin, reader }, domainId, candidate);

describe('publishing a playbook that is measured', () => {
  it('is refused for a worse one, with the field, and open to one that passed', async () => {
    await measured('potholes');
    const publish = (wanted: object) =>
      admin.put<RefusalDocument>(`${base}/potholes`, { ingestion_playbook: wanted });
    const worse = playbook([geo]);
    const unmeasured = await publish(worse);
    expect(unmeasured).toMatchObject({ status: 409, body: { error_code: 'ERR_409' } });
    expect(unmeasured.body.detail).toContain('run POST /domains/potholes/gate with this definition');

    const failed = await hold('potholes', { playbook: worse });
    expect(failed).toMatchObject({ status: 'completed', passed: false, error: null });
    expect(failed.progress).toEqual({ rows_done: 2, rows_total: 2 });
    expect(failed.reasons).toEqual(['urgency: recall 0 is below 0.9 (0 correct of 2 expected)']);
    expect(failed.differences).toMatchObject([
      { row: 0, path: 'urgency', expected: 'moderate', got: null, present: 'right' },
      { row: 1, path: 'urgency', expected: 'IMMEDIATE ', got: null, present: 'right' },
    ]);
    const refused = await publish(worse);
    expect(refused.body.details).toMatchObject([{ field: 'golden_sets.basics' }]);
    expect(refused.body.detail).toContain('below the thresholds: urgency');

    const better = playbook([geo, temporal, entity]);
    expect(await hold('potholes', { playbook: better })).toMatchObject({
      ...{ passed: true, reasons: [], cost: { ratio: null, present: { calls: 0, money: null } } },
      latency: { ratio: expect.any(Number), candidate: { median_ms: expect.any(Number) } },
    });
    expect(await publish(better)).toMatchObject({ status: 200, body: { version: 2 } });
    const back = () => admin.post<RefusalDocument>(`${base}/potholes/rollback`, { version: 1 });
    expect((await back()).status).toBe(409);
    expect(await hold('potholes', { version: 1 })).toMatchObject({ passed: true });
    expect(await back()).toMatchObject({ status: 200, body: { version: 3 } });
  });

  it('lets one of two through that passed against the same version', async () => {
    await measured('races');
    const wanted = [playbook([geo, temporal, entity]), playbook([temporal, geo])];
    for (const candidate of wanted) {
      expect(await hold('races', { playbook: candidate })).toMatchObject({ passed: true });
    }
    const ends = await Promise.all(
      wanted.map((ingestion_playbook) => admin.put<DomainDocument>(`${base}/races`, { ingestion_playbook })),
    );
    expect(ends.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it('concerns the agents of the playbook, and ends with an audited write of the set', async () => {
    const agentId = await createAgent(admin, { output_schema: { answer: { type: 'string' } } });
    const input = { question: 'How many potholes are there?' };
    const set = {
      ...{ playbook: 'query', rows: [{ input, expected: { answer: 'never' } }], required: true },
      thresholds: { precision: 0, recall: 0 },
    };
    await measured('asked', set, { query_playbook: playbook([agentId]) });
    const change = { system_prompt: 'Answer in one word.' };
    const publish = () => admin.put<RefusalDocument>(`/api/v1/agents/${agentId}`, change);
    expect((await publish()).status).toBe(409);
    expect(await hold('asked', { agent: { agent_id: agentId, ...change } })).toMatchObject({ passed: true });
    expect(await publish()).toMatchObject({ status: 200, body: { version: 2 } });
    const again = { system_prompt: 'Answer in two words.' };
    expect((await admin.put(`/api/v1/agents/${agentId}`, again)).status).toBe(409);
    expect((await admin.delete(`${base}/asked`)).status).toBe(409);
    expect((await admin.put(`${base}/asked/golden-sets/basics`, { ...set, required: false })).status).toBe(
      200,
    );
    expect((await admin.put(`/api/v1/agents/${agentId}`, again)).status).toBe(200);
    const audit = await admin.get<{ entries: readonly { entity_id: string; operation_type: string }[] }>(
      '/api/v1/audit?entity_type=golden_set&entity_id=asked/basics',
    );
    expect(audit.body.entries.map(({ operation_type }) => operation_type)).toEqual(['update', 'create']);
  });
});

describe('a gate', () => {
  it('writes nothing, reads what a run would, and is in no list but where it is asked for', async () => {
    await createDomain(admin, 'quiet', { ingestion_playbook: playbook([geo, temporal]) });
    await finishReport(admin, pothole, 'quiet');
    await finishQuery(admin, await openSession(admin), 'How many potholes are there?', 'quiet');
    const input = { question: 'What happened?' };
    const sets: readonly [string, object][] = [
      ['basics', goldenSet],
      ['basics', { ...goldenSet, playbook: 'query', rows: [{ input, expected: { 'references[]': [] } }] }],
    ];
    const before = await countDocuments(mesh);
    expect(before).toMatchObject({ Reports: expect.any(Number), Messages: expect.any(Number) });
    const found: GateDocument[] = [];
    for (const [name, set] of sets) {
      await admin.put(`${base}/quiet/golden-sets/${name}`, { ...set, required: false });
      found.push(await hold('quiet', { version: 1 }));
    }
    expect(found.map(({ status }) => status)).toEqual(['completed', 'completed']);
    expect(found[1]?.differences[0]?.got).toEqual([expect.stringMatching(/^inc_/)]);
    expect(await countDocuments(mesh)).toEqual(before);
    const runs = async (kind: string) => {
      const path = `/api/v1/executions?domain_id=quiet${kind}`;
      const { body } = await admin.get<{ executions: readonly { kind: string }[] }>(path);
      return body.executions.map((each) => each.kind);
    };
    expect((await runs('')).sort()).toEqual(['ingest', 'query']);
    expect(await runs('&kind=shadow_ingest')).toEqual(Array(4).fill('shadow_ingest'));
  });

  it('is started and cancelled by admins, read by everybody of the tenant, and of nobody else', async () => {
    await measured('private');
    const path = `${base}/private/gate`;
    const asked = { golden_set: 'basics', candidate: { version: 1 } };
    const editor = await mesh.as('works', 'ed', ['editor']);
    for (const other of [reader, editor]) expect((await other.post(path, asked)).status).toBe(403);
    expect((await stranger.post(path, asked)).status).toBe(404);
    const { gate_id } = bodyOf(await admin.post<GateDocument>(path, asked), 202, 'Starting a gate');
    expect((await reader.get(`${path}/${gate_id}`)).status).toBe(200);
    expect((await stranger.get(`${path}/${gate_id}`)).status).toBe(404);
    expect((await reader.delete(`${path}/${gate_id}`)).status).toBe(403);
    expect((await stranger.delete(`${path}/${gate_id}`)).status).toBe(404);
    expect((await stranger.get(`${base}/private/golden-sets`)).status).toBe(404);
    expect((await reader.put(`${base}/private/golden-sets/basics`, goldenSet)).status).toBe(403);
    expect((await reader.get(`${base}/private/golden-sets/basics`)).body).toMatchObject({ rows_total: 2 });
    const { body: listed } = await reader.get(`${base}/private/golden-sets`);
    expect(listed).toMatchObject({ golden_sets: [{ name: 'basics', rows_total: 2 }] });
    const ended = await hold('private', { version: 1 });
    expect((await admin.delete(`${path}/${ended.gate_id}`)).status).toBe(409);
    expect((await admin.delete(`${base}/private/golden-sets/basics`)).body).toMatchObject({ name: 'basics' });
  });

  it('names every problem of a candidate by its path, and every unknown set', async () => {
    await measured('strict');
    const wrong = { golden_set: 'basics', candidate: { playbook: playbook(['nobody', 'nobody']) } };
    const refused = await admin.post<RefusalDocument>(`${base}/strict/gate`, wrong);
    expect(refused.status).toBe(400);
    expect(refused.body.details.map(({ field }) => field)).toContain(
      'candidate.playbook.agent_execution_graph.nodes[1]',
    );
    const unknown = { golden_set: 'other', candidate: { version: 1 } };
    expect((await admin.post(`${base}/strict/gate`, unknown)).status).toBe(404);
    const blank = await admin.put<RefusalDocument>(`${base}/strict/golden-sets/basics`, agentDocument());
    expect(blank.body.details.map(({ field }) => field)).toEqual(['playbook', 'rows', 'thresholds']);
  });
});
