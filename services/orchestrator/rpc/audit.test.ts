// The audit log over the wire: which calls of people leave an entry and which do not, what it says, and who may read it.
import { type Client, createClient } from '@connectrpc/connect';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Fault } from '../../../foundation/fault/fault.ts';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { newId } from '../../../foundation/ids/ids.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { AuditService } from '../../../proto/gen/domainflow/orchestrator/v1/audit_service_pb.js';
import { RerunMode } from '../../../proto/gen/domainflow/orchestrator/v1/rerun_pb.js';
import { newPerson, startTestOrchestrator, type TestOrchestrator } from '../app.for-test.ts';
import { answerAfter, answerAtOnce } from '../clients/neighbours.for-test.ts';
import { ask, keyOf, planWithApprovals, submit } from './control.for-test.ts';
import { deleteObject, objectOf, reasonOf } from './deletions.for-test.ts';

let databases: TestDatabases;
let app: TestOrchestrator;
let audit: Client<typeof AuditService>;
beforeAll(async () => {
  databases = await startTestDatabases();
  app = await startTestOrchestrator(databases, 'audit_rpc');
  audit = createClient(AuditService, app.transport);
  app.neighbours.plans.set('gate', planWithApprovals({ 'approval-a': [] }));
}, 30_000);
afterEach(() => {
  app.neighbours.invoke = answerAtOnce;
});
afterAll(async () => {
  await app.close();
  await databases.stop();
});

const newAdmin = () => newPerson({ roles: ['admin'] });

async function list(person: Principal, request: object = {}) {
  const { entries, page } = await audit.listAuditEntries(request, app.as({ ...person, roles: ['admin'] }));
  return { entries, words: entries.map(({ operationType }) => operationType), page };
}

/** A run whose agents wait until it is let go. */
async function runUnderWay(person: Principal) {
  const letGo = Promise.withResolvers<void>();
  app.neighbours.invoke = answerAfter(letGo.promise);
  const { jobId } = await submit(app, person);
  await app.watch.seen(keyOf(jobId), 'task_started', 'first');
  return { jobId, letGo: letGo.resolve };
}

async function endedRun(person: Principal): Promise<string> {
  const { jobId } = await submit(app, person);
  await app.watch.seen(keyOf(jobId), 'ended');
  return jobId;
}

describe('an entry', () => {
  it('is left by each start, pause, resume and cancel that is accepted, and by no refused one', async () => {
    const person = newAdmin();
    const { jobId } = await runUnderWay(person);
    const { control, as } = app;
    expect(await reasonOf(control.resumeExecution({ jobId }, as(person)))).toBe('failed_precondition');
    const viewer = newPerson({ tenantId: person.tenantId, roles: ['viewer'] });
    expect(await reasonOf(control.pauseExecution({ jobId }, as(viewer)))).toBe('permission_denied');
    await control.pauseExecution({ jobId }, as(person));
    await control.resumeExecution({ jobId }, as(person));
    await control.cancelExecution({ jobId }, as(person));
    await app.watch.seen(keyOf(jobId), 'ended');
    expect(await reasonOf(control.cancelExecution({ jobId }, as(person)))).toBe('failed_precondition');
    const { entries } = await list(person);
    const { userId } = person;
    const about = { entityType: 'execution', entityId: jobId, status: 'success', userId };
    expect(entries).toMatchObject([
      { ...about, operationType: 'execution_cancel', details: { from: 'running', to: 'cancelled' } },
      { ...about, operationType: 'execution_resume', details: { from: 'paused', to: 'running' } },
      { ...about, operationType: 'execution_pause', details: { from: 'running', to: 'paused' } },
      { ...about, operationType: 'execution_start', details: { kind: 'ingest', domain_id: 'city' } },
    ]);
    expect(entries.map(({ durationMs }) => durationMs === undefined)).toEqual([false, false, false, true]);
  });

  it('is left by a re-run, which names what it repeats, and by no preview', async () => {
    const person = newAdmin();
    const jobId = await endedRun(person);
    const wish = { jobId, mode: RerunMode.ALL };
    await app.control.rerunExecution({ ...wish, preview: true }, app.as(person));
    expect((await list(person)).words).toEqual(['execution_start']);
    const rerun = await app.control.rerunExecution(wish, app.as(person));
    await app.watch.seen(keyOf(rerun.jobId), 'ended');
    const { entries } = await list(person, { operationType: 'execution_rerun' });
    expect(entries).toMatchObject([
      { entityId: rerun.jobId, message: 'Repeated a run', details: { rerun_of: jobId } },
    ]);
  });

  it.each([
    [true, 'approval_approve', 'approved'],
    [false, 'approval_reject', 'rejected'],
  ])('is left by a decision, without its comment: approve %s', async (approve, operationType, to) => {
    const person = newAdmin();
    const { jobId } = await submit(app, person, 'gate');
    await app.watch.seen(keyOf(jobId), 'approval_requested');
    const request = { jobId, taskId: 'approval-a', approve, comment: 'a word in confidence' };
    await app.approvals.decideApproval(request, app.as(person));
    expect(await reasonOf(app.approvals.decideApproval(request, app.as(person)))).toBe('failed_precondition');
    const { entries } = await list(person, { entityType: 'approval' });
    const details = { job_id: jobId, node_id: 'approval-a', from: 'waiting', to };
    expect(entries).toMatchObject([{ operationType, entityId: 'task_1', details }]);
    const { rows } = await app.stores.admin.query(
      'select l::text as row from orchestrator.orchestration_logs l',
    );
    expect(JSON.stringify(rows)).not.toContain('confidence');
  });

  it.each(['report', 'session', 'query'] as const)('is left by the deletion of a %s, once', async (kind) => {
    const person = newAdmin();
    const subjectId = objectOf(app, kind, person);
    const stranger = newPerson({ tenantId: person.tenantId, roles: ['viewer'] });
    expect(await reasonOf(deleteObject(app, subjectId, stranger))).toBe('permission_denied');
    await deleteObject(app, subjectId, person);
    expect(await reasonOf(deleteObject(app, subjectId, person))).toBe('not_found');
    const { entries } = await list(person);
    expect(entries).toMatchObject([
      { operationType: 'delete', entityType: kind, entityId: subjectId, message: `Deleted a ${kind}` },
    ]);
  });

  it('of what others ask holds ids alone', async () => {
    const person = newPerson();
    const { jobId } = await ask(app, person);
    await app.watch.seen(keyOf(jobId), 'ended');
    const { entries } = await list(newAdmin(), {});
    expect(entries).toEqual([]);
    const told = (await list({ ...newAdmin(), tenantId: person.tenantId })).entries;
    expect(told).toMatchObject([{ entityId: jobId, userId: person.userId, details: { kind: 'query' } }]);
    expect(Object.keys(told[0]?.details ?? {}).toSorted()).toEqual(['domain_id', 'kind', 'subject_id']);
  });
});

describe('ListAuditEntries', () => {
  it('goes on by its cursor and after a place, and not by both', async () => {
    const person = newAdmin();
    const jobs = [await endedRun(person), await endedRun(person), await endedRun(person)];
    const first = await list(person, { page: { limit: 1 } });
    expect([first.entries[0]?.entityId, first.page?.total]).toEqual([jobs[2], 3n]);
    const cursor = first.page?.nextCursor ?? '';
    const [last] = first.entries;
    const after = { at: last?.timestamp, id: last?.id };
    for (const request of [{ page: { limit: 5, cursor } }, { page: { limit: 5 }, after }]) {
      const { entries, page } = await list(person, request);
      expect(entries.map(({ entityId }) => entityId)).toEqual([jobs[1], jobs[0]]);
      expect([page?.total, page?.nextCursor]).toEqual([undefined, '']);
    }
    const both = list(person, { page: { cursor }, after }).catch((fault: Fault) => fault.violations);
    expect(await both).toEqual([expect.objectContaining({ field: 'after' })]);
  });

  it('names every filter that cannot be', async () => {
    const words = { operationType: 'grant', entityType: 'team', status: 'fine', userId: 'alice' };
    const wrong = { ...words, entityId: 'x'.repeat(301), after: { id: newId() } };
    const fields = await list(newAdmin(), wrong).catch((fault: Fault) =>
      fault.violations.map(({ field }) => field),
    );
    expect(fields).toEqual(['operation_type', 'entity_type', 'entity_id', 'status', 'user_id', 'after.at']);
  });

  it('is for admins alone, and for no run', async () => {
    const own = newAdmin();
    const run = { runId: 'job_1', capability: 'query', writeTarget: '' } as const;
    for (const options of [
      app.as({ ...own, roles: ['editor'] }),
      app.as({ ...own, roles: [] }),
      app.asRun(own, run),
    ]) {
      expect(await reasonOf(audit.listAuditEntries({}, options))).toBe('permission_denied');
    }
  });
});
