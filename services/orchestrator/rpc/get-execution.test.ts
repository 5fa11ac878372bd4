// GetExecution over the wire: what a run looks like on its way and at its end, and to whom.
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../../foundation/ids/ids.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import {
  ExecutionKind,
  ExecutionStatus,
  LogStatus,
  TaskStatus,
} from '../../../proto/gen/domainflow/orchestrator/v1/execution_pb.js';
import { newPerson, startTestOrchestrator, type TestOrchestrator } from '../app.for-test.ts';
import { answerAfter, answerAtOnce } from '../clients/neighbours.for-test.ts';
import { executionIdOf, jobIdOf } from '../core/public-id.ts';
import { setAsideError } from '../core/set-aside.ts';
import { recordOf } from '../engine/engine.for-test.ts';
import { planMessageOf } from '../engine/pinned-plan.for-test.ts';

let databases: TestDatabases;
let app: TestOrchestrator;
beforeAll(async () => {
  databases = await startTestDatabases();
  app = await startTestOrchestrator(databases, 'reading');
}, 30_000);
afterEach(() => {
  app.neighbours.invoke = answerAtOnce;
});
afterAll(async () => {
  await app.close();
  await databases.stop();
});

const report = { domainId: 'city', text: 'A pothole on Main Street', source: 'web' };
const keyOf = (jobId: string) => ({ id: executionIdOf(jobId) ?? '' });

describe('a run', () => {
  it('says on its way what each task waits for', async () => {
    const editor = newPerson();
    const letGo = Promise.withResolvers<void>();
    app.neighbours.invoke = answerAfter(letGo.promise);
    const { jobId, incidentId } = await app.executions.startIngestion(report, app.as(editor));
    const { execution } = await app.executions.getExecution({ jobId }, app.as(editor));
    expect(execution).toMatchObject({
      jobId,
      kind: ExecutionKind.INGEST,
      status: ExecutionStatus.RUNNING,
      domainId: 'city',
      domainVersion: 1,
      subject: { case: 'incidentId', value: incidentId },
      createdBy: editor.userId,
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
      tasks: [
        { taskId: 'task_1', nodeId: 'first', agentVersion: 1, status: TaskStatus.RUNNING, attempt: 1 },
        { taskId: 'task_2', nodeId: 'second', status: TaskStatus.WAITING, attempt: 0 },
      ],
      edges: [{ from: 'first', to: 'second' }],
      executionLog: [],
      cacheStats: { cachedAgents: 0, executedAgents: 0, totalAgents: 2 },
    });
    expect(execution?.tasks.map(({ waitingFor }) => waitingFor)).toEqual([
      ['attempt 1 of first Agent is running'],
      ['the output of first'],
    ]);
    expect(execution?.startedAt).toBeDefined();
    expect(execution?.completedAt).toBeUndefined();
    letGo.resolve();
    await app.watch.seen(keyOf(jobId), 'ended');
  });

  it('shows at its end what each agent said, and each hand-over', async () => {
    const editor = newPerson();
    const { tenantId } = editor;
    const graph = { first: [], second: ['first'], third: ['first'] };
    app.neighbours.plans.set('park', planMessageOf(graph));
    const { jobId } = await app.executions.startIngestion({ ...report, domainId: 'park' }, app.as(editor));
    await app.watch.seen(keyOf(jobId), 'ended');
    const { execution } = await app.executions.getExecution({ jobId }, app.as(newPerson({ tenantId })));
    expect(execution).toMatchObject({
      status: ExecutionStatus.COMPLETED,
      reason: '',
      error: '',
      partial: false,
      cacheStats: { cachedAgents: 1, executedAgents: 3, totalAgents: 3 },
    });
    expect(execution?.tasks.map(({ status }) => status)).toEqual(Array(3).fill(TaskStatus.SUCCEEDED));
    expect(execution?.tasks.flatMap(({ waitingFor }) => waitingFor)).toEqual([]);
    expect(execution?.completedAt).toBeDefined();
    const [first, handOver] = execution?.executionLog ?? [];
    expect(first).toMatchObject({
      agentId: 'first',
      agentName: 'first Agent',
      taskId: 'task_1',
      status: LogStatus.SUCCESS,
      reasoning: 'Because',
      output: { answer: 'first was here' },
      attempt: 1,
      confidence: 0.9,
      runtime: 'builtin',
    });
    expect(handOver).toMatchObject({
      agentId: 'first',
      status: LogStatus.CACHED,
      output: { answer: 'first was here' },
      executionTimeMs: 0n,
      cache: { source: 'run', fromJobId: jobId, handedTo: 'third' },
    });
    expect(execution?.executionLog).toHaveLength(4);
  });

  it('shows every call of a tool with what it was given, what was answered and how long it took', async () => {
    const editor = newPerson();
    const allowances: unknown[] = [];
    const plan = planMessageOf({ first: [] });
    for (const { kind } of plan.nodes) if (kind.case === 'agent') kind.value.tools = ['weather'];
    app.neighbours.plans.set('sea', plan);
    const given = { text: '{"place":"Boston"}', bytes: 18n };
    const long = { text: '"xx', bytes: 20_002n, sha256: 'ab'.repeat(32) };
    const call = { toolName: 'weather', number: 1 };
    app.neighbours.invoke = async function* (request, context) {
      allowances.push(request.toolCalls);
      yield { event: { case: 'toolCall', value: call } };
      const ended = { ...call, duration: { nanos: 7_000_000 }, given, answered: long };
      yield { event: { case: 'toolCall', value: ended } };
      const refused = { toolName: 'mail', number: 2, errorCode: 'permission_denied', given };
      yield { event: { case: 'toolCall', value: { ...refused, duration: {} } } };
      yield { event: { case: 'toolCall', value: { ...call, number: 3 } } };
      yield* answerAtOnce(request, context);
    };
    const { jobId } = await app.executions.startIngestion({ ...report, domainId: 'sea' }, app.as(editor));
    await app.watch.seen(keyOf(jobId), 'ended');
    const { execution } = await app.executions.getExecution({ jobId }, app.as(editor));
    expect(allowances).toMatchObject([{ left: 20, executionMax: 100 }]);
    const place = { taskId: 'task_1', agentId: 'first', attempt: 1, startedAt: expect.any(Object) };
    expect(execution?.toolCalls).toMatchObject([
      { ...place, ...call, durationMs: 7n, errorCode: '', arguments: given, result: long },
      { ...place, number: 2, toolName: 'mail', durationMs: 0n, errorCode: 'permission_denied' },
      { ...place, number: 3, toolName: 'weather', errorCode: '' },
    ]);
    expect(execution?.toolCalls[1]).not.toHaveProperty('result', expect.anything());
    expect(execution?.toolCalls[2]).not.toHaveProperty('durationMs', expect.anything());
    const stranger = app.executions.getExecution({ jobId }, app.as(newPerson()));
    await expect(stranger).rejects.toMatchObject({ reason: 'not_found' });
  });

  it('that failed says which agent was at fault and what was never run', async () => {
    const editor = newPerson();
    app.neighbours.invoke = async function* () {
      yield { event: { case: 'failure', value: { errorCode: 'output_invalid', message: 'No JSON' } } };
    };
    const { jobId } = await app.executions.startIngestion(report, app.as(editor));
    await app.watch.seen(keyOf(jobId), 'ended');
    const { execution } = await app.executions.getExecution({ jobId }, app.as(editor));
    expect(execution).toMatchObject({
      status: ExecutionStatus.FAILED,
      reason: 'output_invalid',
      error: 'first Agent failed: No JSON',
      tasks: [{ status: TaskStatus.FAILED }, { status: TaskStatus.SKIPPED }],
      executionLog: [
        { status: LogStatus.ERROR, errorCode: 'output_invalid', errorMessage: 'No JSON', reasoning: '' },
        { status: LogStatus.SKIPPED, reasoning: 'Skipped because first Agent failed', attempt: 0 },
      ],
      cacheStats: { cachedAgents: 0, executedAgents: 1, totalAgents: 2 },
    });
    expect(execution?.executionLog.map(({ output }) => output)).toEqual([undefined, undefined]);
  });

  it.each([
    ['can be read', '[{"type":"started"}]'],
    ['cannot be read', 'no journal'],
  ])('that is set aside says so, when its journal %s', async (_, payload) => {
    const editor = newPerson();
    const record = recordOf({ a: [] }, {}, { tenantId: editor.tenantId });
    const ownerId = await app.stores.newOwner();
    await app.stores.executions.record(record, ownerId);
    await app.stores.admin.query(
      `insert into orchestrator.execution_events (tenant_id, execution_id, seq, at, payload) values ($1, $2, 1, now(), $3)`,
      [record.tenantId, record.id, payload],
    );
    await app.stores.engine.setAside(ownerId, record, { forMs: 600_000, error: setAsideError });
    const jobId = jobIdOf(record.id);
    const { execution } = await app.executions.getExecution({ jobId }, app.as(editor));
    expect(execution).toMatchObject({ reason: 'set_aside', error: setAsideError });
    expect(execution?.tasks.map(({ waitingFor }) => waitingFor)).toEqual([
      [expect.stringContaining('was set aside')],
    ]);
    const { executions } = await app.executions.listExecutions({}, app.as(editor));
    expect(executions).toMatchObject([{ jobId, reason: 'set_aside', error: setAsideError }]);
  });

  it('is shown as its journal says, also when its row lags behind', async () => {
    const editor = newPerson();
    const record = recordOf({ a: [] }, {}, { tenantId: editor.tenantId });
    const ownerId = await app.stores.newOwner();
    await app.stores.executions.record(record, ownerId);
    const outcome = { succeeded: false, partial: false, reason: 'deadline', error: 'Time is up' };
    const events = [
      { type: 'started' },
      { type: 'finishing', outcome },
      { type: 'ended', status: 'failed', summary: '' },
    ] as const;
    const rows = events.map((event, at) => ({ seq: at + 1, atMs: 1_000 * (at + 1), events: [event] }));
    const nothing = { approvals: [], commandIds: [], cached: [] };
    const { tenantId, id: executionId } = record;
    await app.stores.engine.append(ownerId, [{ tenantId, executionId, rows, ...nothing }]);
    const { execution } = await app.executions.getExecution({ jobId: jobIdOf(record.id) }, app.as(editor));
    expect(execution).toMatchObject({
      status: ExecutionStatus.FAILED,
      reason: 'deadline',
      error: 'Time is up',
      startedAt: { seconds: 1n },
      completedAt: { seconds: 3n },
    });
  });
});

describe('a caller', () => {
  it('of another tenant is told what one is told of a run that never was', async () => {
    const editor = newPerson();
    const { jobId } = await app.executions.startIngestion(report, app.as(editor));
    const never = jobIdOf(newId());
    const answers = await Promise.all(
      [jobId, never].map((each) =>
        app.executions.getExecution({ jobId: each }, app.as(newPerson())).catch((error: unknown) => error),
      ),
    );
    expect(answers[0]).toMatchObject({ reason: 'not_found', message: 'No such execution' });
    expect(answers[0]).toEqual(answers[1]);
  });

  it.each(['', 'job_', 'job_xyz', `job_${randomUUID()}`, newId(), `job_${'f'.repeat(32)}`, "job_'; --"])(
    'finds nothing under the malformed id "%s"',
    async (jobId) => {
      const asked = app.executions.getExecution({ jobId }, app.as(newPerson()));
      await expect(asked).rejects.toMatchObject({ reason: 'not_found' });
    },
  );

  it("may not see the run of another user's question, be it as admin", async () => {
    const asker = newPerson();
    app.neighbours.sessions.set('ses_own', { tenantId: asker.tenantId, userId: asker.userId });
    const question = { sessionId: 'ses_own', domainId: 'city', question: 'How many potholes?' };
    const { jobId, queryId } = await app.executions.startQuery(question, app.as(asker));
    const admin = newPerson({ tenantId: asker.tenantId, roles: ['admin'] });
    await expect(app.executions.getExecution({ jobId }, app.as(admin))).rejects.toMatchObject({
      reason: 'permission_denied',
    });
    const { execution } = await app.executions.getExecution({ jobId }, app.as(asker));
    expect(execution).toMatchObject({
      kind: ExecutionKind.QUERY,
      subject: { case: 'queryId', value: queryId },
      sessionId: 'ses_own',
    });
  });
});
