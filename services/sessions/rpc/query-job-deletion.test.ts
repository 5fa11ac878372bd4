// Query jobs over a real socket when they, or the reports that they rest on, are deleted.
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { newId, prefixedId } from '../../../foundation/ids/ids.ts';
import { newPerson, newQuestion, startTestSessions, type TestSessions } from '../app.for-test.ts';

type Question = ReturnType<typeof newQuestion>;

let service: TestSessions;
let person: Principal;
let sessionId: string;
const incidentId = prefixedId('inc_', newId());

beforeAll(async () => {
  service = await startTestSessions();
}, 30_000);

afterAll(() => service.close(), 20_000);

beforeEach(async () => {
  person = newPerson();
  const { session } = await service.sessions.createSession({ domainId: 'civic' }, service.as(person));
  sessionId = session?.sessionId ?? '';
});

async function ask(): Promise<Question> {
  const question = newQuestion(sessionId, '2030-01-01T00:00:00.000Z');
  await create(question);
  return question;
}

function create(question: Question) {
  return service.jobs.createQueryJob(question, service.asRun(person, { writeTarget: question.queryId }));
}

function complete({ queryId, jobId }: Question, references = [incidentId]) {
  const result = {
    summary: 'What: 12',
    referencesUsed: references.map((referenceId) => ({
      referenceId,
      summary: 'A pothole',
      status: 'closed',
    })),
    executionLog: [{ agent_id: 'what' }],
  };
  const at = timestampFromDate(new Date('2030-01-01T00:00:05.000Z'));
  const said = { messageId: prefixedId('msg_', newId()), messageContent: result.summary, at };
  const outcome = { queryId, jobId, succeeded: true, result, ...said };
  return service.jobs.completeQueryJob(outcome, service.asRun(person, { writeTarget: queryId }));
}

function remove({ queryId }: Question) {
  return service.jobs.deleteQueryJob({ queryId }, service.asDeletion(person, queryId));
}

function mark(id = incidentId) {
  return service.jobs.markReferenceDeleted({ incidentId: id }, service.asDeletion(person, id));
}

async function markedReferences({ queryId }: Question) {
  const { job } = await service.jobs.getQueryJob({ queryId }, service.as(person));
  const wanted = { sessionId, messageLimit: 10 };
  const { messages } = await service.sessions.getSession(wanted, service.as(person));
  const lists = [job?.result?.referencesUsed ?? [], messages.at(-1)?.references ?? []];
  return lists.map((list) => list.map(({ deleted }) => deleted));
}

describe('DeleteQueryJob', () => {
  it('makes the job unknown to everything, and leaves its messages in the session', async () => {
    const question = await ask();
    await complete(question);
    const { queryId } = question;
    expect(await remove(question)).toMatchObject({ deleted: true });
    await expect(service.jobs.getQueryJob({ queryId }, service.as(person))).rejects.toMatchObject({
      reason: 'not_found',
    });
    const { jobs, page } = await service.jobs.listQueryJobs({ sessionId }, service.as(person));
    expect([jobs, page?.total]).toEqual([[], 0n]);
    expect(await remove(question)).toMatchObject({ deleted: false });
    const purge = () => service.jobs.purgeQueryJob({ queryId }, service.asDeletion(person, queryId));
    expect([await purge(), await purge()]).toMatchObject([{ done: true }, { done: true }]);
    const wanted = { sessionId, messageLimit: 10 };
    const { session, messages } = await service.sessions.getSession(wanted, service.as(person));
    expect([session?.messageCount, messages.length]).toEqual([2, 2]);
  });

  it('is undone by no step of a submission or a run that comes late', async () => {
    const question = await ask();
    await remove(question);
    await expect(create(question)).rejects.toMatchObject({ reason: 'already_exists' });
    expect(await complete(question)).toMatchObject({ applied: false });
    const before = timestampFromDate(new Date('2040-01-01'));
    const { jobs } = await service.jobs.listUnsettled({ before }, service.asRun(person, {}));
    expect(jobs).toEqual([]);
    const { session } = await service.sessions.getSession({ sessionId }, service.as(person));
    expect(session?.messageCount).toBe(1);
  });
});

describe('MarkReferenceDeleted', () => {
  it('marks the report in answers and messages that are there and in those that come later', async () => {
    const [question, later] = [await ask(), await ask()];
    await complete(question, [prefixedId('inc_', newId()), incidentId]);
    expect(await markedReferences(question)).toEqual([
      [false, false],
      [false, false],
    ]);
    expect([await mark(), await mark()]).toMatchObject([{ done: false }, { done: true }]);
    const marked = [false, true];
    expect(await markedReferences(question)).toEqual([marked, marked]);
    await complete(later);
    expect(await markedReferences(later)).toEqual([[true], [true]]);
  });

  it('marks nothing of another tenant', async () => {
    const question = await ask();
    await complete(question);
    const options = service.asDeletion(newPerson(), incidentId);
    expect(await service.jobs.markReferenceDeleted({ incidentId }, options)).toMatchObject({ done: true });
    expect(await markedReferences(question)).toEqual([[false], [false]]);
  });

  it('refuses what is no report, and an answer that rests on too many', async () => {
    await expect(mark('inc_1')).rejects.toMatchObject({ violations: [{ field: 'incident_id' }] });
    const question = await ask();
    const many = Array.from({ length: 51 }, () => prefixedId('inc_', newId()));
    await expect(complete(question, many)).rejects.toMatchObject({
      violations: [{ field: 'result.references_used' }],
    });
    expect(await complete(question, many.slice(1))).toMatchObject({ applied: true });
  });
});
