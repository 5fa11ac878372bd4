// StartIngestion over the wire: what is refused, and what is true once it answers.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { context as contextApi, ROOT_CONTEXT, TraceFlags, trace } from '@opentelemetry/api';
import type { JsonObject } from '../../../foundation/json/json.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { ExecutionStatus } from '../../../proto/gen/domainflow/orchestrator/v1/execution_pb.js';
import { newPerson, startTestOrchestrator, type TestOrchestrator } from '../app.for-test.ts';
import { answerAfter, answerAtOnce } from '../clients/neighbours.for-test.ts';
import { executionIdOf, jobIdOf } from '../core/public-id.ts';

let databases: TestDatabases;
let app: TestOrchestrator;
beforeAll(async () => {
  databases = await startTestDatabases();
  app = await startTestOrchestrator(databases, 'ingestion');
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

function keyOf(jobId: string): { readonly id: string } {
  const id = executionIdOf(jobId);
  if (id === undefined) throw new Error(`${jobId} is no job id`);
  return { id };
}

async function executionsOf(tenantId: string): Promise<string[]> {
  const { rows } = await app.stores.admin.query<{ status: string }>(
    'select status from orchestrator.executions where tenant_id = $1',
    [tenantId],
  );
  return rows.map(({ status }) => status);
}

describe('a submission', () => {
  it('is answered once its execution and its document are there', async () => {
    const editor = newPerson();
    const letGo = Promise.withResolvers<void>();
    app.neighbours.invoke = answerAfter(letGo.promise);
    const { jobId, incidentId, acceptedAt } = await app.executions.startIngestion(report, app.as(editor));
    expect(jobId).toMatch(/^job_[0-9a-f]{32}$/);
    expect(incidentId).toMatch(/^inc_[0-9a-f]{32}$/);
    expect(acceptedAt).toBeDefined();
    const { tenantId, userId } = editor;
    expect(app.neighbours.documents.get(incidentId)).toMatchObject({
      tenantId,
      userId,
      jobId,
      status: 'processing',
    });
    expect(await executionsOf(tenantId)).toEqual(['running']);
    letGo.resolve();
    await app.watch.seen(keyOf(jobId), 'ended');
    expect(app.neighbours.documents.get(incidentId)).toMatchObject({
      status: 'completed',
      result: { answer: 'second was here' },
    });
  });

  it('is refused with everything that is wrong with it, and leaves nothing behind', async () => {
    const editor = newPerson();
    const wrong = { domainId: 'No Domain', text: `${'x'.repeat(10_000)}\0`, source: ' ' };
    const refused = app.executions.startIngestion(wrong, app.as(editor));
    await expect(refused).rejects.toMatchObject({
      reason: 'invalid_argument',
      violations: [
        { field: 'domain_id', reason: expect.any(String) },
        { field: 'text', reason: expect.stringContaining('10000') },
        { field: 'text', reason: expect.stringContaining('NUL') },
        { field: 'source', reason: expect.any(String) },
      ],
    });
    expect(await executionsOf(editor.tenantId)).toEqual([]);
  });

  it.each([
    ['text', { text: 'x'.repeat(10_000) }, { text: 'x'.repeat(10_001) }],
    ['source', { source: 'x'.repeat(50) }, { source: 'x'.repeat(51) }],
  ])('may have a %s of the greatest length and no longer', async (field, longest, longer) => {
    const editor = newPerson();
    const submit = (changes: object) =>
      app.executions.startIngestion({ ...report, ...changes }, app.as(editor));
    await expect(submit(longest)).resolves.toMatchObject({ jobId: expect.any(String) });
    await expect(submit(longer)).rejects.toMatchObject({ violations: [{ field }] });
  });

  it('needs the role of an editor or admin, before anything else is looked at', async () => {
    const viewer = newPerson({ roles: ['viewer'] });
    const refused = app.executions.startIngestion({ ...report, text: '' }, app.as(viewer));
    await expect(refused).rejects.toMatchObject({ reason: 'permission_denied' });
    const admin = newPerson({ roles: ['admin'] });
    await expect(app.executions.startIngestion(report, app.as(admin))).resolves.toBeDefined();
  });

  it('for a domain that does not exist passes the answer of the registry on', async () => {
    const editor = newPerson();
    const unknown = app.executions.startIngestion({ ...report, domainId: 'nowhere' }, app.as(editor));
    await expect(unknown).rejects.toMatchObject({ reason: 'not_found', message: 'No such domain' });
    expect(await executionsOf(editor.tenantId)).toEqual([]);
  });

  it('belongs to the trace of its caller', async () => {
    const editor = newPerson();
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const caller = trace.setSpanContext(ROOT_CONTEXT, {
      traceId,
      spanId: 'b7ad6b7169203331',
      traceFlags: TraceFlags.SAMPLED,
    });
    const { jobId } = await contextApi.with(caller, () =>
      app.executions.startIngestion(report, app.as(editor)),
    );
    const { execution } = await app.executions.getExecution({ jobId }, app.as(editor));
    expect(execution?.traceId).toBe(traceId);
  });
});

describe('the images of a submission', () => {
  const stored = {
    objectKey: 'uploads/t/1.png',
    contentType: 'image/png',
    sizeBytes: 4_096n,
    checksum: 'c'.repeat(64),
    verified: true,
  };
  const link = { url: 'https://example.org/a.jpg', contentType: 'image/jpeg' };
  beforeAll(() => {
    app.neighbours.uploads.set('https://files/1.png', stored);
    app.neighbours.uploads.set(link.url, link);
  });

  it('are placed with the report as they were checked, in their order', async () => {
    const editor = newPerson();
    const images = [link.url, 'https://files/1.png'];
    const { incidentId } = await app.executions.startIngestion({ ...report, images }, app.as(editor));
    expect(app.neighbours.documents.get(incidentId)?.images).toMatchObject([link, stored]);
  });

  it('are given to no agent', async () => {
    const given: { readonly jobId: string; readonly input: JsonObject | undefined }[] = [];
    app.neighbours.invoke = async function* (request, context) {
      given.push({ jobId: request.jobId, input: request.input });
      yield* answerAtOnce(request, context);
    };
    const images = [link.url];
    const { jobId } = await app.executions.startIngestion({ ...report, images }, app.as(newPerson()));
    await app.watch.seen(keyOf(jobId), 'ended');
    const inputs = given.filter((each) => each.jobId === jobId).map(({ input }) => input);
    expect(inputs).toHaveLength(2);
    expect(Object.keys(inputs[0] ?? {}).toSorted()).toEqual([
      'domain_id',
      'reference_time',
      'source',
      'text',
    ]);
    expect(JSON.stringify(inputs)).not.toContain('example.org');
  });

  it('are refused together with everything else that is wrong, each by its place', async () => {
    const editor = newPerson();
    const images = [link.url, 'https://files/none.png', 'ftp://x'];
    const refused = app.executions.startIngestion({ ...report, source: '', images }, app.as(editor));
    await expect(refused).rejects.toMatchObject({
      violations: [{ field: 'source' }, { field: 'images[1]' }, { field: 'images[2]' }],
    });
    expect(await executionsOf(editor.tenantId)).toEqual([]);
  });

  it('may be five and no more', async () => {
    const editor = newPerson();
    const submit = (count: number) =>
      app.executions.startIngestion(
        { ...report, images: Array.from({ length: count }, () => link.url) },
        app.as(editor),
      );
    await expect(submit(5)).resolves.toMatchObject({ jobId: expect.any(String) });
    await expect(submit(6)).rejects.toMatchObject({ violations: [{ field: 'images' }] });
  });

  it('are not checked again when the request is repeated, since its report has taken them over', async () => {
    const editor = newPerson();
    app.neighbours.uploads.set('https://files/once.png', stored);
    const request = { ...report, images: ['https://files/once.png'], requestId: 'with an image' };
    const first = await app.executions.startIngestion(request, app.as(editor));
    app.neighbours.uploads.delete('https://files/once.png');
    const again = await app.executions.startIngestion(request, app.as(editor));
    expect(again).toEqual({ ...first, replayed: true });
  });
});

describe('a report that is deleted', () => {
  it('while its run goes on stays deleted, and the run ends', async () => {
    const editor = newPerson();
    const letGo = Promise.withResolvers<void>();
    app.neighbours.invoke = answerAfter(letGo.promise);
    const { jobId, incidentId } = await app.executions.startIngestion(report, app.as(editor));
    await app.deletions.deleteReport({ incidentId }, app.as(editor));
    letGo.resolve();
    await app.watch.seen(keyOf(jobId), 'ended');
    expect(app.neighbours.documents.has(incidentId)).toBe(false);
    const { execution } = await app.executions.getExecution({ jobId }, app.as(editor));
    expect(execution).toMatchObject({ status: ExecutionStatus.COMPLETED, reason: '' });
  });

  it('before its run was known to have started is not brought back, and the run fails with the reason', async () => {
    const editor = newPerson();
    const letGo = Promise.withResolvers<void>();
    const placing = app.neighbours.holdPlace(letGo.promise);
    const refused = app.executions.startIngestion(report, app.as(editor)).catch((error: unknown) => error);
    await placing;
    const { rows } = await app.stores.admin.query(
      'select id, subject_id from orchestrator.executions where tenant_id = $1',
      [editor.tenantId],
    );
    app.neighbours.gone.add(rows[0].subject_id);
    letGo.resolve();
    expect(await refused).toMatchObject({ reason: 'already_exists' });
    await app.watch.seen(rows[0], 'ended');
    expect(app.neighbours.documents.has(rows[0].subject_id)).toBe(false);
    const { execution } = await app.executions.getExecution({ jobId: jobIdOf(rows[0].id) }, app.as(editor));
    expect(execution).toMatchObject({
      status: ExecutionStatus.FAILED,
      reason: 'document_deleted',
      error: 'The run could not start: its document has been deleted',
    });
  });
});

describe('while the store of the reports is away', () => {
  it('a submission is unavailable, and no document is left processing', async () => {
    const editor = newPerson();
    const { failing, documents } = app.neighbours;
    failing.add('place'); // the report is stored all the same
    const refused = app.executions.startIngestion(report, app.as(editor));
    await expect(refused).rejects.toMatchObject({ reason: 'unavailable' });
    const { rows } = await app.stores.admin.query(
      'select id from orchestrator.executions where tenant_id = $1',
      [editor.tenantId],
    );
    await app.watch.seen(rows[0], 'ended');
    expect(await executionsOf(editor.tenantId)).toEqual(['failed']);
    const left = [...documents.values()].filter(({ tenantId }) => tenantId === editor.tenantId);
    expect(left).toMatchObject([{ status: 'failed', error: expect.stringContaining('could not start') }]);
  });
});
