// Every process answers Prometheus on a port of its own, and what it says is what the table in deploy/observability says.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient } from '../../clients/api/api-client.ts';
import { freePort } from '../../local/databases/free-port.ts';
import { type Mesh, startMesh } from '../../local/mesh.ts';
import { mintToken } from '../../local/terminal/mint-token.ts';
import { finishReport, withoutRates } from '../e2e/test-mesh.ts';
import { processNames, readMetricTable } from './metric-table.for-test.ts';

let folder: string;
let mesh: Mesh;
let ports: ReadonlyMap<string, number>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'domainflow-metrics-'));
  ports = await freePorts(processNames);
  const issuerKeyPath = join(folder, 'issuer', 'key.json');
  mesh = await startMesh({
    ...{ port: 0, dataDir: undefined, mode: 'in-process', durable: false, issuerKeyPath },
    ...{ logDir: join(folder, 'logs'), gatewaySettings: withoutRates },
    // Models are measured where a provider is set; nobody calls this one.
    agentSettings: { MODEL_PROVIDER: 'openai-compatible', MODEL_BASE_URL: 'http://127.0.0.1:9/v1' },
    serviceSettings: (name) => ({ METRICS_PORT: String(ports.get(name)) }),
  });
  const token = await mintToken({ tenant: 'city', user: 'ann', roles: ['admin'], keyPath: issuerKeyPath });
  await finishReport(createClient({ baseUrl: mesh.gatewayUrl, credential: token }), 'A main has burst');
}, 60_000);
afterAll(async () => {
  await mesh?.close();
  await rm(folder, { recursive: true, force: true });
});

async function freePorts(names: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const found = new Set<number>();
  while (found.size < names.length) found.add(await freePort());
  const each = found.values();
  return new Map(names.map((name) => [name, each.next().value ?? 0]));
}

async function measured(name: string, path = '/metrics') {
  const answer = await fetch(`http://127.0.0.1:${ports.get(name)}${path}`);
  return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
}

/** `name type` of each measurement of our own. */
function told(text: string): string[] {
  return [...text.matchAll(/^# TYPE (domainflow_\w+) (\w+)$/gm)].map(([, name, type]) => `${name} ${type}`);
}

describe('the measurements of a process', () => {
  it.each(processNames)('of %s are those of the table', async (name) => {
    const { status, type, text } = await measured(name);
    expect([status, type]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    const rows = readMetricTable().filter(({ processes }) => processes.includes(name));
    expect(told(text).sort()).toEqual(rows.map((row) => `${row.name} ${row.type}`).sort());
    for (const process of ['process_cpu_seconds_total', 'nodejs_eventloop_lag_p99_seconds'])
      expect(text).toContain(`# TYPE ${process} `);
  });

  it('are nothing but measurements', async () => {
    expect(await measured('agents', '/')).toMatchObject({ status: 404 });
    expect(await measured('registry', '/health')).toMatchObject({ status: 404 });
  });

  it('count the run that has ended, its tasks and its calls', async () => {
    const [gateway, orchestrator, agents] = await Promise.all(
      ['gateway', 'orchestrator', 'agents'].map(async (name) => (await measured(name)).text),
    );
    const route = '{route="/api/v1/reports",method="POST",status="202"}';
    expect(gateway).toContain(`domainflow_http_server_duration_seconds_count${route} 1`);
    expect(orchestrator).toContain('domainflow_engine_events_total{type="ended"} 1');
    expect(orchestrator).toMatch(
      /domainflow_execution_duration_seconds_count\{kind="ingest",status="completed"\} 1/,
    );
    expect(orchestrator).toContain('domainflow_task_duration_seconds_count{outcome="succeeded"} 3');
    expect(orchestrator).toMatch(/domainflow_engine_journal_seconds_count [1-9]/);
    expect(orchestrator).toContain('domainflow_engine_executions{status="running"} 0');
    expect(agents).toMatch(
      /domainflow_rpc_server_duration_seconds_count\{service="domainflow.agents.v1.AgentRuntimeService",method="Invoke",code="ok"\} 3/,
    );
  });
});
