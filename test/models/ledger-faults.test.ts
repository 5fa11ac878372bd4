// The ledger of model calls when things are lost on the way: answers of the registry, whole calls of it, and the agents service itself. What was
// sent to a provider is in the ledger once, and nothing else.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ProxyTracerProvider } from '@opentelemetry/api';
import { systemClock } from '../../foundation/clock.ts';
import type { Principal } from '../../foundation/identity/principal.ts';
import { generateSigningKey } from '../../foundation/identity/signing-key.ts';
import { newId, prefixedId } from '../../foundation/ids/ids.ts';
import { createMeshClient } from '../../foundation/rpc/mesh-client.ts';
import { createMeshTransport } from '../../foundation/rpc/mesh-transport.ts';
import { startTestDatabases, type TestDatabases } from '../../local/databases/test-databases.ts';
import { type StartedProcess, startServiceProcess } from '../../local/mesh/service-process.ts';
import { type ModelServer, startModelServer } from '../../local/model-server/model-server.ts';
import { pause } from '../../local/pause.for-test.ts';
import { AgentRuntimeService } from '../../proto/gen/domainflow/agents/v1/agent_runtime_service_pb.js';
import { createLedger, type PlannedCall } from '../../services/agents/clients/ledger.ts';
import { createMeshClients, type MeshClients } from '../../services/agents/clients/mesh-clients.ts';
import { type RegistryForTest, startRegistryForTest } from '../../services/registry/app.for-test.ts';
import { type SeverableProxy, startSeverableProxy } from '../mesh/severable-proxy.ts';

jest.setTimeout(60_000);

let databases: TestDatabases;
let registry: RegistryForTest;
let proxy: SeverableProxy;
let clients: MeshClients;
let own: Principal;
beforeAll(async () => {
  databases = await startTestDatabases();
  registry = await startRegistryForTest(await databases.createDatabase('ledger_faults'));
  proxy = await startSeverableProxy(registry.address);
  const targets = { registry: proxy.address, reports: '127.0.0.1:1' };
  clients = createMeshClients({
    targets,
    tracer: new ProxyTracerProvider().getTracer('test'),
    clock: systemClock,
  });
  own = await registry.newTenant();
}, 60_000);
afterAll(async () => {
  clients?.close();
  await proxy?.close();
  await registry?.close();
  await databases?.stop();
});

function newCall() {
  const jobId = prefixedId('job_', newId());
  const planned: PlannedCall = {
    ...{ key: { jobId, taskId: 'task', attempt: 1 }, number: 1, agentId: 'agent-1', agentVersion: 1 },
    ...{ domainId: 'roads', provider: 'any', model: 'model', inputTokensEstimate: 10, outputTokensMax: 10 },
  };
  const run = { runId: jobId, capability: 'query', writeTarget: '' };
  return { planned, jobId, options: registry.as({ ...own, run }) };
}

async function rowsOf(
  jobId: string,
): Promise<readonly { readonly repeat: number; readonly status: string }[]> {
  const text = `select repeat, status from registry.usage_ledger where tenant_id = $1 and job_id = $2 order by repeat`;
  return (await registry.admin.query(text, [own.tenantId, jobId])).rows;
}

async function untilWritten(jobId: string): Promise<void> {
  while ((await rowsOf(jobId)).length === 0) await pause();
}

describe('a reservation', () => {
  it('whose answer is lost is found again by the next try, and not made twice', async () => {
    const ledger = createLedger(clients.usage);
    await ledger.reserve(newCall().planned, newCall().options).catch(() => undefined); // opens the connection
    const { planned, jobId, options } = newCall();
    const accepted = proxy.accepted();
    proxy.hush();
    const reserving = ledger.reserve(planned, options);
    await untilWritten(jobId);
    proxy.cut();
    const reservation = await reserving;
    expect(proxy.accepted()).toBeGreaterThan(accepted);
    expect(await rowsOf(jobId)).toEqual([{ repeat: 1, status: 'open' }]);
    await reservation.settle('succeeded', { input: 1, output: 1, cachedInput: 0, estimated: false });
    expect(await rowsOf(jobId)).toEqual([{ repeat: 1, status: 'succeeded' }]);
  });

  it('of an attempt that is ended meanwhile is settled as never sent', async () => {
    const ledger = createLedger(clients.usage);
    const { planned, jobId, options } = newCall();
    const ending = new AbortController();
    const reserving = ledger.reserve(planned, { ...options, signal: ending.signal });
    ending.abort(new Error('The attempt has ended'));
    await expect(reserving).rejects.toThrow('The attempt has ended');
    expect(await rowsOf(jobId)).toEqual([{ repeat: 1, status: 'not_sent' }]);
  });

  it('that nobody heard the answer of in time is settled as never sent', async () => {
    const ledger = createLedger(clients.usage);
    await ledger.reserve(newCall().planned, newCall().options).catch(() => undefined);
    const { planned, jobId, options } = newCall();
    proxy.hush();
    const reserving = ledger.reserve(planned, { ...options, timeoutMs: 1_000 });
    await untilWritten(jobId);
    const failed = await reserving.catch((error: unknown) => {
      return error;
    });
    expect(failed).toMatchObject({ reason: 'deadline_exceeded' });
    proxy.cut();
    expect(await rowsOf(jobId)).toEqual([{ repeat: 1, status: 'not_sent' }]);
  });
});

describe('a call of an agents process that is killed', () => {
  const folders: string[] = [];
  afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

  async function startAgentsProcess(server: ModelServer): Promise<StartedProcess> {
    const logDir = await mkdtemp(join(tmpdir(), 'domainflow-ledger-'));
    folders.push(logDir);
    const { privateJwk } = await generateSigningKey();
    const env = {
      ...{ HOST: '127.0.0.1', PORT: '0', MESH_KEYS: registry.meshKeys, LOG_FILE: join(logDir, 'agents.log') },
      ...{ AGENTS_SIGNING_KEY: JSON.stringify(privateJwk), REPORTS_TARGET: '127.0.0.1:1' },
      ...{ REGISTRY_TARGET: registry.address, MODEL_NAME: 'small', MODEL_API_KEY: 'key' },
      ...{ MODEL_PROVIDER: 'openai-compatible', MODEL_BASE_URL: server.openAiUrl },
    };
    return startServiceProcess({ name: 'agents', env, logDir, onDeath: () => undefined });
  }

  it('is uncertain in the ledger once it is made again, and both are counted as the provider has seen them', async () => {
    const server = await startModelServer();
    const agent = { agentId: 'agent-1', agentName: 'Any', version: 1, outputSchema: { kind: {} } };
    const { jobId, options } = newCall();
    const invoke = async ({ address }: StartedProcess, repeated: boolean) => {
      const tracer = new ProxyTracerProvider().getTracer('test');
      const transport = createMeshTransport({ target: address, tracer, clock: systemClock });
      try {
        const client = createMeshClient(AgentRuntimeService, transport);
        const request = { jobId, taskId: 'task', attempt: 1, agent, input: { text: 'It drips' }, repeated };
        return await Array.fromAsync(client.invoke(request, options), ({ event }) => event.case);
      } finally {
        transport.close();
      }
    };
    server.meet({ kind: 'hang' }, { kind: 'answer', text: '{"output": {"kind": "leak"}}' });
    const first = await startAgentsProcess(server);
    const lost = invoke(first, false).catch((error: unknown) => error);
    await server.called(0);
    process.kill(first.pid, 'SIGKILL');
    expect(await lost).toMatchObject({ reason: 'unavailable' });
    expect(await rowsOf(jobId)).toEqual([{ repeat: 1, status: 'open' }]);
    const second = await startAgentsProcess(server);
    const events = await invoke(second, true);
    expect([events[0], events.at(-1)]).toEqual(['uncertain', 'result']);
    await Promise.all([first.close(), second.close()]);
    expect(await rowsOf(jobId)).toEqual([
      { repeat: 1, status: 'uncertain' },
      { repeat: 2, status: 'succeeded' },
    ]);
    expect(server.calls).toHaveLength(2);
    await server.close();
  });
});
