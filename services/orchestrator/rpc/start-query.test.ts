// StartQuery over the wire: in whose sessions questions may be asked, and what is true once it answers.
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { ExecutionKind } from '../../../proto/gen/domainflow/orchestrator/v1/execution_pb.js';
import { QueryMode } from '../../../proto/gen/domainflow/sessions/v1/query_job_pb.js';
import { newPerson, startTestOrchestrator, type TestOrchestrator } from '../app.for-test.ts';
import { executionIdOf } from '../core/public-id.ts';

let databases: TestDatabases;
let app: TestOrchestrator;
beforeAll(async () => {
  databases = await startTestDatabases();
  app = await startTestOrchestrator(databases, 'queries');
}, 30_000);
afterEach(() => app.neighbours.failing.clear());
afterAll(async () => {
  await app.close();
  await databases.stop();
});

function sessionOf({ tenantId, userId }: Principal): string {
  const sessionId = `ses_${randomUUID()}`;
  app.neighbours.sessions.set(sessionId, { tenantId, userId });
  return sessionId;
}

const questionIn = (sessionId: string) => ({ sessionId, domainId: 'city', question: 'How many potholes?' });

async function countOf(tenantId: string): Promise<number> {
  const { rows } = await app.stores.admin.query(
    'select 1 from orchestrator.executions where tenant_id = $1',
    [tenantId],
  );
  return rows.length;
}

describe('a question', () => {
  it('in an own session is answered once its query job is there, also for a viewer', async () => {
    const viewer = newPerson({ roles: ['viewer'] });
    const question = questionIn(sessionOf(viewer));
    const { jobId, queryId } = await app.executions.startQuery(question, app.as(viewer));
    const { tenantId, userId } = viewer;
    expect(app.neighbours.documents.get(queryId)).toMatchObject({ tenantId, userId, jobId });
    await app.watch.seen({ id: executionIdOf(jobId) ?? '' }, 'ended');
    expect(app.neighbours.documents.get(queryId)).toMatchObject({
      status: 'completed',
      result: expect.stringContaining('first was here'),
    });
  });

  it.each([
    ['of another user', { userId: randomUUID() }, 'permission_denied'],
    ['of another tenant', { tenantId: randomUUID() }, 'not_found'],
  ])('in a session %s is refused', async (_, others, reason) => {
    const viewer = newPerson();
    const refused = app.executions.startQuery(
      questionIn(sessionOf({ ...viewer, ...others })),
      app.as(viewer),
    );
    await expect(refused).rejects.toMatchObject({ reason });
    expect(await countOf(viewer.tenantId)).toBe(0);
  });

  it('in a session or a domain that does not exist is refused', async () => {
    const viewer = newPerson();
    const nowhere = { ...questionIn(sessionOf(viewer)), domainId: 'nowhere' };
    await expect(app.executions.startQuery(nowhere, app.as(viewer))).rejects.toMatchObject({
      reason: 'not_found',
      message: 'No such domain',
    });
    await expect(app.executions.startQuery(questionIn('ses_none'), app.as(viewer))).rejects.toMatchObject({
      reason: 'not_found',
      message: 'No such session',
    });
    expect(await countOf(viewer.tenantId)).toBe(0);
  });

  it('is refused with everything that is wrong with it', async () => {
    const wrong = { sessionId: '', domainId: '', question: 'x'.repeat(1_001), mode: 9 as QueryMode };
    await expect(app.executions.startQuery(wrong, app.as(newPerson()))).rejects.toMatchObject({
      reason: 'invalid_argument',
      violations: [{ field: 'session_id' }, { field: 'domain_id' }, { field: 'question' }, { field: 'mode' }],
    });
  });
});

describe('a command', () => {
  it('runs the management playbook for whoever may change reports', async () => {
    const editor = newPerson({ roles: ['editor'] });
    const command = { ...questionIn(sessionOf(editor)), question: 'Close it', mode: QueryMode.MANAGEMENT };
    const { jobId, queryId } = await app.executions.startQuery(command, app.as(editor));
    const { execution } = await app.executions.getExecution({ jobId }, app.as(editor));
    expect(execution).toMatchObject({ kind: ExecutionKind.MANAGEMENT, subject: { value: queryId } });
    await app.watch.seen({ id: executionIdOf(jobId) ?? '' }, 'ended');
    expect(app.neighbours.documents.get(queryId)).toMatchObject({
      status: 'completed',
      result: expect.stringContaining('Nothing was changed'),
    });
    const colleague = newPerson({ tenantId: editor.tenantId });
    await expect(app.executions.getExecution({ jobId }, app.as(colleague))).rejects.toMatchObject({
      reason: 'permission_denied',
    });
  });

  it('of a viewer is refused, and nothing is started', async () => {
    const viewer = newPerson({ roles: ['viewer'] });
    const command = { ...questionIn(sessionOf(viewer)), mode: QueryMode.MANAGEMENT };
    await expect(app.executions.startQuery(command, app.as(viewer))).rejects.toMatchObject({
      reason: 'permission_denied',
      message: 'Changing reports by a command needs the role editor or admin',
    });
    expect(await countOf(viewer.tenantId)).toBe(0);
  });
});

describe('a name', () => {
  it('stands for the same question whether its mode is given or not, and for no command', async () => {
    const editor = newPerson({ roles: ['editor'] });
    const question = { ...questionIn(sessionOf(editor)), requestId: 'monday' };
    const { jobId } = await app.executions.startQuery(question, app.as(editor));
    const again = await app.executions.startQuery({ ...question, mode: QueryMode.QUERY }, app.as(editor));
    expect(again).toMatchObject({ jobId, replayed: true });
    const command = app.executions.startQuery({ ...question, mode: QueryMode.MANAGEMENT }, app.as(editor));
    await expect(command).rejects.toMatchObject({ reason: 'request_reused' });
  });
});

describe('while the store of the query jobs is away', () => {
  it('a question is unavailable, and no query job is left processing', async () => {
    const viewer = newPerson();
    app.neighbours.failing.add('place');
    const refused = app.executions.startQuery(questionIn(sessionOf(viewer)), app.as(viewer));
    await expect(refused).rejects.toMatchObject({ reason: 'unavailable' });
    const { rows } = await app.stores.admin.query(
      'select id from orchestrator.executions where tenant_id = $1',
      [viewer.tenantId],
    );
    await app.watch.seen(rows[0], 'ended');
    const left = [...app.neighbours.documents.values()].filter(
      ({ tenantId }) => tenantId === viewer.tenantId,
    );
    expect(left).toMatchObject([{ status: 'failed' }]);
  });
});
