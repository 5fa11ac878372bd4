// Many reports at once through the whole mesh: batches that run, imports that do not, exports, and the way from one to the other.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { sampleDomain } from '../../local/demo/demo-run.ts';
import type { RestAnswer, RestClient } from '../../local/rest-client.ts';
import type { LineDocument, ReportDocument } from '../../local/rest-documents.ts';
import { reportOnceEnded, startTestMesh, type TestMesh } from './test-mesh.ts';

jest.setTimeout(60_000);

let mesh: TestMesh;
let editor: RestClient;
let viewer: RestClient;
let stranger: RestClient;

beforeAll(async () => {
  mesh = await startTestMesh();
  editor = await mesh.as('acme', 'edgar', ['editor']);
  viewer = await mesh.as('acme', 'vera', ['viewer']);
  stranger = await mesh.as('globex', 'greta');
});

afterAll(() => mesh?.close());

const ndjson = { 'content-type': 'application/x-ndjson' };

function linesOf<T>({ body }: RestAnswer<string>): T[] {
  return (body ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

async function batch(
  client: RestClient,
  lines: readonly (object | string)[],
  { query = '', headers = {} }: { query?: string; headers?: Record<string, string> } = {},
): Promise<LineDocument[]> {
  const body = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  const sent = { body, headers: { ...ndjson, ...headers } };
  const answer = await client.send<string>('POST', `/api/v1/reports/batch${query}`, sent);
  expect(answer.status).toBe(202);
  return linesOf<LineDocument>(answer);
}

async function exported(client: RestClient, query = ''): Promise<ReportDocument[]> {
  const answer = await client.get<string>(`/api/v1/reports/export?${query}`);
  expect(answer.status).toBe(200);
  return linesOf<ReportDocument>(answer);
}

describe('a batch', () => {
  it('runs what each line holds, and tells of those that are wrong', async () => {
    const report = { domain_id: sampleDomain, text: 'A pothole on Main Street' };
    const told = await batch(editor, [report, 'no JSON', { ...report, domain_id: 'none' }, report]);
    expect(told.map(({ line, status }) => [line, status])).toEqual([
      [1, 'accepted'],
      [2, 'rejected'],
      [3, 'rejected'],
      [4, 'accepted'],
    ]);
    for (const id of [told[0]?.incident_id, told[3]?.incident_id]) {
      expect(await reportOnceEnded(viewer, id ?? '')).toMatchObject({ status: 'completed' });
    }
  });

  it('makes each report once under one key, also when the batch is sent again', async () => {
    const lines = ['One', 'Two', 'Three'].map((text) => ({ domain_id: sampleDomain, text }));
    const headers = { 'idempotency-key': 'tuesday' };
    const first = await batch(editor, lines, { headers });
    const again = await batch(editor, lines, { headers });
    expect(again).toEqual(first.map((line) => ({ ...line, replayed: true })));
  });

  it('is taken from no viewer', async () => {
    const answer = await viewer.send('POST', '/api/v1/reports/batch', { body: '{}', headers: ndjson });
    expect(answer.status).toBe(403);
  });
});

describe('an export', () => {
  const finished = Array.from({ length: 250 }, (_, at) => ({
    domain_id: sampleDomain,
    text: `Archived ${at}, "quoted",\r\n=1+1`,
    source: 'archive',
    status: at % 2 === 0 ? 'closed' : 'open',
    created_at: new Date(Date.UTC(2025, 0, 1, 0, at)).toISOString(),
    ingestion_data: { number: at, nested: { list: [1, 'zwei', null] } },
    management_data: { note: `n${at}` },
    confidence: 0.5,
  }));
  const range = 'from=2025-01-01&to=2025-01-02';

  beforeAll(async () => {
    const told = await batch(editor, finished, { query: '?import=true' });
    expect(told.filter(({ status }) => status !== 'imported')).toEqual([]);
  });

  it('holds every report that matches, each whole and once', async () => {
    const all = await exported(viewer, range);
    expect(all.length).toBe(finished.length);
    expect(new Set(all.map(({ incident_id }) => incident_id)).size).toBe(finished.length);
    expect(all[17]).toMatchObject({
      raw_text: finished[17]?.text,
      ingestion_data: finished[17]?.ingestion_data,
    });
    expect((await exported(viewer, `${range}&status=closed`)).length).toBe(125);
    expect(await exported(viewer, `${range}&domain_id=none`)).toEqual([]);
    expect(await exported(stranger)).toEqual([]);
  });

  it('is imported again elsewhere, line for line, and twice does no harm', async () => {
    const all = await exported(viewer, range);
    const there = await mesh.as('elsewhere', 'emil', ['editor']);
    const told = await batch(there, all, { query: '?import=true' });
    expect(told.map(({ status, incident_id }) => [status, incident_id])).toEqual(
      all.map(({ incident_id }) => ['imported', incident_id]),
    );
    const again = await batch(there, all, { query: '?import=true' });
    expect(again.every(({ status }) => status === 'existed')).toBe(true);
    const kept = ({
      incident_id,
      raw_text,
      status,
      ingestion_data,
      created_at,
      confidence,
    }: ReportDocument) => ({
      ...{ incident_id, raw_text, status, ingestion_data, created_at, confidence },
    });
    expect((await exported(there)).map(kept)).toEqual(all.map(kept));
  });

  it('is CSV and GeoJSON of as many reports', async () => {
    const csv = await viewer.get<string>(`/api/v1/reports/export?format=csv&${range}`);
    expect(csv.headers.get('content-disposition')).toBe('attachment; filename="reports.csv"');
    expect(csv.body.match(/^inc_/gm)?.length).toBe(finished.length);
    const places = await viewer.get<{ features: unknown[] }>(
      `/api/v1/reports/export?format=geojson&${range}`,
    );
    expect(places.body.features.length).toBe(finished.length);
  });
});
