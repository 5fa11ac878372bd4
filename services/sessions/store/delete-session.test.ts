// A deleted session is gone at once and for good, and its messages follow whatever comes in between.
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createYoungWrites } from '../../../foundation/dynamodb/unkind-client.for-test.ts';
import { describeOnEachDynamodb } from '../../../local/databases/each-dynamodb.for-test.ts';
import { countedMax } from '../core/counted-messages.ts';
import type { Session } from '../core/session.ts';
import { deleteSession, purgeSession } from './delete-session.ts';
import { useDocuments } from './documents.for-test.ts';
import type { Documents } from './documents.ts';
import { createDynamodbStore } from './dynamodb-store.ts';
import { insertMessage } from './message-documents.ts';
import { patiently, someMessage, someSession, tenantItems, timeAt } from './session.for-test.ts';
import type { SessionsStore } from './store.ts';

const everything = { skip: 0, limit: 10, after: undefined, counted: true };

describeOnEachDynamodb('deleted sessions', (server) => {
  const tests = useDocuments(server);
  let documents: Documents;
  let store: SessionsStore;

  beforeAll(() => {
    documents = tests.kind();
    store = createDynamodbStore(documents);
  });

  async function sessionWith(messages: number): Promise<Session> {
    const session = someSession();
    await store.insertSession(session);
    for (let at = 1; at <= messages; at += 1)
      await store.addMessage(session.tenantId, someMessage(session, at));
    return session;
  }

  function messagesOf({ tenantId }: Session) {
    return tenantItems(documents, documents.tables.messages, tenantId);
  }

  /** Purges until nothing is left; answers how many calls that took. */
  async function purge({ tenantId, sessionId }: Session, through = documents): Promise<number> {
    for (let calls = 1; ; calls += 1)
      if (await patiently(() => purgeSession(through, tenantId, sessionId))) return calls;
  }

  describe('deleteSession', () => {
    it('takes the content away at once, and leaves the session out of its list', async () => {
      const session = await sessionWith(2);
      expect(await store.deleteSession(session, timeAt(9))).toBe(true);
      expect(await store.readSession(session.tenantId, session.sessionId)).toBeUndefined();
      const list = await store.listSessions(session, everything);
      expect([list.items, list.total?.count]).toEqual([[], 0]);
      const [left, ...others] = await tenantItems(documents, documents.tables.sessions, session.tenantId);
      expect(others).toEqual([]);
      const expiresAt = Date.parse(timeAt(0)) / 1_000 + 48 * 60 * 60 + 1;
      const marks = { deleted_at: timeAt(9), expires_at: expiresAt };
      expect(left).toEqual({ pk: expect.any(String), counted: expect.any(Object), ...marks });
    });

    it('deletes once, and nothing that never was', async () => {
      const session = await sessionWith(0);
      const tries = await Promise.all([1, 2, 3, 4].map((at) => store.deleteSession(session, timeAt(at))));
      expect(tries.filter(Boolean)).toHaveLength(1);
      expect(await store.deleteSession(someSession(), timeAt(1))).toBe(false);
    });

    it('is undone by no write that comes after it', async () => {
      const session = await sessionWith(1);
      await store.deleteSession(session, timeAt(9));
      expect(await store.insertSession(session)).toBe(false);
      expect(await store.renameSession(session, { title: 'x', at: timeAt(10) })).toBeUndefined();
      await store.addMessage(session.tenantId, someMessage(session, 11));
      expect(await store.readSession(session.tenantId, session.sessionId)).toBeUndefined();
      expect(await messagesOf(session)).toHaveLength(1);
      expect((await store.listSessions(session, everything)).items).toEqual([]);
    });

    it('keeps what is to be purged from a writer that lets counted messages go', async () => {
      const session = await sessionWith(countedMax);
      const before = async (command: string, table: string) => {
        if (command === 'UpdateItemCommand' && table === 'Messages')
          await deleteSession(documents, session, timeAt(999));
      };
      const slow = createDynamodbStore(await tests.open({ before }));
      await slow.addMessage(session.tenantId, someMessage(session, 100));
      const [left] = await tenantItems(documents, documents.tables.sessions, session.tenantId);
      expect(Object.keys(left?.counted as object)).toHaveLength(countedMax + 1);
    }, 30_000);
  });

  describe('purgeSession', () => {
    it('removes every message, a bounded number with each call, and no message of another session', async () => {
      const session = await sessionWith(1);
      const other = { ...someSession(session.tenantId), userId: session.userId };
      await store.insertSession(other);
      await store.addMessage(session.tenantId, someMessage(other, 1));
      const many = Array.from({ length: 230 }, (_, at) => someMessage(session, at));
      await Promise.all(many.map((message) => insertMessage(documents, session.tenantId, message)));
      await store.deleteSession(session, timeAt(9));
      expect(await purgeSession(documents, session.tenantId, session.sessionId)).toBe(false);
      expect(await messagesOf(session)).toHaveLength(232 - 200);
      expect(await purge(session)).toBe(2);
      expect(await messagesOf(session)).toMatchObject([{ session_id: other.sessionId }]);
    }, 30_000);

    it('removes counted messages that the index does not show, and the others when it does', async () => {
      let nowMs = 0;
      const youngWrites = createYoungWrites({ clock: () => nowMs, hiddenMs: 1_000 });
      const lagging = await tests.open({ youngWrites, batchMax: 3, pageMax: 2 });
      const lagged = createDynamodbStore(lagging);
      const session = someSession();
      await lagged.insertSession(session);
      for (let at = 1; at <= 12; at += 1) await lagged.addMessage(session.tenantId, someMessage(session, at));
      await insertMessage(lagging, session.tenantId, someMessage(session, 99));
      await lagged.deleteSession(session, timeAt(100));
      expect(await purge(session, lagging)).toBe(2);
      expect(await messagesOf(session)).toHaveLength(1);
      nowMs = 2_000;
      expect(await purge(session, lagging)).toBe(2);
      expect(await messagesOf(session)).toEqual([]);
    });

    it.each(['QueryCommand', 'BatchWriteItemCommand', 'UpdateItemCommand'])(
      'finishes after a process that ended when it came to %s',
      async (command) => {
        const session = await sessionWith(30);
        await store.deleteSession(session, timeAt(99));
        const hiddenKeys = new Set((await messagesOf(session)).map(({ pk }) => String(pk)));
        let sent = 0;
        const before = (name: string) => {
          if (name === command && ++sent === (command === 'BatchWriteItemCommand' ? 2 : 1))
            return Promise.reject(new Error('the process ended'));
          return undefined;
        };
        const ending = await tests.open({ before, hiddenKeys });
        const { tenantId, sessionId } = session;
        await expect(purgeSession(ending, tenantId, sessionId)).rejects.toThrow('the process ended');
        await purge(session, await tests.open({ hiddenKeys }));
        expect(await messagesOf(session)).toEqual([]);
      },
    );

    it('leaves nothing of writers that were at work when the session was deleted', async () => {
      const session = await sessionWith(5);
      let commands = 0;
      const before = async () => {
        commands += 1;
        if (commands === 60) await deleteSession(documents, session, timeAt(5_000));
      };
      const busy = createDynamodbStore(await tests.open({ before }));
      const messages = Array.from({ length: 40 }, (_, at) => someMessage(session, at));
      await Promise.all(messages.map((message) => busy.addMessage(session.tenantId, message)));
      expect(commands).toBeGreaterThan(60);
      await purge(session);
      expect(await messagesOf(session)).toEqual([]);
      expect(await store.readSession(session.tenantId, session.sessionId)).toBeUndefined();
    }, 30_000);

    it('has nothing to do for a session whose deletion is remembered no more', async () => {
      const { tenantId, sessionId } = someSession();
      expect(await purgeSession(documents, tenantId, sessionId)).toBe(true);
      expect(await tenantItems(documents, documents.tables.sessions, tenantId)).toEqual([]);
    });
  });
});
