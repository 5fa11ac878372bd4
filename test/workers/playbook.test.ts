// Agents of playbooks that run on workers: with a worker of either kind the playbook completes, and who cannot do the work is not given it.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { JsonObject } from '../../foundation/json/json.ts';
import { startTestDatabases, type TestDatabases } from '../../local/databases/test-databases.ts';
import { createExampleWorker } from '../../local/example-worker.ts';
import { AgentRuntime, UncertainPolicy } from '../../proto/gen/domainflow/registry/v1/agent_pb.js';
import { type Plan, PlanSchema } from '../../proto/gen/domainflow/registry/v1/plan_pb.js';
import { executionIdOf } from '../../services/orchestrator/core/public-id.ts';
import { openStage, type Stage, startWorker, until } from './stage.for-test.ts';

jest.setTimeout(60_000);

let databases: TestDatabases;
let stage: Stage;
beforeAll(async () => {
  databases = await startTestDatabases();
  stage = await openStage(databases, 'worker_playbook');
}, 60_000);
afterAll(async () => {
  await stage?.close();
  await databases?.stop();
});

/** A playbook of one agent that runs on workers with these capabilities. */
function planOf(requiredCapabilities: readonly string[], onUncertain = UncertainPolicy.UNSPECIFIED): Plan {
  const runtime = AgentRuntime.WORKER;
  const settings = { runtime, requiredCapabilities: [...requiredCapabilities], onUncertain };
  const agent = {
    ...{ agentId: 'triage', agentName: 'Triage', version: 1, systemPrompt: 'Say how urgent it is', settings },
    outputSchema: { urgency: { type: 'string' } },
  };
  const nodes = [{ nodeId: 'triage', kind: { case: 'agent' as const, value: agent } }];
  const hash = createHash('sha256').update(requiredCapabilities.join()).digest('hex');
  return create(PlanSchema, { domainId: 'city', domainVersion: 1, nodes, settings: {}, hash });
}

async function start(domainId: string, text: string): Promise<string> {
  const { app, person } = stage;
  const { jobId } = await app.executions.startIngestion({ domainId, text, source: 'web' }, app.as(person));
  return executionIdOf(jobId) ?? '';
}

/** An event of this type, of a run once it has ended. */
async function eventOf(
  executionId: string,
  wanted: string,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  await stage.ended({ executionId });
  const text = 'select payload from orchestrator.execution_events where execution_id = $1 order by seq';
  const { rows } = await stage.app.stores.admin.query<{ payload: string }>(text, [executionId]);
  const events = rows.flatMap(({ payload }) => JSON.parse(payload));
  return events.find(({ type }: { type: string }) => type === wanted);
}

const resultOf = async (executionId: string) => (await eventOf(executionId, 'task_succeeded'))?.answer;
const faultOf = async (executionId: string) => (await eventOf(executionId, 'task_failed'))?.fault;

describe('an agent of a playbook that runs on workers', () => {
  it('is run by a worker that is called, which is told what the agent is', async () => {
    stage.app.neighbours.plans.set('called', planOf(['triage']));
    const server = createExampleWorker().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const other = await startWorker(async () => ({ body: { output: { urgency: 'none' } } }));
    await stage.register({ type: 'custom', name: 'Other worker', endpoint: other.endpoint });
    const id = await stage.register({
      type: 'custom',
      name: 'Example worker',
      endpoint,
      capabilities: ['triage'],
    });
    expect(await resultOf(await start('called', 'A gas leak on Main Street'))).toMatchObject({
      ...{ output: { urgency: 'high' }, confidence: 0.9, runtime: `worker:${id}` },
      spans: { urgency: [{ start: 2, end: 10 }] },
    });
    expect(other.posted).toEqual([]);
    server.close();
    await other.close();
  });

  it('whose worker answers what its schema does not allow has failed, and is not stored', async () => {
    stage.app.neighbours.plans.set('wrong', planOf(['wrong']));
    const wrong = await startWorker(async () => ({ body: { output: { urgency: 5 } } }));
    const described = {
      type: 'custom',
      name: 'Wrong worker',
      endpoint: wrong.endpoint,
      capabilities: ['wrong'],
    };
    await stage.register(described);
    const executionId = await start('wrong', 'A pothole');
    await stage.ended({ executionId });
    expect(await stage.events(executionId)).not.toContain('task_succeeded');
    expect(wrong.posted[0]?.context).toMatchObject({
      ...{ agent_id: 'triage', agent_name: 'Triage', system_prompt: 'Say how urgent it is' },
      output_schema: { urgency: { type: 'string' } },
    });
    await wrong.close();
  });

  it('is run by a worker that asks for tasks', async () => {
    stage.app.neighbours.plans.set('asked', planOf(['asked']));
    const { app, person } = stage;
    const described = { type: 'custom', name: 'Asking worker', protocol: 'pull', capabilities: ['asked'] };
    const workerId = await stage.register(described);
    const claiming = app.tasks.claimTasks({ workerId, max: 1, waitS: 20 }, app.as(person));
    const executionId = await start('asked', 'A flood');
    const [task] = (await claiming).tasks;
    expect(task).toMatchObject({
      ...{ attempt: 1, inputData: expect.objectContaining({ text: 'A flood' }) },
      context: expect.objectContaining({ agent_id: 'triage', system_prompt: 'Say how urgent it is' }),
    });
    const result = { output: { urgency: 'high' }, confidence: 0.7 };
    const answer = { taskId: task?.taskId ?? '', attempt: 1, result };
    await app.tasks.endAttempt(answer, app.as(person));
    expect(await resultOf(executionId)).toMatchObject({ output: { urgency: 'high' }, confidence: 0.7 });
  });

  it.each<[number, JsonObject]>([
    [1, { output: { urgency: 5 } }],
    [2, { urgency: null, colour: 'red' }],
    [3, { output: { a: 1, b: 2, c: 3, d: 4, e: 5, f: 6 } }],
    [4, { output: { urgency: 5, text: 'x'.repeat(65_536) } }],
  ])('fails alike with a wrong answer, whoever asks whom (%i)', async (number, body) => {
    const [called, asked] = [`called_${number}`, `asked_${number}`];
    for (const name of [called, asked]) stage.app.neighbours.plans.set(name, planOf([name]));
    const posted = await startWorker(async () => ({ body }));
    const usual = { type: 'custom', endpoint: posted.endpoint };
    await stage.register({ ...usual, name: `Called ${number}`, capabilities: [called] });
    const { app, person } = stage;
    const pulling = { type: 'custom', protocol: 'pull', name: `Asking ${number}`, capabilities: [asked] };
    const workerId = await stage.register(pulling);
    const runs = [await start(called, 'A pothole'), await start(asked, 'A pothole')] as const;
    const [task] = (await app.tasks.claimTasks({ workerId, max: 1, waitS: 20 }, app.as(person))).tasks;
    const taskId = task?.taskId ?? '';
    const ended = await app.tasks.endAttempt({ taskId, attempt: 1, result: body }, app.as(person));
    const fault = await faultOf(runs[0]);
    expect(fault).toEqual({ code: 'output_invalid', message: expect.stringContaining('output: /') });
    expect(await faultOf(runs[1])).toEqual(fault);
    expect({ code: ended.errorCode, message: ended.errorMessage }).toEqual(fault);
    for (const run of runs) expect(await stage.events(run)).not.toContain('retry_scheduled');
    await posted.close();
  });

  it('waits for a worker that can do it', async () => {
    stage.app.neighbours.plans.set('later', planOf(['later']));
    const executionId = await start('later', 'A pothole');
    await stage.app.watch.seen({ id: executionId }, 'task_offered');
    const late = await startWorker(async () => ({ body: { urgency: 'low' } }));
    await stage.register({
      type: 'custom',
      name: 'Late worker',
      endpoint: late.endpoint,
      capabilities: ['later'],
    });
    await until(() => late.posted.length === 1);
    expect(await resultOf(executionId)).toMatchObject({ output: { urgency: 'low' } });
    await late.close();
  });
});

describe('an attempt of which nobody knows what came', () => {
  const { FAIL, RETRY } = UncertainPolicy;

  /** Types of the events of the run's tasks, and the fault that it ended with. */
  async function endOf(executionId: string) {
    await stage.ended({ executionId });
    const text = 'select reason from orchestrator.executions where id = $1';
    const { rows } = await stage.app.stores.admin.query<{ reason: string }>(text, [executionId]);
    const types = await stage.events(executionId);
    return { reason: rows[0]?.reason, offers: types.filter((type) => type === 'task_offered').length };
  }

  const change = (executionId: string, columns: string, values: readonly unknown[] = []) =>
    stage.app.stores.admin.query(`update orchestrator.tasks set ${columns} where execution_id = $1`, [
      executionId,
      ...values,
    ]);

  it.each([
    ['fails its task where the agent forbids to repeat it', FAIL, { reason: 'uncertain', offers: 1 }],
    ['is followed by another where it does not', RETRY, { reason: '', offers: 2 }],
  ])('%s, of a worker that asks', async (_name, onUncertain, expected) => {
    const { app, person } = stage;
    const can = `unsure_asked_${onUncertain}`;
    stage.app.neighbours.plans.set(can, planOf([can], onUncertain));
    const workerId = await stage.register({
      type: 'custom',
      name: `Asks ${onUncertain}`,
      protocol: 'pull',
      capabilities: [can],
    });
    const claim = async () =>
      (await app.tasks.claimTasks({ workerId, max: 1, waitS: 20 }, app.as(person))).tasks[0];
    const executionId = await start(can, 'A flood');
    const lost = await claim();
    await change(executionId, 'lease_until = clock_timestamp()');
    if (onUncertain === RETRY) {
      const { taskId = '', attempt = 0 } = (await claim()) ?? {};
      expect([taskId, attempt]).toEqual([lost?.taskId, 2]);
      await app.tasks.endAttempt({ taskId, attempt, result: { urgency: 'low' } }, app.as(person));
    }
    expect(await endOf(executionId)).toEqual(expected);
  });

  it.each([
    ['is not repeated where the agent forbids it', FAIL, { reason: 'uncertain', offers: 1 }, 0],
    ['is made again under its key where it does not', RETRY, { reason: '', offers: 1 }, 1],
  ])('%s, of a worker that is called', async (_name, onUncertain, expected, calls) => {
    const can = `unsure_called_${onUncertain}`;
    stage.app.neighbours.plans.set(can, planOf([can], onUncertain));
    const worker = await startWorker(async () => ({ body: { urgency: 'low' } }));
    const { endpoint } = worker;
    const workerId = await stage.register({ type: 'custom', name: `Called ${onUncertain}`, endpoint });
    const executionId = await start(can, 'A flood');
    await stage.app.watch.seen({ id: executionId }, 'task_offered');
    // As a replica leaves it that was killed together with the agents service.
    const left = `status = 'running', worker_id = $2, caller_id = $2, assigned_at = clock_timestamp(), fetched_at = clock_timestamp(),
      lease_until = clock_timestamp(), timeout_at = clock_timestamp() + interval '1 minute'`;
    await change(executionId, left, [workerId]);
    expect(await endOf(executionId)).toEqual(expected);
    expect(worker.posted).toHaveLength(calls);
    await worker.close();
  });
});
