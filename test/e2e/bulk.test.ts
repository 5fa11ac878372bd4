// Many reports at once through the whole mesh: batches that run, imports that do not, exports, and the way from one to the other.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ApiClient, BatchOptions } from '../../clients/api/api-client.ts';
import type {
  BatchLine,
  ExportReportsQuery,
  Report,
  ReportFeatures,
} from '../../clients/api/gen/api-types.ts';
import { sampleDomain } from '../../local/demo/demo-run.ts';
import { refused } from './answers.ts';
import { reportOnceEnded, startTestMesh, type TestMesh } from './test-mesh.ts';

jest.setTimeout(60_000);

let mesh: TestMesh;
let editor: ApiClient;
let viewer: ApiClient;
let stranger: ApiClient;

beforeAll(async () => {
  mesh = await startTestMesh();
  editor = await mesh.as('acme', 'edgar', ['editor']);
  viewer = await mesh.as('acme', 'vera', ['viewer']);
  stranger = await mesh.as('globex', 'greta');
});

afterAll(() => mesh?.close());

function batch(
  client: ApiClient,
  lines: readonly (object | string)[],
  options: BatchOptions = {},
): Promise<BatchLine[]> {
  const texts = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
  return Array.fromAsync(client.batch(texts, options));
}

async function exportedText(client: ApiClient, query: ExportReportsQuery): Promise<string> {
  const pieces: Uint8Array[] = await Array.fromAsync(await client.exportReports(query));
  return Buffer.concat(pieces).toString();
}

async function exported(client: ApiClient, query: ExportReportsQuery = {}): Promise<Report[]> {
  const lines = (await exportedText(client, query)).split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line));
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
    const options = { idempotencyKey: 'tuesday' };
    const first = await batch(editor, lines, options);
    const again = await batch(editor, lines, options);
    expect(again).toEqual(first.map((line) => ({ ...line, replayed: true })));
  });

  it('is taken from no viewer', async () => {
    expect((await refused(batch(viewer, [{}]))).status).toBe(403);
  });
});

describe('an export', () => {
  const finished = Array.from({ length: 250 }, (_, at) => ({
    incident_id: `inc_01890a5d0c0c7aaa8aaa0123456${String(at).padStart(5, '0')}`,
    domain_id: sampleDomain,
    text: `Archived ${at}, "quoted",\r\n=1+1`,
    source: 'archive',
    status: at % 2 === 0 ? 'closed' : 'open',
    created_at: new Date(Date.UTC(2025, 0, 1, 0, at)).toISOString(),
    ingestion_data: { number: at, nested: { list: [1, 'zwei', null] } },
    management_data: { note: `n${at}` },
    confidence: 0.5,
  }));
  const range = { from: '2025-01-01', to: '2025-01-02' };

  beforeAll(async () => {
    const told = await batch(editor, finished, { isImport: true });
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
    expect((await exported(viewer, { ...range, status: 'closed' })).length).toBe(125);
    expect(await exported(viewer, { ...range, domain_id: 'none' })).toEqual([]);
    expect(await exported(stranger)).toEqual([]);
  });

  it('is imported again elsewhere, line for line, and twice does no harm', async () => {
    const all = await exported(viewer, range);
    const there = await mesh.as('elsewhere', 'emil', ['editor']);
    const told = await batch(there, all, { isImport: true });
    expect(told.map(({ status, incident_id }) => [status, incident_id])).toEqual(
      all.map(({ incident_id }) => ['imported', incident_id]),
    );
    const again = await batch(there, all, { isImport: true });
    expect(again.every(({ status }) => status === 'existed')).toBe(true);
    const kept = ({ incident_id, raw_text, status, ingestion_data, created_at, confidence }: Report) => ({
      ...{ incident_id, raw_text, status, ingestion_data, created_at, confidence },
    });
    expect((await exported(there)).map(kept)).toEqual(all.map(kept));
  });

  it('is CSV and GeoJSON of as many reports', async () => {
    const csv = await exportedText(viewer, { format: 'csv', ...range });
    expect(csv.match(/^inc_/gm)?.length).toBe(finished.length);
    const head = await viewer.exchange('GET', '/api/v1/reports/export?format=csv&from=2025-01-02');
    expect(head.headers.get('content-disposition')).toBe('attachment; filename="reports.csv"');
    await head.body?.cancel();
    const places: ReportFeatures = JSON.parse(await exportedText(viewer, { format: 'geojson', ...range }));
    expect(places.features.length).toBe(finished.length);
  });
});
