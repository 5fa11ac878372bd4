// Asking after workers through the whole service: who answers, who does not, and how a breaker that was open closes again.
import { createServer } from 'node:http2';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { afterEach, describe, expect, it } from '@jest/globals';
import { newId } from '../../../foundation/ids/ids.ts';
import { createExampleWorker } from '../../../local/example-worker.ts';
import { WorkerProtocol } from '../../../proto/gen/domainflow/agents/v1/worker_pb.js';
import { Health, HealthCheckResponse_ServingStatus } from '../../../proto/gen/grpc/health/v1/health_pb.js';
import { type AgentsUnderTest, startAgentsForTest } from '../app.for-test.ts';
import {
  contractWorker,
  httpWorker,
  listen,
  saying,
  thisMachine,
} from '../runtimes/worker/workers.for-test.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function start(): Promise<AgentsUnderTest> {
  const agents = await startAgentsForTest({ workerNetworks: thisMachine });
  open.push(agents);
  return agents;
}

const workerAt = (port: number, protocol = WorkerProtocol.HTTP) => ({
  ...{ workerId: 'worker-1', endpoint: `http://127.0.0.1:${port}/base`, protocol },
});

async function answered(port: number, protocol?: WorkerProtocol): Promise<boolean> {
  const agents = await start();
  return (await agents.checkWorker({ tenantId: newId(), worker: workerAt(port, protocol) })).answered;
}

describe('a worker that is asked whether it is well', () => {
  it('by HTTP answers below its endpoint, and is told nothing of who asks', async () => {
    const worker = await httpWorker(saying({ status: 'healthy' }));
    open.push(worker);
    expect(await answered(worker.port)).toBe(true);
    expect(worker.seen).toMatchObject([{ method: 'GET', url: '/base/health', body: '' }]);
    expect(Object.keys(worker.seen[0]?.headers ?? {})).not.toContain('authorization');
  });

  it.each([[404], [500], [503]])('by HTTP with status %i does not', async (status) => {
    const worker = await httpWorker(saying('', status));
    open.push(worker);
    expect(await answered(worker.port)).toBe(false);
  });

  it('does not where nobody listens', async () => {
    const worker = await listen(createExampleWorker());
    await worker.close();
    for (const protocol of [WorkerProtocol.HTTP, WorkerProtocol.CONNECT, WorkerProtocol.GRPC])
      expect(await answered(worker.port, protocol)).toBe(false);
  });

  it('by the contract needs no path of its own for that', async () => {
    const [byConnect, byGrpc] = [await contractWorker('connect', {}), await contractWorker('grpc', {})];
    open.push(byConnect, byGrpc);
    expect(await answered(byConnect.port, WorkerProtocol.CONNECT)).toBe(true);
    expect(await answered(byGrpc.port, WorkerProtocol.GRPC)).toBe(true);
  });

  it.each([
    [HealthCheckResponse_ServingStatus.SERVING, true],
    [HealthCheckResponse_ServingStatus.NOT_SERVING, false],
  ])('by gRPC says so with its health service (%i)', async (status, expected) => {
    const routes = connectNodeAdapter({
      routes: (router) => void router.service(Health, { check: () => ({ status }) }),
      requestPathPrefix: '/base',
    });
    const worker = await listen(createServer(routes));
    open.push(worker);
    expect(await answered(worker.port, WorkerProtocol.GRPC)).toBe(expected);
  });

  it('outside the networks of the platform is not asked', async () => {
    const worker = await httpWorker(saying({}));
    const agents = await startAgentsForTest();
    open.push(worker, agents);
    const request = { tenantId: newId(), worker: workerAt(worker.port) };
    expect(await agents.checkWorker(request)).toMatchObject({ answered: false });
    expect(worker.seen).toEqual([]);
  });
});

describe('the breaker of a worker', () => {
  it('stays as it is for who only asks, and lets no trial through before its time', async () => {
    const worker = await httpWorker(saying('', 500, { 'retry-after': '0' }));
    open.push(worker);
    const agents = await start();
    const tenantId = agents.person.tenantId;
    const place = workerAt(worker.port);
    for (const taskId of ['first', 'second']) {
      const request = { taskId, work: { taskType: 'custom' }, worker: place };
      await agents.invoke({ request, capability: '' });
    }
    expect(worker.seen).toHaveLength(5);
    await agents.checkWorker({ tenantId, worker: place });
    expect(worker.seen).toHaveLength(6);
    const trial = await agents.checkWorker({ tenantId, worker: place, trial: true });
    expect(trial).toMatchObject({ answered: false, callable: false });
    expect(Number(trial.retryAfter?.seconds)).toBeGreaterThan(50);
    expect(worker.seen).toHaveLength(6);
  });

  it('that is closed tells that the worker may be called', async () => {
    const worker = await httpWorker(saying({}));
    open.push(worker);
    const agents = await start();
    const request = { tenantId: newId(), worker: workerAt(worker.port), trial: true };
    expect(await agents.checkWorker(request)).toMatchObject({ answered: true, callable: true });
  });
});

describe('whoever asks', () => {
  it('must be the orchestrator itself', async () => {
    const agents = await start();
    const request = { tenantId: newId(), worker: workerAt(1) };
    for (const other of ['gateway', 'agents'] as const)
      await expect(agents.checkWorker(request, other)).rejects.toMatchObject({ reason: 'permission_denied' });
  });

  it('is told everything that is wrong with the question', async () => {
    const agents = await start();
    await expect(agents.checkWorker({ tenantId: 'x', worker: {} })).rejects.toMatchObject({
      reason: 'invalid_argument',
      violations: [
        ...['worker_id', 'endpoint', 'protocol'].map((field) => ({ field: `worker.${field}` })),
        { field: 'tenant_id' },
      ],
    });
    await expect(agents.checkWorker({ tenantId: newId() })).rejects.toMatchObject({
      violations: [{ field: 'worker' }],
    });
  });
});
