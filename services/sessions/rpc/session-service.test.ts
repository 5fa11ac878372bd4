// Sessions over a real socket: made, read with their messages, and listed by newest activity.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Principal } from '../../../foundation/identity/principal.ts';
import { MessageRole } from '../../../proto/gen/domainflow/sessions/v1/message_pb.js';
import { newPerson, newQuestion, startTestSessions, type TestSessions } from '../app.for-test.ts';

let service: TestSessions;

beforeAll(async () => {
  service = await startTestSessions();
}, 30_000);

afterAll(() => service.close(), 20_000);

async function start(person: Principal, title = ''): Promise<string> {
  const request = { domainId: 'civic_complaints', title };
  const { session } = await service.sessions.createSession(request, service.as(person));
  return session?.sessionId ?? '';
}

async function ask(person: Principal, sessionId: string, at: string): Promise<void> {
  const question = newQuestion(sessionId, at);
  await service.jobs.createQueryJob(question, service.asRun(person, { writeTarget: question.queryId }));
}

describe('CreateSession', () => {
  it('answers the session as stored, with the default title when none is given', async () => {
    const person = newPerson();
    const sessionId = await start(person);
    const { session, messages } = await service.sessions.getSession({ sessionId }, service.as(person));
    expect(session).toMatchObject({ title: 'New Session', messageCount: 0, userId: person.userId });
    expect(session?.sessionId).toMatch(/^sess_[0-9a-f]{32}$/);
    expect(session?.sessionId.slice(5)).toBe(session?.id.replaceAll('-', ''));
    expect([session?.lastActivity, session?.updatedAt]).toEqual([session?.createdAt, session?.createdAt]);
    expect(messages).toEqual([]);
  });

  it('names every violated field at once', async () => {
    const request = { domainId: 'Not A Domain', title: 'x'.repeat(201) };
    await expect(service.sessions.createSession(request, service.as(newPerson()))).rejects.toMatchObject({
      reason: 'invalid_argument',
      violations: [{ field: 'domain_id' }, { field: 'title' }],
    });
  });
});

describe('GetSession', () => {
  it('leads from the newest messages to the earliest, each page oldest first', async () => {
    const person = newPerson();
    const sessionId = await start(person);
    const times = [1, 2, 3, 4, 5].map((day) => `2030-01-0${day}T00:00:00.000Z`);
    for (const at of times) await ask(person, sessionId, at);
    const read: string[] = [];
    let messageCursor = '';
    do {
      const request = { sessionId, messageLimit: 2, messageCursor };
      const page = await service.sessions.getSession(request, service.as(person));
      expect(page.session?.messageCount).toBe(5);
      expect(page.messages.every(({ role }) => role === MessageRole.USER)).toBe(true);
      read.unshift(
        ...page.messages.map(({ timestamp }) => new Date(Number(timestamp?.seconds) * 1_000).toISOString()),
      );
      messageCursor = page.messageCursor;
    } while (messageCursor !== '');
    expect(read).toEqual(times);
  });

  it('answers no messages for a limit of 0 and refuses a cursor of another session', async () => {
    const person = newPerson();
    const [one, other] = [await start(person), await start(person)];
    for (const day of [1, 2]) await ask(person, one, `2030-01-0${day}T00:00:00.000Z`);
    const options = service.as(person);
    const none = await service.sessions.getSession({ sessionId: one }, options);
    expect([none.messages, none.messageCursor]).toEqual([[], '']);
    const page = await service.sessions.getSession({ sessionId: one, messageLimit: 1 }, options);
    const { messageCursor } = page;
    expect(messageCursor).not.toBe('');
    const stray = { sessionId: other, messageLimit: 1, messageCursor };
    await expect(service.sessions.getSession(stray, options)).rejects.toMatchObject({
      reason: 'invalid_argument',
    });
  });
});

describe('ListSessions', () => {
  it('puts the newest activity first, by number and by cursor, with a total', async () => {
    const person = newPerson();
    const ids: string[] = [];
    for (const title of ['one', 'two', 'three']) ids.push(await start(person, title));
    const [first = '', second = '', third = ''] = ids;
    await ask(person, second, '2030-01-01T00:00:00.000Z');
    await ask(person, first, '2030-01-02T00:00:00.000Z');
    const list = (page: { limit?: number; page?: number; cursor?: string }) =>
      service.sessions.listSessions({ page }, service.as(person));
    const page = await list({ limit: 2 });
    expect(page.sessions.map(({ sessionId }) => sessionId)).toEqual([first, second]);
    expect(page.sessions[0]).toMatchObject({ title: 'one', messageCount: 1 });
    expect(page.page).toMatchObject({ page: 1, limit: 2, total: 3n, totalAtLeast: false });
    const byNumber = await list({ limit: 2, page: 2 });
    const byCursor = await list({ limit: 2, cursor: page.page?.nextCursor ?? '' });
    expect(byNumber.sessions.map(({ sessionId }) => sessionId)).toEqual([third]);
    expect(byCursor.sessions).toEqual(byNumber.sessions);
    expect(byNumber.page?.nextCursor).toBe('');
    expect([byCursor.page?.page, byCursor.page?.total]).toEqual([0, undefined]);
  });

  it("shows nobody else's sessions and refuses anybody else's cursor", async () => {
    const person = newPerson();
    for (const title of ['one', 'two']) await start(person, title);
    const colleague = newPerson(person.tenantId, ['admin']);
    const others = await service.sessions.listSessions({}, service.as(colleague));
    expect([others.sessions, others.page?.total]).toEqual([[], 0n]);
    const own = await service.sessions.listSessions({ page: { limit: 1 } }, service.as(person));
    const stolen = { page: { limit: 1, cursor: own.page?.nextCursor ?? '' } };
    for (const thief of [colleague, newPerson()]) {
      await expect(service.sessions.listSessions(stolen, service.as(thief))).rejects.toMatchObject({
        reason: 'invalid_argument',
        violations: [{ field: 'cursor' }],
      });
    }
  });
});
