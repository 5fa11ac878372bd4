// Twenty writers on one session lose and repeat nothing, on a store as kind as an emulator and on one as unkind as AWS may be.
import { expect, it } from '@jest/globals';
import { createYoungWrites, type Unkindness } from '../../../foundation/dynamodb/unkind-client.for-test.ts';
import { newId, prefixedId } from '../../../foundation/ids/ids.ts';
import { describeOnEachDynamodb } from '../../../local/databases/each-dynamodb.for-test.ts';
import { countedKept } from '../core/counted-messages.ts';
import type { MessagePosition } from '../core/message.ts';
import { type QueryJob, questionMessage } from '../core/query-job.ts';
import type { Session } from '../core/session.ts';
import { endQueryJob } from '../engine/end-query-job.ts';
import { useDocuments } from './documents.for-test.ts';
import { createDynamodbStore } from './dynamodb-store.ts';
import { outcomeCiting, patiently, someIncident, someJob, someSession, timeAt } from './session.for-test.ts';
import type { RunOutcome, SessionsStore } from './store.ts';

const writers = 20;
const questionsEach = 2;

/** True for about one in `among` calls, the same ones with every seed. */
function oneIn(among: number, seed: number): () => boolean {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor(state / 2 ** 16) % among === 0;
  };
}

const young = createYoungWrites({ clock: () => 0, hiddenMs: 1 });
const unkindnesses: [string, Unkindness][] = [
  ['kind', {}],
  ['slow to show what was written', { youngWrites: young, pageMax: 7 }],
  ['throttling', { throttles: oneIn(4, 1) }],
  ['losing answers', { losesAnswer: oneIn(4, 2) }],
  ['repeating commands', { sendsTwice: oneIn(2, 3) }],
  ['doing parts of batches', { batchMax: 2, pageMax: 3 }],
  [
    'all of this',
    {
      youngWrites: young,
      throttles: oneIn(8, 4),
      losesAnswer: oneIn(8, 5),
      sendsTwice: oneIn(4, 6),
      batchMax: 20,
    },
  ],
];

interface Asked {
  readonly job: QueryJob;
  readonly messageId: string;
  readonly outcome: RunOutcome;
}

function someQuestion(session: Session, at: number, incidentId: string): Asked {
  const job = { ...someJob(session), createdAt: timeAt(at) };
  const outcome = { ...outcomeCiting([incidentId]), at: timeAt(1_000 + at) };
  return { job, messageId: prefixedId('msg_', newId()), outcome };
}

/** Asks and answers, as the steps of a run do: each as often as it takes. */
async function askAndAnswer(store: SessionsStore, { job, messageId, outcome }: Asked): Promise<void> {
  await patiently(async () => {
    const stored = await store.insertQueryJob(job);
    await store.addMessage(job.tenantId, questionMessage(stored, messageId));
  });
  await patiently(async () => {
    const stored = await store.readQueryJob(job.tenantId, job.queryId);
    if (stored) await endQueryJob(store, stored, { jobId: job.jobId, outcome });
  });
}

async function readAll(store: SessionsStore, { tenantId, sessionId }: Session): Promise<string[]> {
  const read: string[] = [];
  let before: MessagePosition | undefined;
  do {
    const stored = await patiently(() => store.readSession(tenantId, sessionId));
    if (!stored) throw new Error('the session is gone');
    const page = await patiently(() => store.readMessages(stored, { limit: 25, before }));
    read.unshift(...page.messages.map(({ messageId }) => messageId));
    before = page.earlier;
  } while (before);
  return read;
}

describeOnEachDynamodb('twenty writers on one session', (server) => {
  const tests = useDocuments(server);

  it.each(unkindnesses)(
    'lose nothing on a store that is %s',
    async (_, unkindness) => {
      const store = createDynamodbStore(await tests.open(unkindness));
      const kind = createDynamodbStore(tests.kind());
      const session = someSession();
      const { tenantId, sessionId } = session;
      await patiently(() => store.insertSession(session));
      const incidentId = someIncident();
      const asked = Array.from({ length: writers * questionsEach }, (_, at) =>
        someQuestion(session, at % 17, incidentId),
      );
      const works = Array.from({ length: writers }, async (_, writer) => {
        for (const one of asked.slice(writer * questionsEach, (writer + 1) * questionsEach))
          await askAndAnswer(store, one);
      });
      await Promise.all(works);
      const newest = Math.max(...asked.map(({ outcome }) => Date.parse(outcome.at)));
      const expected = { messageCount: asked.length * 2, lastActivity: new Date(newest).toISOString() };
      expect(await kind.readSession(tenantId, sessionId)).toMatchObject(expected);
      const ids = asked.flatMap(({ messageId, outcome }) => [messageId, outcome.message.messageId]);
      const all = await readAll(kind, session);
      expect(all.toSorted()).toEqual(ids.toSorted());
      const shown = await readAll(store, session);
      expect(shown.slice(-countedKept)).toEqual(all.slice(-countedKept));
      expect(new Set(shown).size).toBe(shown.length);
      for (const { job, outcome } of asked) {
        const ended = await patiently(() => store.readQueryJob(tenantId, job.queryId));
        expect(ended).toMatchObject({ status: 'completed', outcome: { message: outcome.message } });
        expect(ended && (await patiently(() => store.readExecutionLog(ended)))).toEqual(outcome.log);
      }
      expect(await kind.listUnsettled(tenantId, { before: timeAt(9_999), limit: 10 })).toEqual([]);
    },
    60_000,
  );
});
