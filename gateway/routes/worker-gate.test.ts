// Workers that speak gRPC: who may, what reaches the mesh, and what is told of failures.
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { type ServiceError, status } from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Fault, invalidArgument } from '../../foundation/fault/fault.ts';
import { principalOf } from '../../foundation/rpc/caller.ts';
import { WorkTaskStatus } from '../../proto/gen/domainflow/orchestrator/v1/task_pb.js';
import { WorkerStatus } from '../../proto/gen/domainflow/orchestrator/v1/worker_pb.js';
import { WorkerGateService } from '../../proto/gen/domainflow/workers/v1/worker_gate_service_pb.js';
import { createGrpcJsClient, type GrpcJsClient } from '../../test/mesh/grpc-js-client.ts';
import { startGatewayForTest, type TestGateway, type TestGatewayOptions } from '../app.for-test.ts';

const id = '019caa7d-3e5f-7b4f-8f7e-5a9d2c1b0a98';
const time = timestampFromDate(new Date('2026-03-01T10:00:00Z'));
const { register, heartbeat, claim, endAttempt } = WorkerGateService.method;
const apiKey = 'ab'.repeat(32);
const key = {
  ...{ keyId: 'key_1', name: 'workers', userId: 'u1', permissions: ['agent:register'] },
  ...{ allowedEndpoints: [] as string[], rateLimit: 1_000 },
};

let at: TestGateway;
let client: GrpcJsClient;
afterEach(async () => {
  client.close();
  await at.close();
});

async function start(grant: Partial<typeof key> = {}, options: TestGatewayOptions = {}): Promise<void> {
  const authenticateApiKey = () => {
    if (grant.name === 'unknown') throw new Fault('unauthenticated', 'No such key');
    return { key: { ...key, ...grant }, tenantId: 't1', tenantName: 'acme', role: 'admin' };
  };
  at = await startGatewayForTest({
    ...{ ...options, env: { GRPC_PORT: '0', ...options.env } },
    handlers: { apiKeys: { authenticateApiKey } },
  });
  client = createGrpcJsClient(at.gateway.grpcAddress ?? '127.0.0.1:1');
}

const call = { token: apiKey, timeoutMs: 10_000 };

async function refusalOf(work: Promise<unknown>): Promise<readonly [number, string]> {
  const [outcome] = await Promise.allSettled([work]);
  if (outcome?.status !== 'rejected') throw new Error('it was not refused');
  const { code, details } = outcome.reason as ServiceError;
  // This client decodes as few characters as it can.
  return [code, decodeURIComponent(details)];
}

describe('a worker that speaks gRPC', () => {
  it('registers, gives signs of life, claims and answers as whom its key says', async () => {
    await start();
    const heard: unknown[] = [];
    at.handlers.workers = {
      registerWorker: ({ worker }, context) => {
        heard.push(worker, principalOf(context));
        return { worker: { id }, created: true };
      },
      heartbeat: ({ workerId, heartbeat: told }) => {
        heard.push(workerId, told);
        return { status: WorkerStatus.BUSY, lastSeen: time, nextHeartbeatS: 60, lostTaskIds: [id] };
      },
    };
    at.handlers.tasks = {
      claimTasks: ({ workerId, max, waitS }) => {
        heard.push([workerId, max, waitS]);
        return { tasks: [{ taskId: id, attempt: 2, inputData: { n: 1 } }] };
      },
      endAttempt: ({ taskId, attempt, result }) => {
        heard.push([taskId, attempt, result]);
        return {
          task: { id, status: WorkTaskStatus.RETRYING },
          errorCode: 'output_invalid',
          errorMessage: 'It is not',
        };
      },
    };
    const made = await client.unary(register, { worker: { name: 'Finder', type: 'detector' } }, call);
    expect([made.workerId, made.created]).toEqual([id, true]);
    const beat = await client.unary(heartbeat, { workerId: id.toUpperCase() }, call);
    expect([beat.status, beat.nextHeartbeatS, beat.lostTaskIds]).toEqual(['busy', 60, [id]]);
    const given = await client.unary(claim, { workerId: id, waitS: 3 }, call);
    expect(given.tasks).toMatchObject([{ taskId: id, attempt: 2, inputData: { n: 1 } }]);
    const ended = await client.unary(endAttempt, { taskId: id, attempt: 2, result: { output: {} } }, call);
    expect(ended).toMatchObject({
      ...{ status: 'running', errorCode: 'output_invalid', errorMessage: 'It is not' },
    });
    expect(heard).toEqual([
      { name: 'Finder', type: 'detector' },
      expect.objectContaining({ tenantId: 't1', userId: 'u1', roles: ['admin'] }),
      ...[id, {}],
      [id, 1, 3],
      [id, 2, { output: {} }],
    ]);
  });

  it.each([
    ['without a credential', {}, { timeoutMs: 5_000 }, status.UNAUTHENTICATED],
    ['without a deadline', {}, { token: apiKey }, status.INVALID_ARGUMENT],
    ['with an unknown key', { name: 'unknown' }, call, status.UNAUTHENTICATED],
    ['without the permission', { permissions: ['agent:read'] }, call, status.PERMISSION_DENIED],
    ['with a key for other paths', { allowedEndpoints: ['/agents'] }, call, status.PERMISSION_DENIED],
    ['beyond the rate of its key', { rateLimit: 0 }, call, status.RESOURCE_EXHAUSTED],
  ] as const)('is refused %s', async (_what, grant, how, wanted) => {
    await start({ ...grant } as Partial<typeof key>);
    const [code] = await refusalOf(client.unary(heartbeat, { workerId: id }, how));
    expect(code).toBe(wanted);
  });

  it('is told what is wrong, and nothing of the inside', async () => {
    await start();
    at.handlers.workers = {
      registerWorker: () => Promise.reject(invalidArgument([{ field: 'name', reason: 'is required' }])),
    };
    const wrong = await refusalOf(client.unary(register, {}, call));
    expect(wrong).toEqual([status.INVALID_ARGUMENT, 'name: is required']);
    const asked = [
      [{ workerId: 'none' }, 'worker_id: must be a UUID'],
      [{ workerId: id, waitS: 31 }, 'wait_s: must be from 0 to 30'],
      [{ workerId: id, max: 101 }, 'max: must be from 1 to 100'],
    ] as const;
    for (const [request, sentence] of asked) {
      expect(await refusalOf(client.unary(claim, request, call))).toEqual([
        status.INVALID_ARGUMENT,
        sentence,
      ]);
    }
    at.handlers.tasks = { endAttempt: () => Promise.reject(new Fault('aborted', 'Not yours any more')) };
    const late = await refusalOf(client.unary(endAttempt, { taskId: id, attempt: 1 }, call));
    expect(late).toEqual([status.ABORTED, 'Not yours any more']);
    at.handlers.tasks = { endAttempt: () => Promise.reject(new Error('select * from secrets')) };
    const [code, sentence] = await refusalOf(client.unary(endAttempt, { taskId: id, attempt: 1 }, call));
    expect([code, sentence]).toEqual([status.INTERNAL, expect.not.stringContaining('secrets')]);
  });

  it('that goes away ends its wait in the mesh, and what it was given meanwhile is returned', async () => {
    await start();
    const ended = Promise.withResolvers<string>();
    const returned = Promise.withResolvers<object>();
    at.handlers.tasks = {
      returnClaim: ({ workerId, claimId }) => {
        returned.resolve({ workerId, claimId });
        return {};
      },
      claimTasks: async ({ claimId, max }, { signal }) => {
        if (max === 2) return { tasks: [] };
        signal.addEventListener('abort', () => ended.resolve(claimId));
        await ended.promise;
        return { tasks: [] };
      },
    };
    // One that was answered is not returned.
    await client.unary(claim, { workerId: id, max: 2 }, call);
    const [code] = await refusalOf(
      client.unary(claim, { workerId: id, waitS: 30 }, { ...call, timeoutMs: 1_500 }),
    );
    expect(code).toBe(status.DEADLINE_EXCEEDED);
    expect(await returned.promise).toEqual({ workerId: id, claimId: await ended.promise });
  });

  it('has no port unless one is named', async () => {
    await start({}, { env: { GRPC_PORT: '' } });
    expect(at.gateway.grpcAddress).toBeUndefined();
  });
});
