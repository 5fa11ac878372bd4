// Agents of the runtime worker through the whole service: with the example worker, with one that is down, and with requests that are wrong.
import { create } from '@bufbuild/protobuf';
import { durationMs } from '@bufbuild/protobuf/wkt';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createExampleWorker } from '../../../local/example-worker.ts';
import { WorkerProtocol } from '../../../proto/gen/domainflow/agents/v1/worker_pb.js';
import { AgentRuntime, AgentSchema } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
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

const agent = create(AgentSchema, {
  ...{ agentId: 'agent-1', agentName: 'Triage', version: 3, tenantId: 'tenant-1', createdBy: 'user-1' },
  outputSchema: { urgency: { type: 'string' } },
  settings: { runtime: AgentRuntime.WORKER },
});

const workerAt = (port: number) => ({
  ...{ workerId: 'worker-1', endpoint: `http://127.0.0.1:${port}`, protocol: WorkerProtocol.HTTP },
});

const request = { agent, input: { text: 'A gas leak on Main Street' } };

describe('an agent of runtime worker', () => {
  it('is run by the worker of the request, which is asked by nobody it knows', async () => {
    const worker = await listen(createExampleWorker());
    open.push(worker);
    const agents = await start();
    const attempt = { request: { ...request, worker: workerAt(worker.port) }, capability: 'ingestion' };
    expect(await agents.invoke(attempt)).toMatchObject([
      {
        case: 'result',
        value: {
          ...{ output: { urgency: 'high' }, runtime: 'worker:worker-1', confidence: 0.9 },
          spans: { urgency: { spans: [{ start: 2, end: 10 }] } },
        },
      },
    ]);
  });

  it('is given to its worker without a token, a tenant or a person', async () => {
    const worker = await httpWorker(saying({ urgency: 'low' }));
    open.push(worker);
    const agents = await start();
    await agents.invoke({ request: { ...request, worker: workerAt(worker.port) }, capability: 'ingestion' });
    const [seen] = worker.seen;
    expect(Object.keys(seen?.headers ?? {})).not.toContain('authorization');
    const { tenantId, userId, username } = agents.person;
    for (const name of [tenantId, userId, username, 'tenant-1', 'user-1', 'Bearer']) {
      expect(JSON.stringify(seen)).not.toContain(name);
    }
  });

  it('whose worker is left alone is told when to come back, and the same attempt runs then', async () => {
    const worker = await httpWorker(saying({ error_code: 'tool_error' }, 500, { 'retry-after': '0' }));
    open.push(worker);
    const agents = await start();
    const failureOf = async (taskId: string) => {
      const asked = { ...request, taskId, worker: workerAt(worker.port) };
      return (await agents.invoke({ request: asked, capability: 'ingestion' })).at(-1)?.value;
    };
    expect(await failureOf('first')).toMatchObject({ errorCode: 'worker_lost' });
    const refused = await failureOf('second');
    expect(refused).toMatchObject({ errorCode: 'dependency_unavailable' });
    const waitMs = (failure: unknown) => {
      const { retryAfter } = failure as { retryAfter?: Parameters<typeof durationMs>[0] };
      return retryAfter ? durationMs(retryAfter) : 0;
    };
    expect(waitMs(refused)).toBeGreaterThan(50_000);
    expect(worker.seen).toHaveLength(5);
    // What was refused is not kept: asked again, the attempt is made anew and told the time that is left now.
    const again = await failureOf('second');
    expect(again).toMatchObject({ errorCode: 'dependency_unavailable' });
    expect(waitMs(again)).toBeLessThan(waitMs(refused));
    // What was lost is an end like any other.
    expect(await failureOf('first')).toMatchObject({ errorCode: 'worker_lost' });
    expect(worker.seen).toHaveLength(5);
  });

  it('outside the networks of the platform is called by https alone', async () => {
    const agents = await startAgentsForTest();
    open.push(agents);
    const attempt = { request: { ...request, worker: workerAt(1) }, capability: 'ingestion' };
    expect((await agents.invoke(attempt)).at(-1)).toMatchObject({
      ...{ case: 'failure', value: { errorCode: 'permission_denied' } },
    });
  });
});

describe("work that is no agent's", () => {
  const work = { taskType: 'analysis', context: { workflow_id: 'wf-1' } };

  it('is done by its worker, which is told the task and what goes with it, and may answer any JSON object', async () => {
    const answer = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`key ${at}`, [at]]));
    const worker = await httpWorker(saying(answer));
    open.push(worker);
    const agents = await start();
    const asked = { taskId: 'task-1', work, input: { any: 'thing' }, worker: workerAt(worker.port) };
    expect(await agents.invoke({ request: asked, capability: '' })).toMatchObject([
      { case: 'result', value: { output: answer, runtime: 'worker:worker-1' } },
    ]);
    const [seen] = worker.seen;
    expect(seen).toMatchObject({ url: '/process', headers: { 'idempotency-key': 'job_1/task-1/1' } });
    expect(JSON.parse(seen?.body ?? '')).toEqual({
      ...{ task_id: 'task-1', task_type: 'analysis', attempt: 1, input_data: { any: 'thing' } },
      context: { workflow_id: 'wf-1', job_id: 'job_1', timeout_ms: expect.any(Number) },
    });
  });

  it('is taken as an envelope where there is an output in it', async () => {
    const worker = await httpWorker(saying({ output: { a: 1 }, reasoning: 'Seen', confidence: 0.4 }));
    open.push(worker);
    const agents = await start();
    const request = { work, worker: workerAt(worker.port) };
    expect(await agents.invoke({ request, capability: '' })).toMatchObject([
      { case: 'result', value: { output: { a: 1 }, reasoning: 'Seen', confidence: 0.4 } },
    ]);
  });

  it.each([{ output: [1] }, { output: null }, { output: { a: 1 }, error_code: 'tool_error' }, { a: '\0' }])(
    'fails with an answer that is neither a result nor a failure: %j',
    async (said) => {
      const worker = await httpWorker(saying(said));
      open.push(worker);
      const agents = await start();
      const request = { work, worker: workerAt(worker.port) };
      expect(await agents.invoke({ request, capability: '' })).toMatchObject([
        { case: 'failure', value: { errorCode: 'output_invalid' } },
      ]);
    },
  );

  it('has no output of more than 64 KB', async () => {
    const worker = await httpWorker(saying({ text: 'x'.repeat(65_536) }));
    open.push(worker);
    const agents = await start();
    const request = { work, worker: workerAt(worker.port) };
    expect((await agents.invoke({ request, capability: '' })).at(-1)).toMatchObject({
      ...{ case: 'failure', value: { errorCode: 'output_too_large' } },
    });
  });

  it.each(['connect' as const, 'grpc' as const])('is given to a worker by %s as work', async (protocol) => {
    const seen: unknown[] = [];
    const worker = await contractWorker(protocol, {
      invoke: async function* ({ work: given, agent: none, input }) {
        seen.push({ given, none, input });
        yield { event: { case: 'result', value: { output: { done: true } } } };
      },
    });
    open.push(worker);
    const agents = await start();
    const place = {
      ...workerAt(worker.port),
      protocol: protocol === 'grpc' ? WorkerProtocol.GRPC : WorkerProtocol.CONNECT,
    };
    const asked = { request: { work, input: { a: 1 }, worker: place }, capability: '' };
    expect(await agents.invoke(asked)).toMatchObject([{ case: 'result', value: { output: { done: true } } }]);
    expect(seen).toMatchObject([{ given: work, none: undefined, input: { a: 1 } }]);
  });

  it('is refused without a worker or a type, and beside an agent', async () => {
    const agents = await start();
    const request = { work: { taskType: '' }, agent };
    await expect(agents.invoke({ request, capability: '' })).rejects.toMatchObject({
      reason: 'invalid_argument',
      violations: [{ field: 'agent' }, { field: 'worker' }, { field: 'work.task_type' }],
    });
  });
});

describe('the worker of a request', () => {
  it('is refused with everything that is wrong with it', async () => {
    const agents = await start();
    const worker = { workerId: '', endpoint: 'somewhere', taskType: 'x'.repeat(101) };
    await expect(
      agents.invoke({ request: { ...request, worker }, capability: 'ingestion' }),
    ).rejects.toMatchObject({
      reason: 'invalid_argument',
      violations: ['worker_id', 'endpoint', 'protocol', 'task_type'].map((field) => ({
        field: `worker.${field}`,
      })),
    });
  });

  it('is refused for an agent of another runtime', async () => {
    const agents = await start();
    const other = create(AgentSchema, { agentId: 'agent-1', settings: { runtime: AgentRuntime.MODEL } });
    const attempt = { request: { ...request, agent: other, worker: workerAt(1) }, capability: 'ingestion' };
    await expect(agents.invoke(attempt)).rejects.toMatchObject({
      ...{ reason: 'invalid_argument', violations: [{ field: 'worker' }] },
    });
  });
});
