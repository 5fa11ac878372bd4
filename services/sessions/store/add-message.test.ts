// A message is counted exactly once: repeated, raced, cut off, held up, and long after it was counted.
import { beforeAll, describe, expect, it } from '@jest/globals';
import { describeOnEachDynamodb } from '../../../local/databases/each-dynamodb.for-test.ts';
import { countedMax } from '../core/counted-messages.ts';
import type { Message } from '../core/message.ts';
import type { Session } from '../core/session.ts';
import { addMessage } from './add-message.ts';
import { deleteSession } from './delete-session.ts';
import { useDocuments } from './documents.for-test.ts';
import type { Documents } from './documents.ts';
import { insertMessage, readMessageItem } from './message-documents.ts';
import { someMessage, someSession, timeAt } from './session.for-test.ts';
import { insertSession, readSessionItem, renameSession } from './session-documents.ts';

describeOnEachDynamodb('messages', (server) => {
  const tests = useDocuments(server);
  let documents: Documents;

  async function newSession(): Promise<Session> {
    const session = someSession();
    await insertSession(documents, session);
    return session;
  }

  async function countIn({ tenantId, sessionId }: Session): Promise<number | undefined> {
    return (await readSessionItem(documents, tenantId, sessionId))?.message_count;
  }

  async function addAll(session: Session, messages: readonly Message[]): Promise<void> {
    for (const message of messages) await addMessage(documents, session.tenantId, message);
  }

  beforeAll(() => {
    documents = tests.kind();
  });

  describe('addMessage', () => {
    it('counts a message once when it is repeated, one after the other and at once', async () => {
      const session = await newSession();
      const message = someMessage(session, 10);
      await addAll(session, [message, message]);
      await Promise.all(Array.from({ length: 10 }, () => addMessage(documents, session.tenantId, message)));
      expect(await countIn(session)).toBe(1);
    });

    it('counts every message of 20 writers at once, each of which repeats itself', async () => {
      const session = await newSession();
      const messages = Array.from({ length: 20 }, (_, at) => someMessage(session, at % 7));
      await Promise.all(
        [...messages, ...messages].map((one) => addMessage(documents, session.tenantId, one)),
      );
      const stored = await readSessionItem(documents, session.tenantId, session.sessionId);
      expect(stored).toMatchObject({ message_count: 20, last_activity: timeAt(6), updated_at: timeAt(6) });
    }, 30_000);

    it('counts a message that was put by a try that was cut off', async () => {
      const session = await newSession();
      const message = someMessage(session, 10);
      expect(await insertMessage(documents, session.tenantId, message)).toBe(true);
      expect(await countIn(session)).toBe(0);
      await addAll(session, [message]);
      expect(await countIn(session)).toBe(1);
    });

    it('counts once when the answers to its writes are lost', async () => {
      const lost = new Set<string>();
      const losesAnswer = (command: string, table: string) => {
        if (command === 'GetItemCommand' || lost.has(command + table)) return false;
        lost.add(command + table);
        return true;
      };
      const unkind = await tests.open({ losesAnswer });
      const session = await newSession();
      const message = someMessage(session, 10);
      const add = () => addMessage(unkind, session.tenantId, message);
      await expect(add()).rejects.toMatchObject({ reason: 'unavailable' });
      await expect(add()).rejects.toMatchObject({ reason: 'unavailable' });
      await add();
      expect([...lost]).toEqual(['PutItemCommandMessages', 'UpdateItemCommandSessions']);
      expect(await countIn(session)).toBe(1);
    });

    it('moves the last activity forward only', async () => {
      const session = await newSession();
      await addAll(session, [someMessage(session, 500), someMessage(session, 100)]);
      const stored = await readSessionItem(documents, session.tenantId, session.sessionId);
      expect(stored).toMatchObject({ message_count: 2, last_activity: timeAt(500) });
    });

    it('moves the time of change forward only, also past a new title', async () => {
      const session = await newSession();
      await renameSession(documents, session, { title: 'New', at: timeAt(300) });
      await addAll(session, [someMessage(session, 200)]);
      const times = async () => {
        const stored = await readSessionItem(documents, session.tenantId, session.sessionId);
        return [stored?.last_activity, stored?.updated_at];
      };
      expect(await times()).toEqual([timeAt(200), timeAt(300)]);
      await addAll(session, [someMessage(session, 400)]);
      expect(await times()).toEqual([timeAt(400), timeAt(400)]);
    });

    it('is not moved back by a title of somebody who read the session before', async () => {
      const session = await newSession();
      await addAll(session, [someMessage(session, 400)]);
      const rename = (read: Session) => renameSession(documents, read, { title: 'New', at: timeAt(300) });
      expect(await rename(session)).toBeUndefined();
      expect(await rename({ ...session, updatedAt: timeAt(400) })).toMatchObject({ updatedAt: timeAt(400) });
    });

    it('leaves a title and its time that come in between', async () => {
      const session = await newSession();
      const before = async (command: string, table: string) => {
        if (command === 'UpdateItemCommand' && table === 'Sessions')
          await renameSession(documents, session, { title: 'New', at: timeAt(300) });
      };
      const slow = await tests.open({ before });
      await addMessage(slow, session.tenantId, someMessage(session, 200));
      const stored = await readSessionItem(documents, session.tenantId, session.sessionId);
      const expected = {
        title: 'New',
        last_activity: timeAt(200),
        updated_at: timeAt(300),
        message_count: 1,
      };
      expect(stored).toMatchObject(expected);
    });

    it('remembers a bounded number of messages and still counts none of them again', async () => {
      const session = await newSession();
      const messages = Array.from({ length: countedMax * 2 }, (_, at) => someMessage(session, at));
      await addAll(session, messages);
      const stored = await readSessionItem(documents, session.tenantId, session.sessionId);
      expect(Object.keys(stored?.counted ?? {}).length).toBeLessThanOrEqual(countedMax);
      await addAll(session, messages);
      expect(await countIn(session)).toBe(messages.length);
    }, 30_000);

    it('does not count again in a try that was held up until its message was counted and let go', async () => {
      const reached = Promise.withResolvers<void>();
      const released = Promise.withResolvers<void>();
      const before = (command: string, table: string) => {
        if (command !== 'UpdateItemCommand' || table !== 'Sessions') return undefined;
        reached.resolve();
        return released.promise;
      };
      const slow = await tests.open({ before });
      const session = await newSession();
      const message = someMessage(session, 0);
      const heldUp = addMessage(slow, session.tenantId, message);
      await reached.promise;
      const others = Array.from({ length: countedMax }, (_, at) => someMessage(session, at + 1));
      await addAll(session, [message, ...others]);
      const stored = await readSessionItem(documents, session.tenantId, session.sessionId);
      expect(stored?.counted[message.messageId]).toBeUndefined();
      released.resolve();
      await heldUp;
      expect(await countIn(session)).toBe(others.length + 1);
    }, 30_000);

    it('leaves a session alone that is gone, and one whose message has this id', async () => {
      const [session, other] = [await newSession(), await newSession()];
      const gone = someSession(session.tenantId);
      await addAll(gone, [someMessage(gone, 10)]);
      expect(await countIn(gone)).toBeUndefined();
      const message = someMessage(session, 10);
      await addAll(session, [message]);
      const twin = { ...someSession(session.tenantId), sessionId: other.sessionId };
      await insertSession(documents, twin);
      const stolen = { ...message, sessionId: twin.sessionId };
      await expect(addMessage(documents, session.tenantId, stolen)).rejects.toMatchObject({
        reason: 'already_exists',
      });
      expect(await countIn(twin)).toBe(0);
    });

    it('brings nothing back of a session that is deleted while its message is added, and leaves no message in it', async () => {
      const session = await newSession();
      const before = async (command: string, table: string) => {
        if (command === 'UpdateItemCommand' && table === 'Sessions')
          await deleteSession(documents, session, timeAt(20));
      };
      const slow = await tests.open({ before });
      const message = someMessage(session, 10);
      await addMessage(slow, session.tenantId, message);
      expect(await countIn(session)).toBeUndefined();
      expect(await readMessageItem(documents, session.tenantId, message.messageId)).toBeUndefined();
    });
  });
});
