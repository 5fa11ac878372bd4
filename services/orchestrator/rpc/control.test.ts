// Cancel, pause and resume over the wire: what they do to a run, in which state, and for whom.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { InvocationState } from '../../../proto/gen/domainflow/agents/v1/invocation_pb.js';
import {
  ExecutionStatus,
  LogStatus,
  TaskStatus,
} from '../../../proto/gen/domainflow/orchestrator/v1/execution_pb.js';
import { newPerson, startTestOrchestrator, type TestOrchestrator } from '../app.for-test.ts';
import { answerAfter, answerAtOnce } from '../clients/neighbours.for-test.ts';
import { ask, journalOf, keyOf, planWithApprovals, submit, waitingCommands } from './control.for-test.ts';
import { deleteObject, reasonOf, until } from './deletions.for-test.ts';

let databases: TestDatabases;
let app: TestOrchestrator;
beforeAll(async () => {
  databases = await startTestDatabases();
  app = await startTestOrchestrator(databases, 'control');
  app.neighbours.plans.set('asking', planWithApprovals({ 'approval-one': [], first: ['approval-one'] }));
}, 30_000);
afterEach(() => {
  app.neighbours.invoke = answerAtOnce;
  app.neighbours.onCancel = async () => InvocationState.UNKNOWN;
  app.neighbours.failing.clear();
});
afterAll(async () => {
  await app.close();
  await databases.stop();
});

/** A run whose first agent answers when it is let go. */
async function runUnderWay(person = newPerson()) {
  const letGo = Promise.withResolvers<void>();
  app.neighbours.invoke = answerAfter(letGo.promise);
  const { jobId, incidentId } = await submit(app, person);
  await app.watch.seen(keyOf(jobId), 'task_started', 'first');
  return { person, jobId, incidentId, letGo: letGo.resolve };
}

const shown = async (jobId: string, person: ReturnType<typeof newPerson>) =>
  (await app.executions.getExecution({ jobId }, app.as(person))).execution;

describe('a cancel', () => {
  it('ends a run: its calls are told to end, the rest is skipped, the document is failed', async () => {
    const { person, jobId, incidentId } = await runUnderWay();
    const { status } = await app.control.cancelExecution({ jobId }, app.as(person));
    expect([ExecutionStatus.CANCELLING, ExecutionStatus.CANCELLED]).toContain(status);
    await app.watch.seen(keyOf(jobId), 'ended');
    expect(app.neighbours.cancelledAttempts).toContain(`${jobId}/task_1/1`);
    expect(app.neighbours.documents.get(incidentId)).toMatchObject({ status: 'failed', error: 'cancelled' });
    expect(await shown(jobId, person)).toMatchObject({
      status: ExecutionStatus.CANCELLED,
      reason: 'cancelled',
      tasks: [{ status: TaskStatus.CANCELLED }, { status: TaskStatus.SKIPPED }],
      executionLog: [
        { agentId: 'second', status: LogStatus.SKIPPED },
        { agentId: 'first', status: LogStatus.ERROR, errorCode: 'cancelled' },
      ],
    });
    expect(await waitingCommands(app)).toBe(0);
  });

  it('is answered the same while it is being carried out, and told once', async () => {
    app.neighbours.onCancel = async () => InvocationState.RUNNING;
    const { person, jobId, letGo } = await runUnderWay();
    const cancel = () => app.control.cancelExecution({ jobId }, app.as(person));
    const answers = await Promise.all([cancel(), cancel(), cancel()]);
    expect(answers.map(({ status }) => status)).toEqual(Array(3).fill(ExecutionStatus.CANCELLING));
    expect(await cancel()).toMatchObject({ status: ExecutionStatus.CANCELLING });
    letGo(); // an answer that comes within the time is kept
    await app.watch.seen(keyOf(jobId), 'ended');
    const events = await journalOf(app, person, jobId);
    expect(events.filter((type) => type === 'cancel_requested')).toHaveLength(1);
    expect(await shown(jobId, person)).toMatchObject({
      status: ExecutionStatus.CANCELLED,
      tasks: [{ status: TaskStatus.SUCCEEDED }, { status: TaskStatus.SKIPPED }],
    });
    expect(await reasonOf(cancel())).toBe('failed_precondition');
  });

  it('may be asked for by who started the run, whatever the role, and by editors', async () => {
    const viewer = newPerson({ roles: ['viewer'] });
    const letGo = Promise.withResolvers<void>();
    app.neighbours.invoke = answerAfter(letGo.promise);
    const { jobId } = await ask(app, viewer);
    const editor = newPerson({ tenantId: viewer.tenantId, roles: ['admin'] });
    expect(await reasonOf(app.control.cancelExecution({ jobId }, app.as(editor)))).toBe('permission_denied');
    await app.control.cancelExecution({ jobId }, app.as(viewer));
    const starter = newPerson();
    const { jobId: second } = await submit(app, starter);
    const other = newPerson({ tenantId: starter.tenantId, roles: ['viewer'] });
    expect(await reasonOf(app.control.cancelExecution({ jobId: second }, app.as(other)))).toBe(
      'permission_denied',
    );
    await app.control.cancelExecution({ jobId: second }, app.as({ ...other, roles: ['editor'] }));
  });

  it('reaches a run that waits for a person and is held by nobody', async () => {
    const person = newPerson();
    const { jobId } = await submit(app, person, 'asking');
    await app.watch.seen(keyOf(jobId), 'approval_requested');
    await app.control.cancelExecution({ jobId }, app.as(person));
    await app.watch.seen(keyOf(jobId), 'ended');
    expect(await shown(jobId, person)).toMatchObject({
      status: ExecutionStatus.CANCELLED,
      tasks: [{ status: TaskStatus.CANCELLED }, { status: TaskStatus.SKIPPED }],
    });
  });

  it.each(['report', 'query', 'session'] as const)('follows the deletion of the %s', async (kind) => {
    const letGo = Promise.withResolvers<void>();
    app.neighbours.invoke = answerAfter(letGo.promise);
    const person = newPerson();
    const started = kind === 'report' ? await submit(app, person) : await ask(app, person);
    const { jobId } = started;
    await app.watch.seen(keyOf(jobId), 'task_started', 'first');
    const subject = 'incidentId' in started ? started.incidentId : started.queryId;
    const sessionId = (await shown(jobId, person))?.sessionId ?? '';
    await deleteObject(app, kind === 'session' ? sessionId : subject, person);
    await app.watch.seen(keyOf(jobId), 'ended');
    expect(await shown(jobId, person)).toMatchObject({ status: ExecutionStatus.CANCELLED });
    await until(async () => (await waitingCommands(app)) === 0);
  });
});

describe('a paused run', () => {
  it('lets end what runs and starts nothing new until it is resumed', async () => {
    const { person, jobId, letGo } = await runUnderWay();
    const paused = await app.control.pauseExecution({ jobId }, app.as(person));
    expect(paused).toMatchObject({ status: ExecutionStatus.PAUSED });
    letGo();
    await app.watch.seen(keyOf(jobId), 'task_succeeded', 'first');
    const execution = await shown(jobId, person);
    expect(execution).toMatchObject({
      status: ExecutionStatus.PAUSED,
      tasks: [
        { status: TaskStatus.SUCCEEDED },
        { status: TaskStatus.READY, waitingFor: ['the run to be resumed'] },
      ],
    });
    await app.control.resumeExecution({ jobId }, app.as(person));
    await app.watch.seen(keyOf(jobId), 'ended');
    expect(await shown(jobId, person)).toMatchObject({ status: ExecutionStatus.COMPLETED });
  });

  it('is paused once by many who ask at once, and resumed once', async () => {
    const { person, jobId, letGo } = await runUnderWay();
    const pause = () => app.control.pauseExecution({ jobId }, app.as(person));
    const paused = await Promise.allSettled(Array.from({ length: 5 }, pause));
    for (const answer of paused) {
      if (answer.status === 'rejected')
        expect(answer.reason).toMatchObject({ reason: 'failed_precondition' });
    }
    expect(paused.map(({ status }) => status)).toContain('fulfilled');
    expect(await reasonOf(pause())).toBe('failed_precondition');
    letGo();
    await app.watch.seen(keyOf(jobId), 'task_succeeded', 'first');
    const resume = () => app.control.resumeExecution({ jobId }, app.as(person));
    await Promise.allSettled(Array.from({ length: 5 }, resume));
    await app.watch.seen(keyOf(jobId), 'ended');
    const events = await journalOf(app, person, jobId);
    expect(events.filter((type) => type === 'paused')).toHaveLength(1);
    expect(events.filter((type) => type === 'resumed')).toHaveLength(1);
  });

  it('can be cancelled', async () => {
    const { person, jobId, letGo } = await runUnderWay();
    await app.control.pauseExecution({ jobId }, app.as(person));
    letGo();
    await app.watch.seen(keyOf(jobId), 'task_succeeded', 'first');
    await app.control.cancelExecution({ jobId }, app.as(person));
    await app.watch.seen(keyOf(jobId), 'ended');
    expect(await shown(jobId, person)).toMatchObject({ status: ExecutionStatus.CANCELLED });
  });
});

describe('a state that does not allow it', () => {
  it('is named, and nothing is stored', async () => {
    const person = newPerson();
    const { jobId } = await submit(app, person);
    await app.watch.seen(keyOf(jobId), 'ended');
    const verbs = ['cancelExecution', 'pauseExecution', 'resumeExecution'] as const;
    for (const verb of verbs) {
      await expect(app.control[verb]({ jobId }, app.as(person))).rejects.toMatchObject({
        reason: 'failed_precondition',
        message: expect.stringContaining('has ended as completed'),
      });
    }
    const { jobId: running, letGo } = await runUnderWay(person);
    await expect(app.control.resumeExecution({ jobId: running }, app.as(person))).rejects.toMatchObject({
      reason: 'failed_precondition',
      message: 'The run is running: it cannot be resumed',
    });
    letGo();
    expect(await waitingCommands(app)).toBe(0);
  });
});
