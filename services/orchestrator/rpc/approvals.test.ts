// Approvals over the wire: who sees them, who decides them, and that each is decided once.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { ApprovalStatus } from '../../../proto/gen/domainflow/orchestrator/v1/approval_pb.js';
import { ExecutionStatus, TaskStatus } from '../../../proto/gen/domainflow/orchestrator/v1/execution_pb.js';
import { TimeoutDecision } from '../../../proto/gen/domainflow/registry/v1/domain_pb.js';
import { newPerson, startTestOrchestrator, type TestOrchestrator } from '../app.for-test.ts';
import { answerAfter, answerAtOnce } from '../clients/neighbours.for-test.ts';
import { ask, keyOf, planWithApprovals, submit, waitingCommands } from './control.for-test.ts';
import { reasonOf, until } from './deletions.for-test.ts';

let databases: TestDatabases;
let app: TestOrchestrator;
beforeAll(async () => {
  databases = await startTestDatabases();
  app = await startTestOrchestrator(databases, 'approvals');
  const { plans } = app.neighbours;
  plans.set('gate', planWithApprovals({ first: [], 'approval-a': ['first'], second: ['approval-a'] }));
  const parallel = { 'approval-a': [], 'approval-b': [], last: ['approval-a', 'approval-b'] };
  plans.set('two', planWithApprovals(parallel));
  plans.set('strict', planWithApprovals({ 'approval-a': [] }, { roles: ['admin'] }));
  const brief = { timeoutS: 1, onTimeout: TimeoutDecision.APPROVE };
  plans.set('brief', planWithApprovals({ 'approval-a': [] }, brief));
}, 30_000);
afterEach(() => {
  app.neighbours.invoke = answerAtOnce;
});
afterAll(async () => {
  await app.close();
  await databases.stop();
});

/** A run that waits for its first approval. */
async function waitingRun(domainId: string, person: Principal = newPerson()) {
  const { jobId } = await submit(app, person, domainId);
  await app.watch.seen(keyOf(jobId), 'approval_requested');
  return { person, jobId };
}

function decide(person: Principal, jobId: string, changes: object = {}) {
  const request = { jobId, taskId: 'approval-a', approve: true, comment: '', ...changes };
  return app.approvals.decideApproval(request, app.as(person));
}

const listed = async (person: Principal, filter: object = {}) =>
  (await app.approvals.listApprovals(filter, app.as(person))).approvals;

const shown = async (jobId: string, person: Principal) =>
  (await app.executions.getExecution({ jobId }, app.as(person))).execution;

describe('an approval', () => {
  it('is shown with what it asks and rests on, and lets the run go on when it is approved', async () => {
    const { person, jobId } = await waitingRun('gate');
    const expected = {
      jobId,
      taskId: 'task_2',
      nodeId: 'approval-a',
      domainId: 'gate',
      prompt: 'May it go on at approval-a?',
      roles: ['editor', 'admin'],
      status: ApprovalStatus.WAITING,
      decidedBy: '',
    };
    const [row] = await listed(person);
    expect(row).toMatchObject(expected);
    expect(row?.inputs).toBeUndefined();
    const { approval } = await app.approvals.getApproval({ jobId, taskId: 'task_2' }, app.as(person));
    expect(approval).toMatchObject({ ...expected, inputs: { first: { answer: 'first was here' } } });
    const waiting = await shown(jobId, person);
    expect(waiting).toMatchObject({
      status: ExecutionStatus.RUNNING,
      reason: 'waiting_approval',
      tasks: [
        { agentId: 'first' },
        { agentId: '', agentName: '', agentVersion: 0, status: TaskStatus.WAITING_APPROVAL },
        { status: TaskStatus.WAITING, waitingFor: ['the approval of approval-a'] },
      ],
      cacheStats: { totalAgents: 2 },
    });
    expect(waiting?.tasks[1]?.waitingFor[0]).toMatch(
      /^the decision of a person with the role editor or admin/,
    );
    const decided = await decide(person, jobId, { comment: 'Go on' });
    expect(decided.approval).toMatchObject({
      status: ApprovalStatus.APPROVED,
      decidedBy: person.userId,
      comment: 'Go on',
      inputs: { first: { answer: 'first was here' } },
    });
    expect(decided.approval?.decidedAt).toBeDefined();
    await app.watch.seen(keyOf(jobId), 'ended');
    expect(await shown(jobId, person)).toMatchObject({ status: ExecutionStatus.COMPLETED, reason: '' });
    expect(await listed(person)).toEqual([]);
    expect(await listed(person, { status: ApprovalStatus.APPROVED, jobId })).toHaveLength(1);
  });

  it('fails the run when it is rejected', async () => {
    const { person, jobId } = await waitingRun('gate');
    const { approval } = await decide(person, jobId, { approve: false, comment: 'Too risky' });
    expect(approval).toMatchObject({ status: ApprovalStatus.REJECTED, comment: 'Too risky' });
    await app.watch.seen(keyOf(jobId), 'ended');
    expect(await shown(jobId, person)).toMatchObject({
      status: ExecutionStatus.FAILED,
      reason: 'approval_rejected',
    });
  });

  it('is decided once: of ten who decide at the same time, one is heard', async () => {
    const { person, jobId } = await waitingRun('gate');
    const { tenantId } = person;
    const deciders = Array.from({ length: 10 }, () => newPerson({ tenantId }));
    const answers = await Promise.allSettled(
      deciders.map((decider, at) => decide(decider, jobId, { approve: at % 2 === 0, comment: `${at}` })),
    );
    const heard = answers.flatMap((answer, at) => (answer.status === 'fulfilled' ? [at] : []));
    expect(heard).toHaveLength(1);
    for (const answer of answers) {
      if (answer.status === 'fulfilled') continue;
      expect(answer.reason).toMatchObject({
        reason: 'failed_precondition',
        message: expect.stringContaining('has been decided'),
      });
    }
    const [winner = 0] = heard;
    const { approval } = await app.approvals.getApproval({ jobId, taskId: 'approval-a' }, app.as(person));
    expect(approval).toMatchObject({
      decidedBy: deciders[winner]?.userId,
      comment: `${winner}`,
      status: winner % 2 === 0 ? ApprovalStatus.APPROVED : ApprovalStatus.REJECTED,
    });
    const late = decide(deciders[winner] ?? person, jobId, {
      approve: winner % 2 === 0,
      comment: `${winner}`,
    });
    expect(await reasonOf(late)).toBe('failed_precondition');
    expect(await waitingCommands(app)).toBe(0);
  });

  it('is decided on its own where several wait', async () => {
    const { person, jobId } = await waitingRun('two');
    await decide(person, jobId, { taskId: 'approval-b' });
    expect(await listed(person)).toMatchObject([{ nodeId: 'approval-a' }]);
    expect(await shown(jobId, person)).toMatchObject({ status: ExecutionStatus.RUNNING });
    await decide(person, jobId);
    await app.watch.seen(keyOf(jobId), 'ended');
    expect(await shown(jobId, person)).toMatchObject({ status: ExecutionStatus.COMPLETED });
  });

  it('can be decided while the run is paused', async () => {
    const { person, jobId } = await waitingRun('gate');
    await app.control.pauseExecution({ jobId }, app.as(person));
    expect((await decide(person, jobId)).approval).toMatchObject({ status: ApprovalStatus.APPROVED });
    expect(await shown(jobId, person)).toMatchObject({ status: ExecutionStatus.PAUSED });
    await app.control.resumeExecution({ jobId }, app.as(person));
    await app.watch.seen(keyOf(jobId), 'ended');
  });

  it("is nobody's any more once its run was cancelled", async () => {
    const { person, jobId } = await waitingRun('gate');
    await app.control.cancelExecution({ jobId }, app.as(person));
    await expect(decide(person, jobId)).rejects.toMatchObject({
      reason: 'failed_precondition',
      message: expect.stringContaining('does not need it any more'),
    });
    expect(await listed(person, { status: ApprovalStatus.CANCELLED })).toMatchObject([{ jobId }]);
  });

  it('that time has decided is not decided by a person', async () => {
    const { person, jobId } = await waitingRun('brief');
    await app.watch.seen(keyOf(jobId), 'approval_decided');
    expect(await reasonOf(decide(person, jobId))).toBe('failed_precondition');
    expect(await listed(person, { status: ApprovalStatus.APPROVED })).toMatchObject([
      { jobId, decidedBy: '', comment: 'Nobody decided in time' },
    ]);
  });

  it('that the run has not come to is not decided yet, and other tasks never are', async () => {
    const person = newPerson();
    const letGo = Promise.withResolvers<void>();
    app.neighbours.invoke = answerAfter(letGo.promise);
    const { jobId } = await submit(app, person, 'gate');
    expect(await reasonOf(decide(person, jobId))).toBe('failed_precondition');
    expect(await reasonOf(decide(person, jobId, { taskId: 'first' }))).toBe('not_found');
    expect(await reasonOf(decide(person, jobId, { taskId: 'task_9' }))).toBe('not_found');
    const early = app.approvals.getApproval({ jobId, taskId: 'approval-a' }, app.as(person));
    expect(await reasonOf(early)).toBe('not_found');
    letGo.resolve();
    await app.watch.seen(keyOf(jobId), 'approval_requested');
    await decide(person, jobId);
  });

  it.each([['x'.repeat(1_001)], ['a\0b']])(
    'is not decided with a comment that breaks the rules',
    async (comment) => {
      const { person, jobId } = await waitingRun('gate');
      await expect(decide(person, jobId, { comment })).rejects.toMatchObject({
        reason: 'invalid_argument',
        violations: [{ field: 'comment' }],
      });
      expect(await waitingCommands(app)).toBe(0);
    },
  );
});

describe('the roles', () => {
  it('of an approval say who decides it; a role holds what lower ones do', async () => {
    const { person, jobId } = await waitingRun('strict');
    const { tenantId } = person;
    expect(await reasonOf(decide(person, jobId))).toBe('permission_denied');
    expect(await reasonOf(decide(newPerson({ roles: ['admin'] }), jobId))).toBe('not_found');
    await decide(newPerson({ tenantId, roles: ['admin'] }), jobId);
    const usual = await waitingRun('gate');
    const viewer = newPerson({ tenantId: usual.person.tenantId, roles: ['viewer'] });
    expect(await reasonOf(decide(viewer, usual.jobId))).toBe('permission_denied');
    await decide({ ...viewer, roles: ['admin'] }, usual.jobId);
  });

  it('open an approval of a question to others, and nothing else of its run', async () => {
    const asker = newPerson({ roles: ['viewer'] });
    const { tenantId } = asker;
    const { jobId } = await ask(app, asker, 'gate');
    await app.watch.seen(keyOf(jobId), 'approval_requested');
    const [editor, viewer] = [newPerson({ tenantId }), newPerson({ tenantId, roles: ['viewer'] })];
    const wanted = { jobId, taskId: 'approval-a' };
    expect(await listed(asker)).toMatchObject([{ jobId }]);
    expect(await listed(editor)).toHaveLength(1);
    expect(await listed(viewer)).toEqual([]);
    const { page } = await app.approvals.listApprovals({}, app.as(viewer));
    expect(page?.total).toBe(0n);
    const { approval } = await app.approvals.getApproval(wanted, app.as(editor));
    expect(approval?.inputs).toEqual({ first: { answer: 'first was here' } });
    expect((await app.approvals.getApproval(wanted, app.as(asker))).approval).toBeDefined();
    expect(await reasonOf(app.approvals.getApproval(wanted, app.as(viewer)))).toBe('permission_denied');
    expect(await reasonOf(app.executions.getExecution({ jobId }, app.as(editor)))).toBe('permission_denied');
    expect(await reasonOf(decide(asker, jobId))).toBe('permission_denied');
    await decide(editor, jobId);
    await app.watch.seen(keyOf(jobId), 'ended');
  });
});

describe('a list of approvals', () => {
  it('is told page by page, newest first, by number and by cursor', async () => {
    const person = newPerson();
    const jobIds: string[] = [];
    for (let run = 0; run < 3; run += 1) jobIds.unshift((await waitingRun('two', person)).jobId);
    const names = jobIds.flatMap((jobId) =>
      ['approval-a', 'approval-b'].map((nodeId) => `${jobId} ${nodeId}`),
    );
    await until(async () => (await listed(person)).length === names.length);
    const told: string[] = [];
    let cursor = '';
    do {
      const { approvals, page } = await app.approvals.listApprovals(
        { page: { limit: 2, cursor } },
        app.as(person),
      );
      expect(page?.total).toBe(6n);
      told.push(...approvals.map(({ jobId, nodeId }) => `${jobId} ${nodeId}`));
      cursor = page?.nextCursor ?? '';
    } while (cursor !== '');
    expect(told).toEqual(names);
    const second = await listed(person, { page: { limit: 2, page: 2 } });
    expect(second.map(({ jobId, nodeId }) => `${jobId} ${nodeId}`)).toEqual(names.slice(2, 4));
    expect(await listed(person, { jobId: jobIds[1] })).toHaveLength(2);
    expect(await listed(person, { jobId: 'job_none' })).toEqual([]);
    expect(await listed(newPerson())).toEqual([]);
  });

  it('takes no cursor of another list', async () => {
    const { person } = await waitingRun('two');
    await until(async () => (await listed(person)).length === 2);
    const { page } = await app.approvals.listApprovals({ page: { limit: 1 } }, app.as(person));
    const other = { status: ApprovalStatus.APPROVED, page: { cursor: page?.nextCursor ?? '' } };
    expect(await reasonOf(app.approvals.listApprovals(other, app.as(person)))).toBe('invalid_argument');
  });
});
