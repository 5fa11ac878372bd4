// A session is read whole although the index of its messages lags and batches come back short.
import { beforeAll, describe, expect, it } from '@jest/globals';
import { describeOnEachDynamodb } from '../../../local/databases/each-dynamodb.for-test.ts';
import type { MessagePosition } from '../core/message.ts';
import { useDocuments } from './documents.for-test.ts';
import { createDynamodbStore } from './dynamodb-store.ts';
import { tenantKey } from './keys.ts';
import { someMessage, someSession } from './session.for-test.ts';
import type { SessionsStore } from './store.ts';

describeOnEachDynamodb('pages of messages', (server) => {
  const tests = useDocuments(server);
  let store: SessionsStore;
  const hiddenKeys = new Set<string>();

  beforeAll(async () => {
    store = createDynamodbStore(await tests.open({ hiddenKeys, batchMax: 2 }));
  });

  async function readPages({ tenantId, sessionId }: ReturnType<typeof someSession>, limit: number) {
    const pages: string[][] = [];
    let before: MessagePosition | undefined;
    do {
      const stored = await store.readSession(tenantId, sessionId);
      if (!stored) throw new Error('the session is gone');
      const page = await store.readMessages(stored, { limit, before });
      pages.push(page.messages.map(({ messageId }) => messageId));
      before = page.earlier;
    } while (before);
    return pages;
  }

  describe('readMessages', () => {
    it.each([1, 4, 100])('shows every message, oldest first, in pages of %i', async (limit) => {
      const session = someSession();
      await store.insertSession(session);
      const messages = Array.from({ length: 11 }, (_, at) => someMessage(session, Math.floor(at / 2)));
      for (const message of messages) await store.addMessage(session.tenantId, message);
      const hidden = messages.filter((_, at) => [2, 3, 6, 9, 10].includes(at));
      for (const { messageId } of hidden) hiddenKeys.add(tenantKey(session.tenantId, messageId));
      const pages = await readPages(session, limit);
      expect(pages.toReversed().flat()).toEqual(messages.map(({ messageId }) => messageId));
      expect(Math.max(...pages.map((page) => page.length))).toBeLessThanOrEqual(limit);
    });

    it('shows the content and the references of a message that the index lacks', async () => {
      const session = someSession();
      await store.insertSession(session);
      const location = { longitude: 77.5, latitude: 12.9 };
      const plain = { summary: 'A pothole', status: 'completed', deleted: false };
      const references = [
        { ...plain, referenceId: 'inc_1', location },
        { ...plain, referenceId: 'inc_2', location: undefined, deleted: true },
      ];
      const message = { ...someMessage(session, 1), role: 'assistant' as const, references };
      hiddenKeys.add(tenantKey(session.tenantId, message.messageId));
      await store.addMessage(session.tenantId, message);
      const stored = await store.readSession(session.tenantId, session.sessionId);
      const page = stored && (await store.readMessages(stored, { limit: 5, before: undefined }));
      expect(page?.messages).toEqual([message]);
    });
  });
});
