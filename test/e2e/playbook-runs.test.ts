// The main job through the whole mesh: reports become data, questions get answers, and each run leaves one whole trace.
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ApiClient } from '../../clients/api/api-client.ts';
import { pollUntil } from '../../local/demo/demo-run.ts';
import { readComplaints, readSettings } from '../../local/demo/sample.ts';
import type { TraceSpan } from '../../local/traces/trace-span.ts';
import { buildTraceTree, renderTraceTree } from '../../local/traces/trace-tree.ts';
import { wholeTrace } from '../../local/whole-trace.ts';
import {
  type FinishedQuery,
  type FinishedReport,
  finishQuery,
  finishReport,
  openSession,
  startTestMesh,
  type TestMesh,
} from './test-mesh.ts';

jest.setTimeout(60_000);

const question = 'Where are street lights or traffic lights broken?';
let mesh: TestMesh;
let api: ApiClient;
let reports: readonly FinishedReport[];
let sessionId: string;
let asked: FinishedQuery;

beforeAll(async () => {
  mesh = await startTestMesh();
  api = await mesh.as('acme', 'alice');
  await api.put('/api/v1/tenant/settings', { body: await readSettings() });
  const complaints = await readComplaints();
  reports = await Promise.all(complaints.slice(0, 12).map(({ text }) => finishReport(api, text)));
  sessionId = await openSession(api);
  asked = await finishQuery(api, sessionId, question);
});

afterAll(() => mesh?.close());

const runOf = (job_id = '', client = api) => client.get('/api/v1/executions/{job_id}', { path: { job_id } });

describe('a submitted report', () => {
  it('is completed with flat data', () => {
    expect(reports.map(({ report }) => report.status)).toEqual(reports.map(() => 'completed'));
    for (const { report } of reports) {
      expect(report.ingestion_data).toMatchObject({
        complaint_type: expect.stringMatching(/^(infrastructure|safety|environment|service|other)$/),
        urgency: expect.stringMatching(/^(immediate|urgent|moderate|low)$/),
      });
      expect(report.confidence).toBeGreaterThan(0);
    }
  });

  it('names for each value the agent, the run and the words it was read from', () => {
    for (const { report, jobId } of reports) {
      expect(Object.keys(report.provenance).sort()).toEqual(Object.keys(report.ingestion_data).sort());
      for (const source of Object.values(report.provenance)) {
        expect(source).toMatchObject({ agent_version: 1, execution_id: jobId, attempt: 1 });
        expect(source.agent_id).toMatch(/^builtin-ingestion-(geo|temporal|entity)$/);
        for (const { start, end } of source.spans) {
          expect(report.raw_text.slice(start, end)).toHaveLength(end - start);
          expect(end).toBeGreaterThan(start);
        }
      }
    }
    const [leak] = reports;
    const [span] = leak?.report.provenance.location_text?.spans ?? [];
    expect(leak?.report.raw_text.slice(span?.start, span?.end)).toBe(
      leak?.report.ingestion_data.location_text,
    );
  });

  it('gets the point of a neighbourhood that the tenant has listed', () => {
    const inRoslindale = reports.filter(({ report }) => report.raw_text.includes('Roslindale'));
    expect(inRoslindale.length).toBeGreaterThan(2);
    for (const { report } of inRoslindale)
      expect(report.ingestion_data.geo_location).toEqual({
        type: 'Point',
        coordinates: [-71.1286, 42.2871],
      });
  });

  it('is read with the settings of the moment, also when the same text was read before', async () => {
    const other = await mesh.as('settings', 'sue');
    const text = 'A pothole near Quillfeather Plaza';
    const first = await finishReport(other, text);
    expect(first.report.ingestion_data.geo_location).toBeUndefined();
    const point = { type: 'Point' as const, coordinates: [12.5, 41.9] };
    const places = [{ name: 'Quillfeather Plaza', point }];
    await other.put('/api/v1/tenant/settings', { body: { places } });
    const found = async () => (await finishReport(other, text)).report.ingestion_data.geo_location;
    // Services learn of the change at once, but by a way of their own.
    const { signal } = new AbortController();
    expect(await pollUntil(found, (place) => place !== undefined, signal)).toEqual(point);
  });

  it('leaves the log of its three agents', async () => {
    const run = await runOf(reports[0]?.jobId);
    expect(run).toMatchObject({ kind: 'ingest', status: 'completed' });
    expect(run.execution_log.map(({ agent_id, status }) => [agent_id, status]).sort()).toEqual([
      ['builtin-ingestion-entity', 'success'],
      ['builtin-ingestion-geo', 'success'],
      ['builtin-ingestion-temporal', 'success'],
    ]);
    expect(run.plan.nodes.map(({ status }) => status)).toEqual(['succeeded', 'succeeded', 'succeeded']);
  });
});

describe('the same report once more', () => {
  it('takes over what the first one computed, as long as nothing has changed', async () => {
    const other = await mesh.as('again', 'ann');
    const text = 'A pothole on Washington Street since Monday';
    const statusesOf = async ({ jobId }: FinishedReport) => {
      const run = await runOf(jobId, other);
      return new Set(run.execution_log.map(({ status }) => status));
    };
    expect(await statusesOf(await finishReport(other, text))).toEqual(new Set(['success']));
    // Geo and entity skills read the text and the settings alone; the time of a report is that of its submission.
    expect(await statusesOf(await finishReport(other, text))).toContain('cached');
  });
});

describe('a question', () => {
  it('shows each call of a tool that was made for it, with what it was given and what was answered', async () => {
    const { tool_calls: made } = await runOf(asked.jobId);
    expect(made.length).toBeGreaterThanOrEqual(6);
    for (const call of made) {
      expect(call.agent_id).toMatch(/^builtin-query-/);
      expect(call).toMatchObject({
        error_code: null,
        duration_ms: expect.any(Number),
        number: expect.any(Number),
      });
      expect(call.arguments).toMatchObject({});
      expect(call.result).not.toBeNull();
    }
    const perTask = Map.groupBy(made, ({ task_id }) => task_id);
    for (const calls of perTask.values()) {
      expect(calls.map(({ number }) => number)).toEqual(calls.map((_, at) => at + 1));
    }
  });

  it('is answered by six agents with references that exist', () => {
    const { query } = asked;
    expect(query).toMatchObject({ status: 'completed', question, references_rejected: [], error: null });
    expect(query.answers.map(({ label }) => label).sort()).toEqual([
      'How',
      'What',
      'When',
      'Where',
      'Who',
      'Why',
    ]);
    const known = reports.map(({ report }) => report.incident_id);
    expect(query.references_used.length).toBeGreaterThan(0);
    for (const { reference_id } of query.references_used) expect(known).toContain(reference_id);
    expect(query.summary).toContain('Summary:');
    expect(query.summary).toContain(query.references_used[0]?.reference_id);
  });

  it('shows the reports with a position on a map', () => {
    expect(asked.query.references_used.some(({ location }) => location !== null)).toBe(true);
    expect(asked.query.map_data).toMatchObject({
      bounds: expect.anything(),
      data: { type: 'FeatureCollection' },
    });
  });

  it('leaves itself and its answer in the session', async () => {
    const path = { session_id: sessionId };
    const { messages } = await api.get('/api/v1/sessions/{session_id}', { path });
    expect(messages.map(({ role, content }) => [role, content])).toEqual([
      ['user', question],
      ['assistant', asked.query.summary],
    ]);
    expect(messages[1]?.metadata).toMatchObject({
      query_id: asked.query.query_id,
      references: asked.query.references_used.map(({ reference_id }) =>
        expect.objectContaining({ reference_id }),
      ),
    });
  });

  it('has an answer and no map when nothing was ever reported', async () => {
    const newcomer = await mesh.as('newcomers', 'nina');
    const { query } = await finishQuery(newcomer, await openSession(newcomer), 'What is wrong?');
    expect(query).toMatchObject({ status: 'completed', map_data: null, references_used: [] });
    expect(query.summary).toContain('(no report)');
  });
});

/** The run's trace; fails with the tree as text when it is not one whole tree. */
async function oneTree(traceId: string): Promise<readonly TraceSpan[]> {
  const spans = await wholeTrace({ tracesUrl: mesh.tracesUrl, traceId });
  const tree = buildTraceTree(spans);
  if (tree.roots.length !== 1 || tree.orphans.length > 0) throw new Error(renderTraceTree(tree));
  return spans;
}

// Clocks of spans differ by fractions of a millisecond, so the root need not be the first by time.
function rootOf(spans: readonly TraceSpan[]): TraceSpan | undefined {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  return spans.find(({ parentSpanId }) => !parentSpanId || !ids.has(parentSpanId));
}

function serviceNames(spans: readonly TraceSpan[]): readonly string[] {
  return [...new Set(spans.map(({ service }) => service))].sort();
}

/** Which services spoke to which database. */
function databaseUse(spans: readonly TraceSpan[]): readonly string[] {
  const used = spans.flatMap(({ service, attributes }) =>
    attributes['db.system.name'] === undefined ? [] : [`${service} ${attributes['db.system.name']}`],
  );
  return [...new Set(used)].sort();
}

describe('the trace of a run', () => {
  it('holds an ingestion in one tree, from the request to the databases', async () => {
    const spans = await oneTree(reports[0]?.traceId ?? '');
    expect(rootOf(spans)).toMatchObject({ name: 'POST /api/v1/reports', service: 'gateway', kind: 'server' });
    expect(serviceNames(spans)).toEqual(['agents', 'gateway', 'orchestrator', 'registry', 'reports']);
    expect(databaseUse(spans)).toEqual(
      expect.arrayContaining([
        'orchestrator postgresql',
        'registry postgresql',
        'reports aws.dynamodb',
        'reports postgresql',
      ]),
    );
    expect(spans.filter(({ name }) => name.startsWith('invoke_workflow'))).toHaveLength(1);
    expect(agentsInvoked(spans)).toEqual([
      'builtin-ingestion-entity',
      'builtin-ingestion-geo',
      'builtin-ingestion-temporal',
    ]);
    expect(spans.filter(({ status }) => status === 'error')).toEqual([]);
  });

  it('holds a question in one tree with all six services', async () => {
    const spans = await oneTree(asked.traceId);
    expect(rootOf(spans)).toMatchObject({ name: 'POST /api/v1/queries', service: 'gateway' });
    expect(serviceNames(spans)).toEqual([
      'agents',
      'gateway',
      'orchestrator',
      'registry',
      'reports',
      'sessions',
    ]);
    expect(databaseUse(spans)).toEqual(expect.arrayContaining(['sessions aws.dynamodb']));
    expect(agentsInvoked(spans)).toHaveLength(6);
    expect(spans.filter(({ status }) => status === 'error')).toEqual([]);
  });

  it('never holds a word of the report or the question', async () => {
    const [leak] = reports;
    const traces = await Promise.all([oneTree(leak?.traceId ?? ''), oneTree(asked.traceId)]);
    const recorded = JSON.stringify(traces);
    for (const secret of ['Harrison at Marion', 'Leaking a couple', question, 'traffic lights broken'])
      expect(recorded).not.toContain(secret);
  });
});

function agentsInvoked(spans: readonly TraceSpan[]): readonly unknown[] {
  const ids = spans.flatMap(({ attributes }) => attributes['gen_ai.agent.id'] ?? []);
  return [...new Set(ids)].sort();
}
