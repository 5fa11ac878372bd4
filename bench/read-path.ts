// What reading one agent costs on its way through gateway, RPC, registry and PostgreSQL, and how much of it each hop takes. Rates are off,
// traces are recorded and sent to the local collector. Prints a line for each measured path. Linux only: CPU is read from /proc.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { generateSigningKey } from '../foundation/identity/signing-key.ts';
import { startLocalDatabases } from '../local/databases/databases.ts';
import { randomSecrets } from '../local/mesh/mesh-secrets.ts';
import { ensureDatabase, prepareSchemas } from '../local/mesh/prepare-stores.ts';
import { type EnvironmentSources, serviceEnvironment } from '../local/mesh/service-environment.ts';
import { startServiceProcess } from '../local/mesh/service-process.ts';
import { mintToken } from '../local/terminal/mint-token.ts';
import { startTraceServer } from '../local/traces/trace-server.ts';
import type { LoadOrder, LoadResult } from './http-load.ts';
import { processCpuMs, readMeter } from './store-meter.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    'warm-up': { type: 'string', default: '20' },
    'in-flight': { type: 'string', default: '64' },
    'trace-percent': { type: 'string', default: '100' },
    'node-options': { type: 'string', default: '' },
    profile: { type: 'string' },
    only: { type: 'string', default: '' },
  },
});
const seconds = Number(values.seconds);
const inFlight = Number(values['in-flight']);
const folder = await mkdtemp(join(tmpdir(), 'read-path-'));
const databases = await startLocalDatabases({});
const traces = await startTraceServer();
const secrets = randomSecrets();
const adminUrl = await ensureDatabase(databases.adminUrl);
await prepareSchemas(adminUrl, secrets);
const [gatewayKey, runKey, agentsKey] = await Promise.all([
  generateSigningKey(),
  generateSigningKey(),
  generateSigningKey(),
]);
const issuerKeyPath = join(folder, 'issuer.json');
const sources: EnvironmentSources = {
  ...{ port: 0, adminUrl, logDir: folder, secrets, gatewayKey, runKey, agentsKey, issuerKeyPath },
  dynamoEndpoint: databases.dynamoEndpoint,
  objects: { endpoint: '', bucket: '', accessKeyId: '', secretAccessKey: '' },
  tracesUrl: traces.url,
  replicaName: 'bench',
};
const onDeath = (sentence: string): void => {
  throw new Error(sentence);
};
const profiling = values.profile ? `--cpu-prof --cpu-prof-dir=${values.profile}` : '';
const settings = {
  TRACE_SAMPLE_PERCENT: values['trace-percent'],
  NODE_OPTIONS: `${values['node-options']} ${profiling}`,
};
const registry = await startServiceProcess({
  ...{ name: 'registry', logDir: folder, onDeath },
  env: { ...serviceEnvironment('registry', sources, {}), ...settings },
});
// Only the registry is asked; the other neighbours stand for nothing here.
const addresses = Object.fromEntries(
  ['registry', 'reports', 'sessions', 'orchestrator'].map((name) => [name, registry.address]),
);
const gateway = await startServiceProcess({
  ...{ name: 'gateway', logDir: folder, onDeath },
  env: { ...serviceEnvironment('gateway', sources, addresses), ...settings, ...ratesOff() },
});
const port = Number(gateway.address.split(':').at(-1));
const token = await mintToken({ tenant: 'acme', user: 'ada', roles: ['admin'], keyPath: issuerKeyPath });
const headers = { authorization: `Bearer ${token}` };
const agentId = await firstAgent();

const paths = {
  'HTTP alone (/health/live)': '/health/live',
  'HTTP and credential (/api/v1/me)': '/api/v1/me',
  'the whole way (/api/v1/agents/{agent_id})': `/api/v1/agents/${agentId}`,
};
for (const [name, path] of Object.entries(paths).filter(([, each]) => each.includes(values.only))) {
  await measured(path, Number(values['warm-up']));
  const before = await readings();
  const result = await measured(path, seconds);
  const after = await readings();
  const cpu = (key: keyof typeof before): number =>
    Number(((after[key] - before[key]) / result.answers).toFixed(3));
  const cpuMs = {
    gateway: cpu('gateway'),
    registry: cpu('registry'),
    postgres: cpu('postgres'),
    collector: cpu('collector'),
    load: Number((result.cpuMs / result.answers).toFixed(3)),
  };
  const { cpuMs: _load, ...figures } = result;
  process.stdout.write(`${JSON.stringify({ name, inFlight, ...figures, cpuMs })}\n`);
}
await gateway.close();
await registry.close();
await traces.close();
await databases.stop();
await rm(folder, { recursive: true });

function ratesOff(): Record<string, string> {
  return { RATE_USER_PER_S: '0', RATE_USER_BURST: '0', RATE_USER_PER_DAY: '0' };
}

async function firstAgent(): Promise<string> {
  const response = await fetch(`http://${gateway.address}/api/v1/agents`, { headers });
  const { agents } = (await response.json()) as { agents: { agent_id: string }[] };
  return agents[0]?.agent_id ?? '';
}

async function readings() {
  const { processCpuMs: collector, storeCpuMs: postgres } = await readMeter({
    kind: 'postgres',
    url: adminUrl,
  });
  const [gatewayMs, registryMs] = await Promise.all([processCpuMs(gateway.pid), processCpuMs(registry.pid)]);
  return { collector, postgres, gateway: gatewayMs, registry: registryMs };
}

async function measured(path: string, forSeconds: number): Promise<LoadResult> {
  const child = fork(new URL('./http-load.ts', import.meta.url), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const order: LoadOrder = { port, path, headers, inFlight, seconds: forSeconds };
  child.send(order);
  const [{ result, problem }] = (await once(child, 'message')) as [{ result?: LoadResult; problem?: string }];
  child.disconnect();
  if (!result) throw new Error(problem);
  return result;
}
