// A message is counted exactly once: repeated, raced, cut off, held up, and long after it was counted.
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LocalDynamodb, startLocalDynamodb } from '../../../local/databases/dynamodb.ts';
import { openTestDocuments } from '../app.for-test.ts';
import { countedMax } from '../core/counted-messages.ts';
import type { Message } from '../core/message.ts';
import type { Session } from '../core/session.ts';
import { addMessage } from './add-message.ts';
import { type Documents, keyOf } from './documents.ts';
import { tenantKey } from './keys.ts';
import { insertMessage, readMessageItem } from './message-documents.ts';
import { insertSession, readSessionItem } from './session-documents.ts';
import { someMessage, someSession, timeAt } from './session-for-test.ts';
import { makeUnkind, type Unkindness } from './unkind-client.ts';

let dynamodb: LocalDynamodb;
let documents: Documents;
const opened: Documents[] = [];

async function open(unkindness: Unkindness = {}): Promise<Documents> {
  const documents = await openTestDocuments(dynamodb.endpoint);
  makeUnkind(documents.client, unkindness);
  opened.push(documents);
  return documents;
}

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

beforeAll(async () => {
  dynamodb = await startLocalDynamodb({});
  documents = await open();
}, 30_000);

afterAll(async () => {
  for (const { client } of opened) client.destroy();
  await dynamodb.stop();
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
    await Promise.all([...messages, ...messages].map((one) => addMessage(documents, session.tenantId, one)));
    const stored = await readSessionItem(documents, session.tenantId, session.sessionId);
    expect(stored).toMatchObject({ message_count: 20, last_activity: timeAt(6), updated_at: timeAt(6) });
  });

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
    const unkind = await open({ losesAnswer });
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

  it('remembers a bounded number of messages and still counts none of them again', async () => {
    const session = await newSession();
    const messages = Array.from({ length: countedMax * 2 }, (_, at) => someMessage(session, at));
    await addAll(session, messages);
    const stored = await readSessionItem(documents, session.tenantId, session.sessionId);
    expect(Object.keys(stored?.counted ?? {}).length).toBeLessThanOrEqual(countedMax);
    await addAll(session, messages);
    expect(await countIn(session)).toBe(messages.length);
  });

  it('does not count again in a try that was held up until its message was counted and let go', async () => {
    const reached = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    const before = (command: string, table: string) => {
      if (command !== 'UpdateItemCommand' || table !== 'Sessions') return undefined;
      reached.resolve();
      return released.promise;
    };
    const slow = await open({ before });
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
  });

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

  it('does not bring back a session that is deleted while its message is added', async () => {
    const session = await newSession();
    const { tables } = documents;
    const Key = keyOf(tenantKey(session.tenantId, session.sessionId));
    const before = async (command: string, table: string) => {
      if (command === 'UpdateItemCommand' && table === 'Sessions')
        await documents.client.send(new DeleteCommand({ TableName: tables.sessions, Key }));
    };
    const slow = await open({ before });
    const message = someMessage(session, 10);
    await addMessage(slow, session.tenantId, message);
    expect(await countIn(session)).toBeUndefined();
    expect(await readMessageItem(documents, session.tenantId, message.messageId)).toBeDefined();
  });
});
