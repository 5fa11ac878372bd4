// One playbook run as a collector sees it: sent by six services over both forms of OTLP, read by the official definitions, whole.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiClient, createClient } from '../../clients/api/api-client.ts';
import { version } from '../../foundation/version.ts';
import { pollUntil, sampleDomain } from '../../local/demo/demo-run.ts';
import { type Mesh, startMesh } from '../../local/mesh.ts';
import { mintToken } from '../../local/terminal/mint-token.ts';
import type { TraceSpan } from '../../local/traces/trace-span.ts';
import { buildTraceTree, renderTraceTree } from '../../local/traces/trace-tree.ts';
import { agentDocument, domainDocument, playbook, stored } from '../e2e/sample-definitions.ts';
import { type FinishedReport, finishReport, reportOnceEnded, withoutRates } from '../e2e/test-mesh.ts';
import {
  type OtlpReceiver,
  receivedSpans,
  receiveGrpc,
  receiveHttp,
  type Taking,
  traceOf,
} from './otlp-receiver.for-test.ts';

const text = 'Harrison at Marion: water is gushing from a broken main since this morning';
const overGrpc = new Set(['orchestrator', 'agents', 'reports']);
const into: Taking = { received: [], problems: [] };

let folder: string;
let mesh: Mesh;
let receivers: readonly OtlpReceiver[];
let finished: FinishedReport;
let spans: readonly TraceSpan[];
let api: ApiClient;
let token: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'domainflow-otlp-'));
  const [grpc, http] = await Promise.all([receiveGrpc(into), receiveHttp(into)]);
  receivers = [grpc, http];
  const issuerKeyPath = join(folder, 'issuer', 'key.json');
  mesh = await startMesh({
    ...{ port: 0, dataDir: undefined, mode: 'in-process', durable: false, issuerKeyPath },
    ...{ logDir: join(folder, 'logs'), gatewaySettings: withoutRates },
    // Agents of the platform need no model; those of the test fail without one.
    agentSettings: { MODEL_PROVIDER: 'none' },
    serviceSettings: (name) => ({
      OTEL_EXPORTER_OTLP_ENDPOINT: overGrpc.has(name) ? grpc.url : http.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: overGrpc.has(name) ? 'grpc' : 'http/protobuf',
    }),
  });
  token = await mintToken({ tenant: 'city', user: 'ann', roles: ['admin'], keyPath: issuerKeyPath });
  api = createClient({ baseUrl: mesh.gatewayUrl, credential: token });
  finished = await finishReport(api, text);
  spans = await pollUntil(async () => traceOf(into, finished.traceId), isWhole, AbortSignal.timeout(20_000));
});
afterAll(async () => {
  await mesh?.close();
  for (const receiver of receivers ?? []) await receiver.close();
  await rm(folder, { recursive: true, force: true });
});

function isWhole(arrived: readonly TraceSpan[]): boolean {
  const { roots, orphans } = buildTraceTree(arrived);
  const hasRun = arrived.some(({ name }) => name.startsWith('invoke_workflow'));
  return roots.length === 1 && orphans.length === 0 && hasRun;
}

function named(start: string): TraceSpan[] {
  return spans.filter(({ name }) => name.startsWith(start));
}

describe('the trace of a run', () => {
  it('arrives whole, by both forms, without an orphan', () => {
    const tree = buildTraceTree(spans);
    if (tree.orphans.length > 0) throw new Error(renderTraceTree(tree));
    expect(into.problems).toEqual([]);
    expect(tree.roots.map(({ span }) => span.name)).toEqual(['POST /api/v1/reports']);
    const services = new Set(spans.map(({ service }) => service));
    expect([...services].sort()).toEqual(['agents', 'gateway', 'orchestrator', 'registry', 'reports']);
    expect(new Set(receivedSpans(into).map(({ over }) => over))).toEqual(new Set(['http', 'grpc']));
  });

  it('names service, version and instance of every span', () => {
    const instances = new Map<unknown, Set<unknown>>();
    for (const { resource } of receivedSpans(into)) {
      expect(resource['service.version']).toBe(version);
      const service = resource['service.name'];
      instances.set(service, (instances.get(service) ?? new Set()).add(resource['service.instance.id']));
    }
    expect([...instances.keys()].sort()).toEqual(
      ['agents', 'gateway', 'orchestrator', 'registry', 'reports', 'sessions'].filter((it) =>
        instances.has(it),
      ),
    );
    for (const ids of instances.values()) expect(ids.size).toBe(1);
  });

  it('has every hop in the place that it has in the run', () => {
    const parents = new Map(spans.map((span) => [span.spanId, span]));
    const path = (span: TraceSpan | undefined): string[] =>
      span
        ? [...path(parents.get(span.parentSpanId ?? '')), `${span.service} ${span.kind} ${span.name}`]
        : [];
    const served = spans.find(
      ({ name, kind }) => name.endsWith('AgentRuntimeService/Invoke') && kind === 'server',
    );
    const start = 'domainflow.orchestrator.v1.ExecutionService/StartIngestion';
    const invoke = 'domainflow.agents.v1.AgentRuntimeService/Invoke';
    expect(path(served)).toEqual([
      'gateway server POST /api/v1/reports',
      `gateway client ${start}`,
      `orchestrator server ${start}`,
      expect.stringMatching(/^orchestrator internal invoke_workflow civic_complaints ingest$/),
      expect.stringMatching(/^orchestrator client invoke_agent /),
      `orchestrator client ${invoke}`,
      `agents server ${invoke}`,
    ]);
  });

  it('follows the conventions for generative AI', () => {
    const [run] = named('invoke_workflow');
    expect(run?.attributes).toMatchObject({
      'gen_ai.operation.name': 'invoke_workflow',
      'gen_ai.provider.name': 'domainflow',
      'gen_ai.workflow.name': run?.name.replace('invoke_workflow ', ''),
    });
    expect(named('invoke_agent')).toHaveLength(6);
    for (const { attributes, name, kind, service } of named('invoke_agent')) {
      expect(kind).toBe(service === 'agents' ? 'internal' : 'client');
      expect(name).toBe(`invoke_agent ${attributes['gen_ai.agent.name']}`);
      expect(attributes).toMatchObject({
        'gen_ai.operation.name': 'invoke_agent',
        'gen_ai.provider.name': 'domainflow',
        'gen_ai.agent.id': expect.stringMatching(/^builtin-/),
        'gen_ai.agent.version': expect.any(String),
      });
    }
  });

  it('holds no word of the report', () => {
    const all = JSON.stringify(into.received.map(({ request }) => request));
    for (const word of ['Harrison', 'gushing', 'broken main']) expect(all).not.toContain(word);
  });
});

describe('traces that their caller does not sample', () => {
  it('are told by every process that sees one of their errors, and by nobody else', async () => {
    const agent = { agent_name: 'Needs a model', agent_class: 'ingestion' } as const;
    const made = stored(await api.post('/api/v1/agents', { body: agentDocument(agent) }));
    const domain = domainDocument('roads', { ingestion_playbook: playbook([made.agent_id]) });
    await api.post('/api/v1/domains', { body: domain });

    const good = await submitUnsampled(sampleDomain);
    const failed = await submitUnsampled('roads');
    expect([good.status, failed.status]).toEqual(['completed', 'failed']);
    const kept = await arrived(failed.traceId, ['agents invoke_agent', 'orchestrator invoke_workflow']);
    const [run] = kept.filter(({ name }) => name.startsWith('invoke_workflow'));
    expect(run?.attributes['domainflow.trace.kept']).toBe('error');
    const errors = kept
      .filter(({ status }) => status === 'error')
      .map(({ service, name }) => [service, name]);
    expect(errors).toEqual(
      expect.arrayContaining([
        ['orchestrator', 'invoke_workflow roads ingest'],
        ['orchestrator', 'invoke_agent Needs a model'],
        ['agents', 'invoke_agent Needs a model'],
      ]),
    );

    await api.post('/api/v1/circuit-breakers/{service}/force-state', {
      path: { service: 'sessions' },
      query: { state: 'open' },
    });
    const refusedTrace = await untilRefused('/api/v1/sessions');
    const [refused] = await arrived(refusedTrace, ['gateway GET']);
    expect(refused).toMatchObject({ service: 'gateway' });
    expect(traceOf(into, good.traceId)).toEqual([]);
  }, 60_000);
});

/** The spans of a trace once there are some of these services whose names begin like this. Each service sends at its own moments. */
function arrived(traceId: string, beginnings: readonly string[]): Promise<TraceSpan[]> {
  const isThere = (found: readonly TraceSpan[]) =>
    beginnings.every((start) => found.some(({ service, name }) => `${service} ${name}`.startsWith(start)));
  return pollUntil(async () => traceOf(into, traceId), isThere, AbortSignal.timeout(20_000));
}

async function call(method: string, path: string, body?: object) {
  const traceId = randomBytes(16).toString('hex');
  const traceparent = `00-${traceId}-${randomBytes(8).toString('hex')}-00`;
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', traceparent };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await fetch(`${mesh.gatewayUrl}${path}`, { method, headers, ...sent });
  return { status: answer.status, body: (await answer.json()) as Record<string, string>, traceId };
}

async function submitUnsampled(domain_id: string): Promise<{ status: string; traceId: string }> {
  const { body, traceId } = await call('POST', '/api/v1/reports', { domain_id, text });
  const { status } = await reportOnceEnded(api, body.incident_id ?? '');
  return { status, traceId };
}

async function untilRefused(path: string): Promise<string> {
  const { traceId } = await pollUntil(
    () => call('GET', path),
    ({ status }) => status === 503,
    AbortSignal.timeout(20_000),
  );
  return traceId;
}
