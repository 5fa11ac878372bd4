// Query jobs over a real socket: each step of their life, repeated, raced and cut off.
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { newId, prefixedId } from '../../../foundation/ids/ids.ts';
import { MessageRole } from '../../../proto/gen/domainflow/sessions/v1/message_pb.js';
import { newPerson, newQuestion, startTestSessions, type TestSessions } from '../app.for-test.ts';
import { startQueryJob } from '../core/query-job.ts';
import { createDynamodbStore } from '../store/dynamodb-store.ts';
import { insertQueryJob } from '../store/query-job-documents.ts';

type Question = ReturnType<typeof newQuestion>;
const askedAt = '2030-01-01T00:00:00.000Z';
const answeredAt = '2030-01-01T00:00:05.000Z';

let service: TestSessions;
let person: Principal;
let sessionId: string;

beforeAll(async () => {
  service = await startTestSessions();
}, 30_000);

afterAll(() => service.close(), 20_000);

beforeEach(async () => {
  person = newPerson();
  const { session } = await service.sessions.createSession({ domainId: 'civic' }, service.as(person));
  sessionId = session?.sessionId ?? '';
});

function create(question: Question) {
  return service.jobs.createQueryJob(question, service.asRun(person, { writeTarget: question.queryId }));
}

const reference = {
  referenceId: 'inc_1',
  summary: 'A pothole',
  status: 'completed',
  location: { longitude: 77.5, latitude: 12.9 },
};
const result = {
  summary: 'What: 12\n\nSummary: 12 potholes.',
  answers: [{ agentId: 'what', label: 'What', text: '12', references: ['inc_1'] }],
  mapData: { map_action: 'ADD_MARKERS', data: { features: [] } },
  referencesUsed: [reference],
  referencesRejected: [{ referenceId: 'inc_9', agentId: 'what', reason: 'unresolved' }],
  referencesTotal: 1,
  patches: ['patch_1'],
  executionLog: [{ agent_id: 'what', output: { count: 12 } }],
  cacheStats: { cachedAgents: 0, executedAgents: 1, totalAgents: 1 },
};

function outcomeOf({ queryId, jobId }: Question) {
  const messageId = prefixedId('msg_', newId());
  const at = timestampFromDate(new Date(answeredAt));
  return { queryId, jobId, succeeded: true, result, messageId, messageContent: result.summary, at };
}

function complete(outcome: ReturnType<typeof outcomeOf>) {
  return service.jobs.completeQueryJob(outcome, service.asRun(person, { writeTarget: outcome.queryId }));
}

function read() {
  return service.sessions.getSession({ sessionId, messageLimit: 100 }, service.as(person));
}

async function jobOf({ queryId }: Question) {
  return (await service.jobs.getQueryJob({ queryId }, service.as(person))).job;
}

describe('a query job', () => {
  it('lives from its question to its answer, with one message for each', async () => {
    const question = newQuestion(sessionId, askedAt);
    const { job } = await create(question);
    expect(job).toMatchObject({ queryId: question.queryId, status: 'processing', createdBy: person.userId });
    expect([job?.result, job?.completedAt]).toEqual([undefined, undefined]);
    const outcome = outcomeOf(question);
    expect(await complete(outcome)).toMatchObject({ applied: true });
    const ended = await jobOf(question);
    expect(ended).toMatchObject({ status: 'completed', question: question.question, result });
    expect([ended?.completedAt, ended?.updatedAt]).toEqual([outcome.at, outcome.at]);
    const { session, messages } = await read();
    expect(session).toMatchObject({ messageCount: 2, lastActivity: outcome.at, updatedAt: outcome.at });
    expect(messages).toMatchObject([
      { messageId: question.messageId, role: MessageRole.USER, content: question.question, references: [] },
      {
        messageId: outcome.messageId,
        role: MessageRole.ASSISTANT,
        content: result.summary,
        queryId: question.queryId,
        timestamp: outcome.at,
        references: [reference],
      },
    ]);
  });

  it('fails with the sentence of its failure', async () => {
    const question = newQuestion(sessionId, askedAt);
    await create(question);
    const messageContent = 'The run failed.';
    const failed = { ...outcomeOf(question), succeeded: false, messageContent };
    await complete({
      ...failed,
      result: { ...result, summary: '', error: 'model_timeout' } as typeof result,
    });
    expect(await jobOf(question)).toMatchObject({ status: 'failed', result: { error: 'model_timeout' } });
    expect((await read()).messages.at(-1)?.content).toBe(messageContent);
  });
});

describe('CreateQueryJob', () => {
  it('answers the job as it stands when it is repeated, also after its end, and adds no second message', async () => {
    const question = newQuestion(sessionId, askedAt);
    const answers = await Promise.all([1, 2, 3, 4].map(() => create(question)));
    for (const { job } of answers) expect(job?.status).toBe('processing');
    await complete(outcomeOf(question));
    expect((await create(question)).job?.status).toBe('completed');
    const { session, messages } = await read();
    expect([session?.messageCount, messages.length]).toEqual([2, 2]);
  });

  it('refuses an id that another submission has taken', async () => {
    const question = newQuestion(sessionId, askedAt);
    await create(question);
    const other = { ...question, jobId: prefixedId('job_', newId()) };
    await expect(create(other)).rejects.toMatchObject({ reason: 'already_exists' });
    expect((await read()).session?.messageCount).toBe(1);
  });

  it('adds the message that a try which was cut off after the job left out', async () => {
    const question = newQuestion(sessionId, askedAt);
    const { id, jobId, domainId, question: text } = question;
    const { tenantId, userId: createdBy } = person;
    const plain = { id, jobId, domainId, tenantId, createdBy, sessionId, mode: 'query' } as const;
    await insertQueryJob(service.documents, startQueryJob({ ...plain, question: text, createdAt: askedAt }));
    expect((await read()).messages).toEqual([]);
    await create(question);
    const { session, messages } = await read();
    expect([session?.messageCount, messages[0]?.messageId]).toEqual([1, question.messageId]);
  });

  it('counts the questions of 20 writers at once', async () => {
    const questions = Array.from({ length: 20 }, () => newQuestion(sessionId, askedAt));
    await Promise.all(questions.flatMap((question) => [create(question), create(question)]));
    await Promise.all(questions.map((question) => complete(outcomeOf(question))));
    const { session, messages } = await read();
    expect([session?.messageCount, messages.length]).toEqual([40, 40]);
    const { page } = await service.jobs.listQueryJobs({ sessionId }, service.as(person));
    expect(page?.total).toBe(20n);
  }, 30_000);

  it('names every violated field at once', async () => {
    const bad = { ...newQuestion(sessionId, askedAt), question: '', mode: 0, jobId: 'x', messageId: 'x' };
    const fields = ['domain_id', 'question', 'mode', 'job_id', 'message_id', 'created_at'];
    await expect(create({ ...bad, domainId: '', createdAt: undefined } as never)).rejects.toMatchObject({
      reason: 'invalid_argument',
      violations: fields.map((field) => ({ field })),
    });
  });

  it('needs a session that exists', async () => {
    const unknown = prefixedId('sess_', newId());
    for (const id of [unknown, 'sess_', `${sessionId}x`]) {
      await expect(create(newQuestion(id, askedAt))).rejects.toMatchObject({ reason: 'not_found' });
    }
  });
});

describe('CompleteQueryJob', () => {
  it('applies an outcome once when it is repeated and raced, with one message', async () => {
    const question = newQuestion(sessionId, askedAt);
    await create(question);
    const outcome = outcomeOf(question);
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => complete(outcome)));
    expect(answers.filter(({ applied }) => applied)).toHaveLength(1);
    expect((await complete(outcome)).applied).toBe(false);
    expect(await jobOf(question)).toMatchObject({ result });
    const { session, messages } = await read();
    expect([session?.messageCount, messages.length]).toEqual([2, 2]);
  });

  it('adds the message that a try which was cut off after the job left out, as that try meant it', async () => {
    const question = newQuestion(sessionId, askedAt);
    await create(question);
    const store = createDynamodbStore(service.documents);
    const job = await store.readQueryJob(person.tenantId, question.queryId);
    if (!job) throw new Error('the job is gone');
    const outcome = outcomeOf(question);
    const message = { messageId: outcome.messageId, content: result.summary };
    const stored = { ...result, referencesUsed: [], error: '' };
    await store.applyOutcome(job, { succeeded: true, result: stored, log: [], message, at: answeredAt });
    expect((await read()).session?.messageCount).toBe(1);
    const settled = { ...outcome, succeeded: false, messageContent: 'The run failed.' };
    expect((await complete(settled)).applied).toBe(false);
    const { session, messages } = await read();
    expect(session?.messageCount).toBe(2);
    expect(messages.at(-1)).toMatchObject({ messageId: outcome.messageId, content: result.summary });
  });

  it('changes nothing for an older run or a job that is gone', async () => {
    const question = newQuestion(sessionId, askedAt);
    await create(question);
    const older = { ...outcomeOf(question), jobId: prefixedId('job_', newId()) };
    expect((await complete(older)).applied).toBe(false);
    expect((await complete(outcomeOf(newQuestion(sessionId, askedAt)))).applied).toBe(false);
    expect((await jobOf(question))?.status).toBe('processing');
    expect((await read()).session?.messageCount).toBe(1);
  });

  it('keeps a log of more than 1 MB whole', async () => {
    const question = newQuestion(sessionId, askedAt);
    await create(question);
    const noise = () => Array.from({ length: 2_000 }, () => newId()).join('');
    const executionLog = Array.from({ length: 30 }, (_, at) => ({ task_id: `t${at}`, output: noise() }));
    await complete({ ...outcomeOf(question), result: { ...result, executionLog } as never });
    expect((await jobOf(question))?.result?.executionLog).toEqual(executionLog);
  }, 30_000);

  it('refuses a result that is too large for a document, and says which fields are wrong', async () => {
    const question = newQuestion(sessionId, askedAt);
    await create(question);
    const large = { ...result, mapData: { noise: 'x'.repeat(350 * 1024) } };
    const bad = { ...outcomeOf(question), messageId: 'x', at: undefined, result: large } as never;
    await expect(complete(bad)).rejects.toMatchObject({
      reason: 'invalid_argument',
      violations: ['message_id', 'at', 'result'].map((field) => ({ field })),
    });
    expect((await jobOf(question))?.status).toBe('processing');
  });
});

describe('ListQueryJobs', () => {
  it('filters, pages both ways and binds cursors to the filters', async () => {
    const questions = Array.from({ length: 5 }, (_, at) =>
      newQuestion(sessionId, `2030-01-0${at + 1}T00:00:00Z`),
    );
    for (const question of questions) await create(question);
    if (questions[0]) await complete(outcomeOf(questions[0]));
    const list = (request: object) => service.jobs.listQueryJobs(request, service.as(person));
    const newestFirst = questions.map(({ queryId }) => queryId).toReversed();
    const first = await list({ status: 'processing', page: { limit: 3 } });
    expect(first.jobs.map(({ queryId }) => queryId)).toEqual(newestFirst.slice(0, 3));
    expect(first.page).toMatchObject({ page: 1, limit: 3, total: 4n, totalAtLeast: false });
    expect(first.jobs[0]?.result).toBeUndefined();
    const cursor = first.page?.nextCursor ?? '';
    const second = await list({ status: 'processing', page: { limit: 3, cursor } });
    expect(second.jobs.map(({ queryId }) => queryId)).toEqual(newestFirst.slice(3, 4));
    expect(second.page).toMatchObject({ page: 0, nextCursor: '' });
    const completed = await list({ status: 'completed', domainId: 'civic_complaints', sessionId });
    expect(completed.jobs.map(({ queryId }) => queryId)).toEqual(newestFirst.slice(4));
    expect((await list({ sessionId: 'none' })).jobs).toEqual([]);
    const wrong = (request: object, field: string) =>
      expect(list(request)).rejects.toMatchObject({ violations: [{ field }] });
    await wrong({ page: { cursor } }, 'cursor');
    await wrong({ status: 'processing', page: { cursor: `${cursor}A` } }, 'cursor');
    await wrong({ status: 'processing', page: { cursor, page: 1 } }, 'page');
    await wrong({ page: { page: 101, limit: 100 } }, 'page');
    await wrong({ status: 'unknown' }, 'status');
  });
});

describe('ListUnsettled', () => {
  it('answers the platform the jobs of one tenant that wait for their run', async () => {
    const [waiting, ended] = [newQuestion(sessionId, askedAt), newQuestion(sessionId, askedAt)];
    for (const question of [waiting, ended]) await create(question);
    await complete(outcomeOf(ended));
    const before = timestampFromDate(new Date(answeredAt));
    const list = (request: object) => service.jobs.listUnsettled(request, service.asRun(person, {}));
    const { queryId, jobId } = waiting;
    expect((await list({ before })).jobs).toMatchObject([{ queryId, jobId, userId: person.userId }]);
    expect((await list({ before: timestampFromDate(new Date(askedAt)) })).jobs).toEqual([]);
    await expect(list({})).rejects.toMatchObject({ violations: [{ field: 'before' }] });
  });
});
