// Sessions over a real socket: named requests, other titles, and what is left of a session when it is deleted.
import { timestampDate, timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { newId, prefixedId } from '../../../foundation/ids/ids.ts';
import { newPerson, newQuestion, startTestSessions, type TestSessions } from '../app.for-test.ts';
import { requestKeptMs, sessionRequest } from '../core/session-request.ts';
import { createDynamodbStore } from '../store/dynamodb-store.ts';

let service: TestSessions;

beforeAll(async () => {
  service = await startTestSessions();
}, 30_000);

afterAll(() => service.close(), 20_000);

const request = { domainId: 'civic_complaints', title: 'Potholes', requestId: 'my request' };

function create(person: Principal, change: Partial<typeof request> = {}) {
  return service.sessions.createSession({ ...request, ...change }, service.as(person));
}

async function sessionsOf(person: Principal): Promise<number> {
  return (await service.sessions.listSessions({}, service.as(person))).sessions.length;
}

async function newSession(person: Principal): Promise<string> {
  return (await create(person, { requestId: '' })).session?.sessionId ?? '';
}

function rename(person: Principal, sessionId: string, title: string) {
  return service.sessions.updateSession({ sessionId, title }, service.as(person));
}

async function ask(person: Principal, sessionId: string, at: string) {
  const question = newQuestion(sessionId, at);
  await service.jobs.createQueryJob(question, service.asRun(person, { writeTarget: question.queryId }));
  return question;
}

async function read(person: Principal, sessionId: string) {
  const wanted = { sessionId, messageLimit: 100 };
  return service.sessions.getSession(wanted, service.as(person));
}

async function remove(person: Principal, sessionId: string): Promise<boolean> {
  const options = service.asDeletion(person, sessionId);
  const { deleted } = await service.sessions.deleteSession({ sessionId }, options);
  for (let done = false; !done; )
    ({ done } = await service.sessions.purgeSession({ sessionId }, service.asDeletion(person, sessionId)));
  return deleted;
}

describe('CreateSession with a request id', () => {
  it('makes one session of the same request, one after the other and at once', async () => {
    const person = newPerson();
    const answers = await Promise.all(Array.from({ length: 10 }, () => create(person)));
    expect(answers.filter(({ replayed }) => !replayed).length).toBeGreaterThanOrEqual(1);
    const again = await create(person);
    expect(again.replayed).toBe(true);
    for (const { session } of answers) expect(session).toEqual(again.session);
    expect(await sessionsOf(person)).toBe(1);
  }, 30_000);

  it('answers as it did the first time, whatever became of the session since', async () => {
    const person = newPerson();
    const first = await create(person);
    expect(first).toMatchObject({ replayed: false, session: { title: 'Potholes', userId: person.userId } });
    const sessionId = first.session?.sessionId ?? '';
    await rename(person, sessionId, 'Another');
    expect(await create(person)).toEqual({ ...first, replayed: true });
    await remove(person, sessionId);
    expect(await create(person)).toEqual({ ...first, replayed: true });
    await expect(read(person, sessionId)).rejects.toMatchObject({ reason: 'not_found' });
    expect(await sessionsOf(person)).toBe(0);
  });

  it('makes the session that a try which was cut off after the request left out', async () => {
    const person = newPerson();
    const { tenantId, userId } = person;
    const at = new Date(Date.now() - requestKeptMs / 2).toISOString();
    const start = { tenantId, userId, domainId: request.domainId, title: request.title, id: newId(), at };
    const store = createDynamodbStore(service.documents);
    await store.keepSessionRequest(sessionRequest(request.requestId, start));
    const { session, replayed } = await create(person);
    expect([session?.id, replayed]).toEqual([start.id, false]);
    expect(session?.createdAt && timestampDate(session.createdAt).toISOString()).toBe(at);
    expect((await read(person, session?.sessionId ?? '')).session).toEqual(session);
  });

  it('refuses a name that was used for something else, and keeps the names of people apart', async () => {
    const person = newPerson();
    const { session } = await create(person);
    for (const change of [{ title: 'Other' }, { domainId: 'crops' }])
      await expect(create(person, change)).rejects.toMatchObject({ reason: 'request_reused' });
    const others = [create(newPerson(person.tenantId)), create(newPerson())];
    const more = [...others, create(person, { requestId: 'another' }), create(person, { requestId: '' })];
    for (const one of await Promise.all(more)) {
      expect(one.replayed).toBe(false);
      expect(one.session?.id).not.toBe(session?.id);
    }
    await expect(create(person, { requestId: 'x'.repeat(129), title: ' ' })).rejects.toMatchObject({
      violations: [{ field: 'title' }, { field: 'request_id' }],
    });
  });
});

describe('UpdateSession', () => {
  it('changes the title and the time of change, and nothing else', async () => {
    const person = newPerson();
    const sessionId = await newSession(person);
    const before = (await read(person, sessionId)).session;
    const { session } = await rename(person, sessionId, 'Street lights');
    const { updatedAt } = session ?? {};
    expect(session).toEqual({ ...before, title: 'Street lights', updatedAt });
    expect((await read(person, sessionId)).session).toEqual(session);
    const [listed] = (await service.sessions.listSessions({}, service.as(person))).sessions;
    expect(listed).toEqual(session);
    expect(await rename(person, sessionId, 'Street lights')).toMatchObject({ session });
  });

  it('never moves the time of change back', async () => {
    const person = newPerson();
    const sessionId = await newSession(person);
    await ask(person, sessionId, '2035-01-01T00:00:00.000Z');
    const late = timestampFromDate(new Date('2035-01-01T00:00:00.000Z'));
    const { session } = await rename(person, sessionId, 'Later');
    expect(session).toMatchObject({ updatedAt: late, lastActivity: late, messageCount: 1, title: 'Later' });
  });

  it('loses no message and no title to writers at once', async () => {
    const person = newPerson();
    const sessionId = await newSession(person);
    const titles = Array.from({ length: 10 }, (_, at) => `Title ${at}`);
    await Promise.all([
      ...titles.map((title) => rename(person, sessionId, title)),
      ...titles.map((_, at) => ask(person, sessionId, `2035-01-01T00:00:0${at}.000Z`)),
    ]);
    const { session, messages } = await read(person, sessionId);
    expect([session?.messageCount, messages.length]).toEqual([10, 10]);
    expect(titles).toContain(session?.title);
  }, 30_000);

  it('refuses a title that is not one', async () => {
    const person = newPerson();
    const sessionId = await newSession(person);
    for (const title of ['', '  ', 'x'.repeat(201)])
      await expect(rename(person, sessionId, title)).rejects.toMatchObject({
        violations: [{ field: 'title' }],
      });
    for (const unknown of [prefixedId('sess_', newId()), 'sess_', ''])
      await expect(rename(person, unknown, 'x')).rejects.toMatchObject({ reason: 'not_found' });
  });
});

describe('DeleteSession', () => {
  it('makes the session unknown to everything, at once and when it is repeated', async () => {
    const person = newPerson();
    const sessionId = await newSession(person);
    const question = await ask(person, sessionId, '2030-01-01T00:00:00.000Z');
    const options = () => service.asDeletion(person, sessionId);
    expect(await service.sessions.deleteSession({ sessionId }, options())).toMatchObject({ deleted: true });
    const gone = { reason: 'not_found' };
    await expect(read(person, sessionId)).rejects.toMatchObject(gone);
    await expect(rename(person, sessionId, 'x')).rejects.toMatchObject(gone);
    await expect(ask(person, sessionId, '2030-01-02T00:00:00.000Z')).rejects.toMatchObject(gone);
    await expect(read(newPerson(person.tenantId), sessionId)).rejects.toMatchObject(gone);
    expect(await sessionsOf(person)).toBe(0);
    expect(await remove(person, sessionId)).toBe(false);
    const { queryId } = question;
    const { job } = await service.jobs.getQueryJob({ queryId }, service.as(person));
    expect(job).toMatchObject({ status: 'processing', sessionId });
  });

  it('leaves the jobs that were asked in it, which end without a message', async () => {
    const person = newPerson();
    const sessionId = await newSession(person);
    const { queryId, jobId } = await ask(person, sessionId, '2030-01-01T00:00:00.000Z');
    await remove(person, sessionId);
    const at = timestampFromDate(new Date('2030-01-01T00:00:05.000Z'));
    const said = { messageId: prefixedId('msg_', newId()), messageContent: 'It failed.', at };
    const options = service.asRun(person, { writeTarget: queryId });
    const { applied } = await service.jobs.completeQueryJob({ queryId, jobId, ...said }, options);
    expect(applied).toBe(true);
    const { jobs } = await service.jobs.listQueryJobs({ sessionId }, service.as(person));
    expect(jobs).toMatchObject([{ queryId, status: 'failed' }]);
    const done = await service.sessions.purgeSession({ sessionId }, service.asDeletion(person, sessionId));
    expect(done).toMatchObject({ done: true });
  });
});
