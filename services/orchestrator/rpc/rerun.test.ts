// RerunExecution over the wire: what is reused and what runs, with which versions, and what becomes of the document.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { ExecutionStatus, LogStatus } from '../../../proto/gen/domainflow/orchestrator/v1/execution_pb.js';
import { RerunMode, RerunVersions } from '../../../proto/gen/domainflow/orchestrator/v1/rerun_pb.js';
import { newPerson, startTestOrchestrator, type TestOrchestrator } from '../app.for-test.ts';
import { answerAfter, answerAtOnce } from '../clients/neighbours.for-test.ts';
import { planMessageOf } from '../engine/pinned-plan.for-test.ts';
import { ask, journalOf, keyOf, submit } from './control.for-test.ts';
import { deleteObject, reasonOf } from './deletions.for-test.ts';

let databases: TestDatabases;
let app: TestOrchestrator;
beforeAll(async () => {
  databases = await startTestDatabases();
  app = await startTestOrchestrator(databases, 'rerun');
  app.neighbours.plans.set('chain', planMessageOf({ a: [], b: ['a'], c: ['b'], d: ['a'] }));
}, 30_000);
afterEach(() => {
  app.neighbours.invoke = answerAtOnce;
  app.neighbours.failing.clear();
  asked.length = 0;
});
afterAll(async () => {
  await app.close();
  await databases.stop();
});

/** Agents that were asked, in order. */
const asked: string[] = [];

/** Agents answer, but for this one. */
function failAt(nodeId: string): void {
  app.neighbours.invoke = async function* (request, context) {
    const agentId = request.agent?.agentId ?? '';
    asked.push(agentId);
    if (agentId !== nodeId) yield* answerAtOnce(request, context);
    else yield { event: { case: 'failure', value: { errorCode: 'output_invalid', message: 'No JSON' } } };
  };
}

/** An ended run of the chain. */
async function endedRun(failing = '', person: Principal = newPerson()) {
  failAt(failing);
  const started = await submit(app, person, 'chain');
  await app.watch.seen(keyOf(started.jobId), 'ended');
  asked.length = 0;
  failAt('');
  return { person, ...started };
}

function rerun(person: Principal, jobId: string, changes: object = {}) {
  return app.control.rerunExecution({ jobId, mode: RerunMode.ALL, ...changes }, app.as(person));
}

const shown = async (jobId: string, person: Principal) =>
  (await app.executions.getExecution({ jobId }, app.as(person))).execution;

describe('a re-run', () => {
  it('of what failed reuses the outputs of the others, and leaves the old run as it was', async () => {
    const { person, jobId, incidentId } = await endedRun('b');
    const before = await shown(jobId, person);
    const second = await rerun(person, jobId, { mode: RerunMode.FAILED });
    expect(second).toMatchObject({ rerunOf: jobId, replayed: false });
    expect([...second.reused, ...second.toRun].toSorted()).toEqual(['a', 'b', 'c', 'd']);
    expect(second.reused).toContain('a');
    expect(second.toRun).toEqual(expect.arrayContaining(['b', 'c']));
    await app.watch.seen(keyOf(second.jobId), 'ended');
    expect(asked.toSorted()).toEqual(second.toRun.toSorted());
    const after = await shown(second.jobId, person);
    const nothing = rerun(person, second.jobId, { mode: RerunMode.FAILED });
    await expect(nothing).rejects.toMatchObject({ reason: 'failed_precondition' });
    expect(after).toMatchObject({
      status: ExecutionStatus.COMPLETED,
      rerunOf: jobId,
      createdBy: person.userId,
      subject: { case: 'incidentId', value: incidentId },
    });
    expect(after?.executionLog[0]).toMatchObject({
      agentId: 'a',
      status: LogStatus.CACHED,
      executionTimeMs: 0n,
      attempt: 0,
      cache: { source: 'rerun', fromJobId: jobId },
    });
    expect(app.neighbours.documents.get(incidentId)).toMatchObject({
      jobId: second.jobId,
      status: 'completed',
    });
    expect(await shown(jobId, person)).toEqual(before);
    const events = await journalOf(app, person, second.jobId);
    expect(events.indexOf('started')).toBe(second.reused.length);
    expect(events.slice(0, second.reused.length)).toEqual(second.reused.map(() => 'task_reused'));
  });

  it('from a task runs it and all that rests on it, by its id or its node', async () => {
    const { person, jobId } = await endedRun();
    for (const from of ['b', 'task_2']) {
      const preview = await rerun(person, jobId, { mode: RerunMode.FROM, from, preview: true });
      expect(preview).toMatchObject({ jobId: '', rerunOf: jobId, reused: ['a', 'd'], toRun: ['b', 'c'] });
    }
    const second = await rerun(person, jobId, { mode: RerunMode.FROM, from: 'b' });
    await app.watch.seen(keyOf(second.jobId), 'ended');
    expect(asked).toEqual(['b', 'c']);
  });

  it('of everything runs everything', async () => {
    const { person, jobId } = await endedRun();
    const second = await rerun(person, jobId);
    expect(second).toMatchObject({ reused: [], toRun: ['a', 'b', 'c', 'd'] });
    await app.watch.seen(keyOf(second.jobId), 'ended');
    expect(asked.toSorted()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('of a re-run tells who first computed an output', async () => {
    const { person, jobId } = await endedRun('c');
    failAt('c');
    const second = await rerun(person, jobId, { mode: RerunMode.FAILED });
    await app.watch.seen(keyOf(second.jobId), 'ended');
    failAt('');
    const third = await rerun(person, second.jobId, { mode: RerunMode.FAILED });
    await app.watch.seen(keyOf(third.jobId), 'ended');
    const execution = await shown(third.jobId, person);
    expect(execution).toMatchObject({ rerunOf: second.jobId, status: ExecutionStatus.COMPLETED });
    expect(execution?.executionLog.find(({ agentId }) => agentId === 'a')?.cache).toMatchObject({
      source: 'rerun',
      fromJobId: jobId,
    });
  });

  it('keeps the versions of the old run unless the newest are asked for', async () => {
    const { person, jobId } = await endedRun();
    const newest = planMessageOf({ a: [], b: ['a'], c: ['b'], d: ['a'], e: [] });
    newest.domainVersion = 2;
    const [, b] = newest.nodes;
    if (b?.kind.case === 'agent') b.kind.value.version = 7;
    newest.hash = 'f'.repeat(64);
    const old = app.neighbours.plans.get('chain');
    app.neighbours.plans.set('chain', newest);
    const pinned = await rerun(person, jobId, { mode: RerunMode.FAILED, preview: true });
    expect(pinned).toMatchObject({ reused: ['a', 'b', 'c', 'd'], toRun: [] });
    const latest = { mode: RerunMode.FAILED, versions: RerunVersions.LATEST };
    const second = await rerun(person, jobId, latest);
    expect(second).toMatchObject({ reused: ['a', 'd'], toRun: ['b', 'c', 'e'] });
    await app.watch.seen(keyOf(second.jobId), 'ended');
    const execution = await shown(second.jobId, person);
    expect(execution).toMatchObject({ domainVersion: 2 });
    expect(execution?.tasks.map(({ agentVersion }) => agentVersion)).toEqual([1, 7, 1, 1, 1]);
    app.neighbours.plans.delete('chain');
    expect(await reasonOf(rerun(person, jobId, latest))).toBe('failed_precondition');
    if (old) app.neighbours.plans.set('chain', old);
  });

  it('of a question answers the same job with a message of its own', async () => {
    const viewer = newPerson();
    const first = await ask(app, viewer);
    await app.watch.seen(keyOf(first.jobId), 'ended');
    const editor = newPerson({ tenantId: viewer.tenantId, roles: ['admin'] });
    expect(await reasonOf(rerun(editor, first.jobId))).toBe('permission_denied');
    const second = await rerun(viewer, first.jobId);
    await app.watch.seen(keyOf(second.jobId), 'ended');
    expect(app.neighbours.documents.get(first.queryId)).toMatchObject({
      jobId: second.jobId,
      status: 'completed',
    });
    const [old, now] = await Promise.all(
      [first, second].map(({ jobId }) => app.stores.executions.read(viewer.tenantId, keyOf(jobId).id)),
    );
    const messagesOf = (run: typeof old) => run?.input.messages as { question: string; answer: string };
    expect(messagesOf(now).question).toBe(messagesOf(old).question);
    expect(messagesOf(now).answer).not.toBe(messagesOf(old).answer);
  });

  it('under a name is started once, and answered the same again', async () => {
    const { person, jobId } = await endedRun('b');
    const wish = { mode: RerunMode.FAILED, requestId: 'again' };
    const calls = await Promise.allSettled(Array.from({ length: 5 }, () => rerun(person, jobId, wish)));
    const answers = calls.flatMap((call) => (call.status === 'fulfilled' ? [call.value] : []));
    expect(new Set(answers.map((answer) => answer.jobId)).size).toBe(1);
    const [first] = answers;
    await app.watch.seen(keyOf(first?.jobId ?? ''), 'ended');
    const again = await rerun(person, jobId, { ...wish, versions: RerunVersions.PINNED });
    expect(again).toEqual({ ...first, replayed: true });
    expect(await reasonOf(rerun(person, jobId, { ...wish, mode: RerunMode.ALL }))).toBe('request_reused');
    const { rows } = await app.stores.admin.query(
      'select count(*)::int as runs from orchestrator.executions where tenant_id = $1',
      [person.tenantId],
    );
    expect(rows[0]).toEqual({ runs: 2 });
    const events = await journalOf(app, person, first?.jobId ?? '');
    expect(events.filter((type) => type === 'task_reused')).toHaveLength(first?.reused.length ?? -1);
  });

  it('is one of several that were asked for at once, and the others leave nothing behind', async () => {
    const { person, jobId } = await endedRun();
    const colleague = newPerson({ tenantId: person.tenantId });
    const letGo = Promise.withResolvers<void>();
    app.neighbours.invoke = answerAfter(letGo.promise);
    const wishes = [{}, {}, { requestId: 'a' }, { requestId: 'b' }, { requestId: 'b' }];
    const calls = await Promise.allSettled([
      ...wishes.map((wish) => rerun(person, jobId, wish)),
      rerun(colleague, jobId, { requestId: 'b' }),
    ]);
    const ids = new Set(calls.flatMap((call) => (call.status === 'fulfilled' ? [call.value.jobId] : [])));
    const reasons = calls.flatMap((call) => (call.status === 'rejected' ? [call.reason.reason] : []));
    expect(ids.size).toBe(1);
    expect(reasons.length).toBeGreaterThanOrEqual(4);
    for (const reason of reasons) expect(['failed_precondition', 'aborted']).toContain(reason);
    letGo.resolve();
    const [winner = ''] = ids;
    await app.watch.seen(keyOf(winner), 'ended');
    const { executions } = await app.executions.listExecutions({}, app.as(person));
    expect(executions.map((each) => each.jobId)).toEqual([winner, jobId]);
  });

  it('finds its own start when the same request was faster by all of it', async () => {
    const { person, jobId } = await endedRun();
    const wish = { requestId: 'slow' };
    let first: Awaited<ReturnType<typeof rerun>> | undefined;
    const letGo = Promise.withResolvers<void>();
    app.neighbours.beforeRead = async () => {
      app.neighbours.beforeRead = async () => undefined;
      first = await rerun(person, jobId, wish); // while the other one looks at the document
    };
    app.neighbours.invoke = answerAfter(letGo.promise);
    const second = await rerun(person, jobId, wish);
    expect(second).toEqual({ ...first, replayed: true });
    letGo.resolve();
    await app.watch.seen(keyOf(second.jobId), 'ended');
  });

  it('may be asked for again when one before could not begin', async () => {
    const { person, jobId, incidentId } = await endedRun();
    const letGo = Promise.withResolvers<void>();
    const placing = app.neighbours.holdPlace(letGo.promise);
    const first = rerun(person, jobId);
    await placing;
    const document = app.neighbours.documents.get(incidentId);
    if (document) document.jobId = 'job_of_another';
    letGo.resolve();
    expect(await reasonOf(first)).toBe('failed_precondition');
    if (document) document.jobId = jobId;
    const second = await rerun(person, jobId);
    await app.watch.seen(keyOf(second.jobId), 'ended');
  });

  it('is refused where the document cannot be put in place, which stays as it was', async () => {
    const { person, jobId, incidentId } = await endedRun();
    const letGo = Promise.withResolvers<void>();
    const placing = app.neighbours.holdPlace(letGo.promise);
    const first = rerun(person, jobId, { mode: RerunMode.FROM, from: 'c' });
    await placing;
    const other = app.neighbours.documents.get(incidentId);
    if (other) other.jobId = 'job_of_another'; // faster than the one that is held
    letGo.resolve();
    expect(await reasonOf(first)).toBe('failed_precondition');
    expect(app.neighbours.documents.get(incidentId)).toMatchObject({
      jobId: 'job_of_another',
      status: 'completed',
    });
  });
});

describe('what cannot be repeated', () => {
  it('is a run that goes on, and one whose document has a newer run that does', async () => {
    const { person, jobId } = await endedRun();
    const letGo = Promise.withResolvers<void>();
    app.neighbours.invoke = answerAfter(letGo.promise);
    const second = await rerun(person, jobId);
    await expect(rerun(person, second.jobId)).rejects.toMatchObject({
      reason: 'failed_precondition',
      message: 'The run is running: it cannot be repeated',
    });
    await expect(rerun(person, jobId)).rejects.toMatchObject({
      reason: 'failed_precondition',
      message: expect.stringContaining(second.jobId),
    });
    expect(await reasonOf(rerun(person, jobId, { preview: true }))).toBe('failed_precondition');
    letGo.resolve();
    await app.watch.seen(keyOf(second.jobId), 'ended');
    const third = await rerun(person, jobId); // the older one may be repeated again
    await app.watch.seen(keyOf(third.jobId), 'ended');
  });

  it('is a run whose document was deleted', async () => {
    const { person, jobId, incidentId } = await endedRun();
    await deleteObject(app, incidentId, person);
    expect(await reasonOf(rerun(person, jobId))).toBe('failed_precondition');
    expect(await reasonOf(rerun(person, jobId, { preview: true }))).toBe('failed_precondition');
  });

  it.each([
    [{ mode: RerunMode.UNSPECIFIED, requestId: 'ä' }, ['mode', 'request_id']],
    [{ mode: RerunMode.FROM }, ['task_id']],
    [{ mode: RerunMode.FROM, from: 'task_9' }, ['task_id']],
    [{ mode: RerunMode.ALL, from: 'a' }, ['task_id']],
    [{ mode: RerunMode.ALL, versions: 9 }, ['versions']],
  ])('is what %j asks for', async (wish, fields) => {
    const { person, jobId } = await endedRun();
    await expect(rerun(person, jobId, wish)).rejects.toMatchObject({
      reason: 'invalid_argument',
      violations: fields.map((field) => ({ field })),
    });
  });

  it('is a run of which a viewer asks it, though it started it', async () => {
    const { person, jobId } = await endedRun();
    const viewer = { ...person, roles: ['viewer'] };
    expect(await reasonOf(rerun(viewer, jobId))).toBe('permission_denied');
    expect(await reasonOf(rerun(viewer, jobId, { preview: true }))).toBe('permission_denied');
  });
});
