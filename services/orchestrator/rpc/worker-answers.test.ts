// What workers that ask for tasks answer: judged as the answers of workers that are called, recorded once, and refused where nobody can tell what is
// meant.
import { randomUUID } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { asFault } from '../../../foundation/fault/fault.ts';
import type { Principal } from '../../../foundation/identity/principal.ts';
import type { JsonObject } from '../../../foundation/json/json.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { ExecutionStatus } from '../../../proto/gen/domainflow/orchestrator/v1/execution_pb.js';
import { WorkTaskStatus } from '../../../proto/gen/domainflow/orchestrator/v1/task_pb.js';
import { AgentRuntime, AgentSettingsSchema } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import { newAdmin, startTestOrchestrator, type TestOrchestrator } from '../app.for-test.ts';
import { planMessageOf } from '../engine/pinned-plan.for-test.ts';
import { journalOf, keyOf, submit } from './control.for-test.ts';

let databases: TestDatabases;
let service: TestOrchestrator;
beforeAll(async () => {
  databases = await startTestDatabases();
  service = await startTestOrchestrator(databases, 'worker_answers');
  const plan = planMessageOf({ judge: [] });
  for (const { kind } of plan.nodes) {
    if (kind.case !== 'agent') continue;
    kind.value.outputSchema = {
      verdict: { type: 'string', enum: ['low', 'high'] },
      score: { type: 'integer' },
    };
    kind.value.settings = create(AgentSettingsSchema, { runtime: AgentRuntime.WORKER });
  }
  service.neighbours.plans.set('judged', { ...plan, hash: 'a'.repeat(64) });
}, 30_000);
afterAll(async () => {
  await service?.close();
  await databases?.stop();
});

async function register(person: Principal): Promise<string> {
  const worker = { type: 'custom', name: `judge ${randomUUID()}`, protocol: 'pull' };
  return (await service.workers.registerWorker({ worker }, service.as(person))).worker?.id ?? '';
}

async function claim(person: Principal, workerId: string) {
  const { tasks } = await service.tasks.claimTasks({ workerId, max: 1, waitS: 10 }, service.as(person));
  const [task] = tasks;
  if (!task) throw new Error('nothing was given');
  return task;
}

const end = (person: Principal, taskId: string, result: JsonObject, attempt = 1) =>
  service.tasks.endAttempt({ taskId, attempt, result }, service.as(person));

/** An attempt of the agent of the playbook, and its run once that has ended. */
async function judging(person: Principal) {
  const workerId = await register(person);
  const { jobId } = await submit(service, person, 'judged');
  const { taskId, context } = await claim(person, workerId);
  const run = async () => {
    await service.watch.seen(keyOf(jobId), 'ended');
    return (await service.executions.getExecution({ jobId }, service.as(person))).execution;
  };
  return { workerId, jobId, taskId, context, run };
}

/** An attempt of a task that is of no playbook. */
async function working(person: Principal): Promise<string> {
  const task = { type: 'analysis', name: 'Read plates', description: 'Reads them' };
  await service.tasks.createTask({ task, autoDispatch: true }, service.as(person));
  return (await claim(person, await register(person))).taskId;
}

describe("the output of a playbook's agent", () => {
  it('that fits its schema ends the run', async () => {
    const person = newAdmin();
    const { taskId, context, run } = await judging(person);
    expect(context?.output_schema).toMatchObject({ score: { type: 'integer' } });
    const ended = await end(person, taskId, { output: { verdict: 'high', score: 7 } });
    expect(ended).toMatchObject({ errorCode: '', errorMessage: '' });
    expect(ended.task).toMatchObject({ status: WorkTaskStatus.COMPLETED });
    expect((await run())?.status).toBe(ExecutionStatus.COMPLETED);
  });

  it.each<JsonObject>([{ output: { verdict: 'huge', score: '7' } }, { verdict: 'huge', score: '7' }])(
    'that does not is the final fault of the attempt, of which the worker is told everything: %j',
    async (sent) => {
      const person = newAdmin();
      const { workerId, jobId, taskId, run } = await judging(person);
      const ended = await end(person, taskId, sent);
      expect(ended).toMatchObject({ errorCode: 'output_invalid', task: { status: WorkTaskStatus.FAILED } });
      expect(ended.errorMessage).toBe(
        'The answer of the worker is not valid: output: /score must be integer; output: /verdict must be equal to one of the allowed values: ["low","high"]',
      );
      expect(await end(person, taskId, sent)).toMatchObject({
        ...{ errorCode: ended.errorCode, errorMessage: ended.errorMessage },
      });
      expect(await run()).toMatchObject({ status: ExecutionStatus.FAILED });
      const journal = await journalOf(service, person, jobId);
      expect(journal.filter((type) => type === 'task_failed')).toHaveLength(1);
      expect(journal).not.toContain('retry_scheduled');
      const { worker } = await service.workers.getWorker({ workerId }, service.as(person));
      expect(worker?.performance).toMatchObject({ tasksSucceeded: 0n, tasksFailed: 1n });
    },
  );
});

describe('the answer of an attempt', () => {
  it('may be any object where no agent promised one, but no larger than an output', async () => {
    const person = newAdmin();
    const many = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`key ${at}`, [at]]));
    expect(await end(person, await working(person), many)).toMatchObject({
      ...{ errorCode: '', task: { status: WorkTaskStatus.COMPLETED, result: many } },
    });
    const large = await end(person, await working(person), { text: 'x'.repeat(64 * 1024) });
    expect(large).toMatchObject({ errorCode: 'output_too_large', task: { status: WorkTaskStatus.FAILED } });
  });

  it('may be a failure, which is told again', async () => {
    const person = newAdmin();
    const told = { error_code: 'permission_denied', error_message: 'no key' };
    const ended = await end(person, await working(person), told);
    expect(ended).toMatchObject({ errorCode: 'permission_denied', errorMessage: 'no key' });
  });

  it('that is neither result nor failure is refused, and the attempt goes on', async () => {
    const person = newAdmin();
    const taskId = await working(person);
    const row = async () =>
      (await service.stores.admin.query('select * from orchestrator.tasks where id = $1', [taskId])).rows[0];
    const before = await row();
    const refused: readonly (readonly [JsonObject, string])[] = [
      [{ output: [1] }, 'output'],
      [{ output: null }, 'output'],
      [{ output: 'a text', reasoning: 'x' }, 'output'],
      [{ output: { a: 1 }, error_code: 'tool_error' }, 'error_code'],
      [{ error_code: null }, 'error_code'],
      [{ error_code: 7 }, 'error_code'],
      [{ output: { a: ['\0'] } }, 'output.a[0]'],
      [{ output: { 'a\0': 1 } }, 'output'],
      [{ a: '\0' }, 'a'],
      [{ error_code: 'tool_error', error_message: 'no\0' }, 'error_message'],
    ];
    for (const [sent, field] of refused) {
      const fault = asFault(await end(person, taskId, sent).catch((error: unknown) => error));
      expect([fault.reason, fault.violations]).toMatchObject(['invalid_argument', [{ field }]]);
    }
    expect(await row()).toEqual(before);
    expect(before).toMatchObject({ status: 'running', answered_at: null });
    expect((await end(person, taskId, { output: { a: 1 } })).task?.status).toBe(WorkTaskStatus.COMPLETED);
  });
});
