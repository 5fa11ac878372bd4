// Commands, decisions and re-runs where several replicas serve: from whichever one they are asked, and whichever one dies.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createClient } from '@connectrpc/connect';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ProxyTracerProvider } from '@opentelemetry/api';
import { systemClock } from '../../../foundation/clock.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { InvocationState } from '../../../proto/gen/domainflow/agents/v1/invocation_pb.js';
import { ApprovalService } from '../../../proto/gen/domainflow/orchestrator/v1/approval_service_pb.js';
import { ControlService } from '../../../proto/gen/domainflow/orchestrator/v1/control_service_pb.js';
import { ExecutionStatus } from '../../../proto/gen/domainflow/orchestrator/v1/execution_pb.js';
import { ExecutionService } from '../../../proto/gen/domainflow/orchestrator/v1/execution_service_pb.js';
import { ReplicaService } from '../../../proto/gen/domainflow/orchestrator/v1/replica_service_pb.js';
import { RerunMode } from '../../../proto/gen/domainflow/orchestrator/v1/rerun_pb.js';
import { newPerson, startTestOrchestrator, type TestOrchestrator } from '../app.for-test.ts';
import { answerAfter, answerAtOnce } from '../clients/neighbours.for-test.ts';
import { createNudges } from '../clients/nudge-replica.ts';
import type { Command } from '../core/decision/decision.ts';
import { repeatJob } from '../core/job-input.ts';
import { createPostgresCommandStore } from '../store/postgres-command-store.ts';
import { journalOf, keyOf, planWithApprovals, submit, waitingCommands } from './control.for-test.ts';
import { reasonOf, until } from './deletions.for-test.ts';

const program = join(import.meta.dirname, '../engine/service-process.for-test.ts');

let databases: TestDatabases;
let app: TestOrchestrator;
let replica: Awaited<ReturnType<typeof startReplica>>;
beforeAll(async () => {
  databases = await startTestDatabases();
  app = await startTestOrchestrator(databases, 'replicas');
  app.neighbours.plans.set('gate', planWithApprovals({ 'approval-a': [], last: ['approval-a'] }));
}, 30_000);
beforeEach(async () => {
  replica = await startReplica();
}, 20_000);
afterEach(async () => {
  app.neighbours.invoke = answerAtOnce;
  app.neighbours.onCancel = async () => InvocationState.UNKNOWN;
  await replica.kill();
});
afterAll(async () => {
  await app.close();
  await databases.stop();
});

/** Another replica in a process of its own. */
async function startReplica() {
  const settings = JSON.stringify({ ...app.settings, REPLICA_NAME: 'replica-1' });
  const child = spawn(process.execPath, ['--no-warnings', program, settings], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const [told] = await once(child.stdout, 'data');
  const address = String(told).trim();
  const transport = app.transportTo(address);
  return {
    address,
    control: createClient(ControlService, transport),
    approvals: createClient(ApprovalService, transport),
    executions: createClient(ExecutionService, transport),
    stop: () => child.kill('SIGSTOP'),
    async kill() {
      child.kill('SIGKILL');
      await exited;
      transport.close();
    },
  };
}

/** A run that the other replica holds, whose first agent answers when it is let go. */
async function heldByOther(person = newPerson()) {
  const letGo = Promise.withResolvers<void>();
  app.neighbours.invoke = answerAfter(letGo.promise);
  const { jobId } = await submit({ ...replica, as: app.as }, person);
  await app.watch.seen(keyOf(jobId), 'task_started', 'first');
  return { person, jobId, letGo: letGo.resolve };
}

const shown = async (jobId: string, person: ReturnType<typeof newPerson>) =>
  (await app.executions.getExecution({ jobId }, app.as(person))).execution;

function store({ tenantId }: ReturnType<typeof newPerson>, jobId: string, command: Command) {
  const key = { tenantId, id: keyOf(jobId).id };
  return createPostgresCommandStore(app.stores.app).add(key, { id: newId(), command });
}

describe('a command', () => {
  it('reaches a run that another replica holds', async () => {
    const { person, jobId, letGo } = await heldByOther();
    const options = app.as(person);
    expect(await app.control.pauseExecution({ jobId }, options)).toMatchObject({
      status: ExecutionStatus.PAUSED,
    });
    letGo();
    await app.watch.seen(keyOf(jobId), 'task_succeeded', 'first');
    expect(await app.control.resumeExecution({ jobId }, options)).not.toMatchObject({
      status: ExecutionStatus.PAUSED,
    });
    await app.watch.seen(keyOf(jobId), 'ended');
    const second = await heldByOther(person);
    await app.control.cancelExecution({ jobId: second.jobId }, options);
    await app.watch.seen(keyOf(second.jobId), 'ended');
    expect(await shown(second.jobId, person)).toMatchObject({ status: ExecutionStatus.CANCELLED });
  }, 20_000);

  it('has been carried out when the replica that was nudged answers', async () => {
    const { person, jobId, letGo } = await heldByOther();
    const token = new Headers(app.asService().headers).get('authorization')?.slice('Bearer '.length) ?? '';
    const tracer = new ProxyTracerProvider().getTracer('test');
    const nudges = createNudges({ token: () => token, tracer, clock: systemClock });
    const { tenantId, userId } = person;
    await store(person, jobId, { type: 'pause', by: userId });
    await nudges.nudge(replica.address, { tenantId, id: keyOf(jobId).id });
    const { rows } = await app.stores.admin.query(
      'select status from orchestrator.executions where id = $1',
      [keyOf(jobId).id],
    );
    expect(rows).toEqual([{ status: 'paused' }]);
    await store(person, jobId, { type: 'resume', by: userId });
    const elsewhere = createClient(ReplicaService, app.transport);
    const request = { tenantId, executionId: keyOf(jobId).id };
    expect(await elsewhere.nudge(request, app.asService())).toMatchObject({ held: false });
    await nudges.nudge(replica.address, { tenantId, id: keyOf(jobId).id });
    nudges.close();
    letGo();
    await app.watch.seen(keyOf(jobId), 'ended');
  }, 20_000);

  it('is carried out once also when the replica that holds the run dies before it looks', async () => {
    const { person, jobId, letGo } = await heldByOther();
    replica.stop(); // it neither looks nor answers from now on
    const pausing = app.control.pauseExecution({ jobId }, app.as(person));
    await until(async () => (await waitingCommands(app)) === 1);
    await replica.kill();
    expect(await pausing).toMatchObject({ status: ExecutionStatus.PAUSED });
    letGo();
    await app.control.resumeExecution({ jobId }, app.as(person));
    await app.watch.seen(keyOf(jobId), 'ended');
    const events = await journalOf(app, person, jobId);
    expect(events.filter((type) => type === 'paused')).toHaveLength(1);
    expect(await shown(jobId, person)).toMatchObject({ status: ExecutionStatus.COMPLETED });
    expect(await waitingCommands(app)).toBe(0);
  }, 30_000);

  it('is kept and carried out when its caller was told that it takes long', async () => {
    const { person, jobId } = await heldByOther();
    replica.stop();
    const hurried = { ...app.as(person), timeoutMs: 900 };
    expect(['unavailable', 'deadline_exceeded']).toContain(
      await reasonOf(app.control.cancelExecution({ jobId }, hurried)),
    );
    await replica.kill();
    await app.watch.seen(keyOf(jobId), 'ended');
    expect(await shown(jobId, person)).toMatchObject({ status: ExecutionStatus.CANCELLED });
  }, 30_000);
});

describe('a decision', () => {
  it('is made once, whichever replicas are asked for it', async () => {
    const person = newPerson();
    const { jobId } = await submit(app, person, 'gate');
    await app.watch.seen(keyOf(jobId), 'approval_requested');
    const deciders = Array.from({ length: 10 }, () => newPerson({ tenantId: person.tenantId }));
    const answers = await Promise.allSettled(
      deciders.map((decider, at) => {
        const { approvals } = at % 2 === 0 ? app : replica;
        const wish = { jobId, taskId: 'approval-a', approve: true, comment: `${at}` };
        return approvals.decideApproval(wish, app.as(decider));
      }),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await app.watch.seen(keyOf(jobId), 'ended');
    const events = await journalOf(app, person, jobId);
    expect(events.filter((type) => type === 'approval_decided')).toHaveLength(1);
    await until(async () => (await waitingCommands(app)) === 0);
  }, 20_000);
});

describe('a re-run', () => {
  it('that was recorded and then lost reuses what it was promised', async () => {
    const person = newPerson();
    const { tenantId } = person;
    const { jobId, incidentId } = await submit(app, person);
    await app.watch.seen(keyOf(jobId), 'ended');
    const old = await app.stores.executions.read(tenantId, keyOf(jobId).id);
    if (!old) throw new Error('the run is not there');
    const repeats = { earlierJobId: jobId, reused: ['first'] };
    const id = newId();
    const input = repeatJob(old.input, { repeats, answerId: newId() });
    const again = { ...old, id, input, rerunOf: old.id, createdAtMs: Date.now() };
    await app.stores.executions.record(again, await app.stores.newOwner()); // whose process is dead
    await app.watch.seen({ id }, 'ended');
    const events = (await app.stores.executions.readJournal(tenantId, id)).map(({ event }) => event);
    expect(events[0]).toMatchObject({ type: 'task_reused', nodeId: 'first', fromExecutionId: old.id });
    expect(events.filter(({ type }) => type === 'task_started')).toMatchObject([{ nodeId: 'second' }]);
    expect(app.neighbours.documents.get(incidentId)).toMatchObject({ status: 'completed' });
  }, 20_000);

  it('under a name goes on with what it reuses when its replica dies before it answers', async () => {
    const person = newPerson();
    const { jobId } = await submit(app, person);
    await app.watch.seen(keyOf(jobId), 'ended');
    const letGo = Promise.withResolvers<void>();
    const placing = app.neighbours.holdPlace(letGo.promise);
    const wish = { jobId, mode: RerunMode.FROM, from: 'second', requestId: 'lost' };
    const told = reasonOf(replica.control.rerunExecution(wish, app.as(person)));
    await placing;
    await replica.kill();
    await told;
    letGo.resolve();
    let again = await app.control.rerunExecution(wish, app.as(person)).catch(() => undefined);
    await until(async () => {
      again ??= await app.control.rerunExecution(wish, app.as(person)).catch(() => undefined);
      return again !== undefined;
    });
    expect(again).toMatchObject({ replayed: true, reused: ['first'], toRun: ['second'] });
    await app.watch.seen(keyOf(again?.jobId ?? ''), 'ended');
    const events = await journalOf(app, person, again?.jobId ?? '');
    expect(events.filter((type) => type === 'task_reused')).toHaveLength(1);
    expect(events.filter((type) => type === 'task_started')).toHaveLength(1);
  }, 30_000);
});
