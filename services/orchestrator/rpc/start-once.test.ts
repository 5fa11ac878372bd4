// Starts under a name, over the wire: one execution for each name, whatever is lost, repeated or asked for twice at the same time.

import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Fault } from '../../../foundation/fault/fault.ts';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { prefixedId } from '../../../foundation/ids/ids.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { pause } from '../../../local/pause.for-test.ts';
import { newPerson, startTestOrchestrator, type TestOrchestrator } from '../app.for-test.ts';
import { answerAfter, answerAtOnce } from '../clients/neighbours.for-test.ts';
import { executionIdOf } from '../core/public-id.ts';
import { reasonOf } from './deletions.for-test.ts';

let databases: TestDatabases;
let app: TestOrchestrator;
beforeAll(async () => {
  databases = await startTestDatabases();
  app = await startTestOrchestrator(databases, 'once');
}, 30_000);
afterEach(() => {
  app.neighbours.failing.clear();
  app.neighbours.invoke = answerAtOnce;
});
afterAll(async () => {
  await app.close();
  await databases.stop();
});

const report = { domainId: 'city', text: 'A pothole on Main Street', source: 'web' };
const submit = (person: Principal, requestId: string, changes: object = {}) =>
  app.executions.startIngestion({ ...report, requestId, ...changes }, app.as(person));

function sessionOf({ tenantId, userId }: Principal): string {
  const sessionId = prefixedId('sess_', randomUUID());
  app.neighbours.sessions.set(sessionId, { tenantId, userId });
  return sessionId;
}

async function executionsOf({ tenantId }: Principal): Promise<{ id: string; status: string }[]> {
  const { rows } = await app.stores.admin.query<{ id: string; status: string }>(
    'select id, status from orchestrator.executions where tenant_id = $1',
    [tenantId],
  );
  return rows;
}

async function ageNames({ tenantId }: Principal, interval: string): Promise<void> {
  await app.stores.admin.query(
    'update orchestrator.idempotency_keys set created_at = created_at - $2::interval where tenant_id = $1',
    [tenantId, interval],
  );
}

describe('a named start', () => {
  it('is answered with the same ids when it is repeated, and says so', async () => {
    const editor = newPerson();
    const first = await submit(editor, 'one');
    expect(first.replayed).toBe(false);
    expect(await submit(editor, 'one')).toEqual({ ...first, replayed: true });
    await app.watch.seen({ id: executionIdOf(first.jobId) ?? '' }, 'ended');
    expect(await submit(editor, 'one')).toEqual({ ...first, replayed: true });
    expect(await executionsOf(editor)).toHaveLength(1);
  });

  it('of a question likewise, also after its session is gone', async () => {
    const viewer = newPerson({ roles: ['viewer'] });
    const question = {
      sessionId: sessionOf(viewer),
      domainId: 'city',
      question: 'How many?',
      requestId: 'q',
    };
    const first = await app.executions.startQuery(question, app.as(viewer));
    expect(first.replayed).toBe(false);
    app.neighbours.sessions.delete(question.sessionId);
    const again = await app.executions.startQuery(question, app.as(viewer));
    expect(again).toEqual({ ...first, replayed: true });
    const other = app.executions.startQuery({ ...question, question: 'How few?' }, app.as(viewer));
    expect(await reasonOf(other)).toBe('request_reused');
    expect(await executionsOf(viewer)).toHaveLength(1);
  });

  it('starts one execution when it is sent many times at once', async () => {
    const editor = newPerson();
    const calls = Array.from({ length: 8 }, () => submit(editor, 'many'));
    const results = await Promise.allSettled(calls);
    const answered = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    expect(answered.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(new Set(answered.map(({ jobId }) => jobId)).size).toBe(1);
    for (const fault of refused) expect(fault).toMatchObject({ reason: 'aborted', retryAfterMs: 1_000 });
    expect(await executionsOf(editor)).toHaveLength(1);
  });

  it.each([
    ['text', { text: 'Another pothole' }],
    ['source', { source: 'phone' }],
    ['images', { images: ['https://example.org/a.jpg'] }],
    ['domain', { domainId: 'farm' }],
  ])('is refused under a name that stands for another %s, and starts nothing', async (_, changes) => {
    const editor = newPerson();
    await submit(editor, 'same');
    expect(await reasonOf(submit(editor, 'same', changes))).toBe('request_reused');
    expect(await executionsOf(editor)).toHaveLength(1);
  });

  it('is the same wherever its images lie, and another with other images', async () => {
    const editor = newPerson();
    const { uploads } = app.neighbours;
    const image = (checksum: string) => ({
      objectKey: 'uploads/t/1.png',
      contentType: 'image/png',
      checksum,
    });
    uploads.set('https://files/first', image('a'.repeat(64)));
    uploads.set('https://files/copy', image('a'.repeat(64)));
    uploads.set('https://files/other', image('b'.repeat(64)));
    const first = await submit(editor, 'picture', { images: ['https://files/first'] });
    const again = await submit(editor, 'picture', { images: ['https://files/copy'] });
    expect(again).toEqual({ ...first, replayed: true });
    for (const changes of [
      { images: ['https://files/other'] },
      { images: [] },
      { images: ['https://files/none'] },
      { images: ['https://files/copy'], text: 'Another' },
      { images: ['https://files/copy', 'https://files/copy'] },
    ]) {
      expect(await reasonOf(submit(editor, 'picture', changes))).toBe('request_reused');
    }
    expect(await executionsOf(editor)).toHaveLength(1);
  });

  it('has a name of its own for each user, and without a name each call starts another', async () => {
    const editor = newPerson();
    const colleague = newPerson({ tenantId: editor.tenantId });
    const { jobId } = await submit(editor, 'mine');
    expect((await submit(colleague, 'mine')).jobId).not.toBe(jobId);
    expect((await submit(editor, '')).jobId).not.toBe((await submit(editor, '')).jobId);
    expect(await executionsOf(editor)).toHaveLength(4);
  });

  it('may have its name again after a day', async () => {
    const editor = newPerson();
    const first = await submit(editor, 'daily');
    await ageNames(editor, '23 hours 59 minutes');
    expect((await submit(editor, 'daily')).jobId).toBe(first.jobId);
    await ageNames(editor, '1 minute');
    const next = await submit(editor, 'daily', { text: 'Another pothole' });
    expect(next).toMatchObject({ replayed: false });
    expect(next.jobId).not.toBe(first.jobId);
    expect((await submit(editor, 'daily', { text: 'Another pothole' })).jobId).toBe(next.jobId);
  });

  it('is carried out once where the store of documents did not answer: its caller is told, and finds it again', async () => {
    const editor = newPerson();
    app.neighbours.failing.add('place');
    expect(await reasonOf(submit(editor, 'again'))).toBe('unavailable');
    expect(await reasonOf(submit(editor, 'again'))).toBe('aborted');
    app.neighbours.failing.clear();
    // The test's own time limit bounds the looks.
    let found: Awaited<ReturnType<typeof submit>> | undefined;
    for (; !found; await pause()) found = await submit(editor, 'again').catch(() => undefined);
    expect(found.replayed).toBe(true);
    expect(await reasonOf(submit(editor, 'again', { text: 'Another pothole' }))).toBe('request_reused');
    expect(await executionsOf(editor)).toHaveLength(1);
  });

  it('does not bind its name when its document was refused for good', async () => {
    const editor = newPerson();
    const place = app.neighbours.beforePlace;
    app.neighbours.beforePlace = () => Promise.reject(new Fault('invalid_argument', 'It is too large'));
    expect(await reasonOf(submit(editor, 'again'))).toBe('invalid_argument');
    app.neighbours.beforePlace = place;
    const second = await submit(editor, 'again', { text: 'Another pothole' });
    expect(second.replayed).toBe(false);
    expect((await submit(editor, 'again', { text: 'Another pothole' })).jobId).toBe(second.jobId);
    expect(await executionsOf(editor)).toHaveLength(2);
  });

  it('does not bind its name when its domain does not exist', async () => {
    const editor = newPerson();
    expect(await reasonOf(submit(editor, 'early', { domainId: 'nowhere' }))).toBe('not_found');
    expect(await submit(editor, 'early')).toMatchObject({ replayed: false });
  });

  it('asks a repetition to wait while the first one is not in place', async () => {
    const editor = newPerson();
    const { promise: letGo, resolve } = Promise.withResolvers<void>();
    const placing = app.neighbours.holdPlace(letGo);
    const first = submit(editor, 'slow');
    await placing;
    expect(await reasonOf(submit(editor, 'slow'))).toBe('aborted');
    expect(await reasonOf(submit(editor, 'slow', { text: 'Another' }))).toBe('request_reused');
    resolve();
    const { jobId } = await first;
    expect(await submit(editor, 'slow')).toMatchObject({ jobId, replayed: true });
    expect(await executionsOf(editor)).toHaveLength(1);
  });

  it('is still the same while its run goes on', async () => {
    const editor = newPerson();
    const letGo = Promise.withResolvers<void>();
    app.neighbours.invoke = answerAfter(letGo.promise);
    const first = await submit(editor, 'running');
    expect(await submit(editor, 'running')).toEqual({ ...first, replayed: true });
    letGo.resolve();
    await app.watch.seen({ id: executionIdOf(first.jobId) ?? '' }, 'ended');
  });

  it('is refused under a name of the wrong form, with everything else that is wrong', async () => {
    const wrong = submit(newPerson(), 'x'.repeat(129), { source: '' });
    await expect(wrong).rejects.toMatchObject({ violations: [{ field: 'source' }, { field: 'request_id' }] });
    const question = { sessionId: '', domainId: 'city', question: 'How many?', requestId: '\u00e4' };
    await expect(app.executions.startQuery(question, app.as(newPerson()))).rejects.toMatchObject({
      violations: [{ field: 'session_id' }, { field: 'request_id' }],
    });
  });
});
