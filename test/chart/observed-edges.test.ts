// NetworkPolicies equal what a running mesh is seen to do: who called whom and who asked which database, read from the traces of a report, a
// question and reads through the gateway.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TraceSpan } from '../../local/traces/trace-span.ts';
import { wholeTrace } from '../../local/whole-trace.ts';
import { answered } from '../e2e/answers.ts';
import { finishQuery, finishReport, openSession, startTestMesh, type TestMesh } from '../e2e/test-mesh.ts';
import { exampleOf, renderChart } from './helm.for-test.ts';
import { waysOut } from './network-edges.for-test.ts';

const startTimeoutMs = 60_000;

/** Parts of the release that stand for databases, by the name that spans give them. */
const databases: Readonly<Record<string, string>> = {
  postgresql: 'postgresql:5432',
  'aws.dynamodb': 'dynamodb:8000',
};

/** Calls from one process to another, and of a process to a database. */
function edgesOf(spans: readonly TraceSpan[]): readonly string[] {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const calls = spans.flatMap(({ kind, service, parentSpanId }) => {
    const caller = byId.get(parentSpanId ?? '');
    return kind === 'server' && caller ? [`${caller.service} -> ${service}:50051`] : [];
  });
  const queries = spans.flatMap(({ service, attributes }) => {
    const database = databases[String(attributes['db.system.name'])];
    return database === undefined ? [] : [`${service} -> ${database}`];
  });
  return [...calls, ...queries];
}

describe('a mesh that takes a report and answers a question', () => {
  let mesh: TestMesh;

  beforeAll(async () => {
    mesh = await startTestMesh();
  }, startTimeoutMs);

  afterAll(() => mesh?.close());

  it('calls whom the policies let be called, all of them, and nobody else', async () => {
    const api = await mesh.as('observed', 'olga');
    const session = await openSession(api);
    const report = await finishReport(api, 'Streetlight out on Main Street in Springfield since Monday.');
    const asked = await finishQuery(api, session, 'How many reports are there?');
    const path = { incident_id: report.report.incident_id };
    const reads = await Promise.all([
      answered((onHead) => api.get('/api/v1/reports/{incident_id}', { path, onHead })),
      answered((onHead) =>
        api.get('/api/v1/sessions/{session_id}', { path: { session_id: session }, onHead }),
      ),
      answered((onHead) => api.get('/api/v1/agents', { onHead })),
    ]);
    const traces = [report, asked, ...reads].map(({ traceId }) =>
      wholeTrace({ tracesUrl: mesh.tracesUrl, traceId }),
    );
    const observed = new Set((await Promise.all(traces)).flatMap(edgesOf));
    const allowed = waysOut(await renderChart(exampleOf('trial'))).filter((edge) =>
      /^(?!db-init|create-stores).*:(?:50051|5432|8000)$/.test(edge),
    );
    // Orchestrators call each other where there are several.
    const ofOne = allowed.filter((edge) => edge !== 'orchestrator -> orchestrator:50051');
    expect([...observed].sort()).toEqual([...ofOne].sort());
  });
});
