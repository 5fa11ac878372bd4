// A named request holds its name for a day, for whoever comes first, also where answers are lost.
import { randomUUID } from 'node:crypto';
import { beforeAll, expect, it } from '@jest/globals';
import { newId } from '../../../foundation/ids/ids.ts';
import { describeOnEachDynamodb } from '../../../local/databases/each-dynamodb.for-test.ts';
import { requestKeptMs, type SessionRequest, sessionRequest } from '../core/session-request.ts';
import { useDocuments } from './documents.for-test.ts';
import { createDynamodbStore } from './dynamodb-store.ts';
import { patiently, tenantItems, timeAt } from './session.for-test.ts';
import type { SessionsStore } from './store.ts';

const who = () => ({ tenantId: randomUUID(), userId: randomUUID() });

function someRequest(person: ReturnType<typeof who>, at: number, title = 'secret'): SessionRequest {
  return sessionRequest('my request', { ...person, id: newId(), domainId: 'civic', title, at: timeAt(at) });
}

describeOnEachDynamodb('named requests', (server) => {
  const tests = useDocuments(server);
  let store: SessionsStore;

  beforeAll(() => {
    store = createDynamodbStore(tests.kind());
  });

  it('are held by the first, one after the other and at once', async () => {
    const person = who();
    const tries = await Promise.all(
      [1, 2, 3, 4, 5].map((at) => store.keepSessionRequest(someRequest(person, at))),
    );
    expect(new Set(tries.map(({ id }) => id)).size).toBe(1);
    const other = someRequest(person, 9, 'another body');
    expect(await store.keepSessionRequest(other)).toEqual(tries[0]);
  });

  it('are free again after a day, also while what was kept is still there', async () => {
    const person = who();
    const first = await store.keepSessionRequest(someRequest(person, 0));
    const late = someRequest(person, requestKeptMs - 1);
    expect(await store.keepSessionRequest(late)).toEqual(first);
    const next = someRequest(person, requestKeptMs, 'another body');
    expect(await store.keepSessionRequest(next)).toEqual(next);
    expect(await store.keepSessionRequest(someRequest(person, requestKeptMs + 1))).toEqual(next);
  });

  it('may be repeated after a lost answer, and know themselves', async () => {
    let lost = false;
    const losesAnswer = () => {
      if (lost) return false;
      lost = true;
      return true;
    };
    const unkind = createDynamodbStore(await tests.open({ losesAnswer }));
    const request = someRequest(who(), 1);
    expect(await patiently(() => unkind.keepSessionRequest(request))).toEqual(request);
    expect(lost).toBe(true);
  });

  it('leave nothing of what was asked for, and vanish by themselves', async () => {
    const person = who();
    await store.keepSessionRequest(someRequest(person, 0));
    const documents = tests.kind();
    const [item] = await tenantItems(documents, documents.tables.sessions, person.tenantId);
    expect(item?.expires_at).toBe((Date.parse(timeAt(0)) + requestKeptMs) / 1_000);
    for (const text of ['secret', 'my request', person.userId])
      expect(JSON.stringify(item)).not.toMatch(text);
  });
});
