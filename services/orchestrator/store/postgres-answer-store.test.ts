// Names of requests and the answers kept under them, on a real database: one claim at a time, one answer, a day.
import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../../foundation/ids/ids.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { newPerson } from '../app.for-test.ts';
import type { WantedClaim } from '../core/request-answer.ts';
import type { AnswerStore } from './answer-store.ts';
import { createPostgresAnswerStore } from './postgres-answer-store.ts';
import { openTestStores, type TestStores } from './stores.for-test.ts';

let databases: TestDatabases;
let stores: TestStores;
let answers: AnswerStore;
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'answer_store');
  answers = createPostgresAnswerStore(stores.app);
}, 30_000);
afterAll(async () => {
  await stores?.close();
  await databases?.stop();
});

const dayMs = 24 * 3_600_000;
const answer = Buffer.from('sealed');

function newWish(changes: Partial<WantedClaim> = {}): WantedClaim {
  const { tenantId, userId } = newPerson();
  const hashes = { name: randomBytes(32), bodyHash: randomBytes(32) };
  return {
    ...{ tenantId, userId, ...hashes },
    ...{ claim: randomUUID(), requestId: newId(), leaseMs: 60_000 },
    ...changes,
  };
}

/** The same request, at its next try. */
const again = (wanted: WantedClaim, changes: Partial<WantedClaim> = {}): WantedClaim => ({
  ...wanted,
  ...{ claim: randomUUID(), requestId: newId() },
  ...changes,
});
const claim = (wanted: WantedClaim) => answers.claim(wanted, dayMs);
const age = ({ name }: WantedClaim) =>
  stores.admin.query(
    `update orchestrator.request_answers set created_at = now() - interval '25 hours' where name = $1`,
    [name],
  );

describe('a name of a request', () => {
  it('is claimed by one of many who try at the same time', async () => {
    const first = newWish();
    const found = await Promise.all(Array.from({ length: 8 }, () => claim(again(first))));
    const won = found.filter((each) => !('sameBody' in each));
    expect(won).toHaveLength(1);
    const held = { requestId: won[0]?.requestId, sameBody: true };
    expect(found.filter((each) => 'sameBody' in each)).toEqual(Array(7).fill(held));
  });

  it('tells the kept answer to the same body, and that the body is another one', async () => {
    const wanted = newWish();
    expect(await claim(wanted)).toEqual({ requestId: wanted.requestId });
    await answers.keep(wanted, answer);
    const { requestId } = wanted;
    expect(await claim(again(wanted))).toEqual({ requestId, sameBody: true, answer });
    const other = again(wanted, { bodyHash: randomBytes(32) });
    expect(await claim(other)).toEqual({ requestId, sameBody: false, answer });
  });

  it('is free for the same body alone, under the same id, once it was released or its lease has run out', async () => {
    const wanted = newWish();
    await claim(wanted);
    await answers.release(wanted);
    const { requestId } = wanted;
    expect(await claim(again(wanted, { bodyHash: randomBytes(32) }))).toEqual({ requestId, sameBody: false });
    expect(await claim(again(wanted, { leaseMs: 0 }))).toEqual({ requestId });
    expect(await claim(again(wanted))).toEqual({ requestId });
  });

  it('is not ended by one who lost it', async () => {
    const lost = newWish({ leaseMs: 0 });
    await claim(lost);
    const holder = again(lost, { leaseMs: 60_000 });
    await claim(holder);
    await answers.keep(lost, answer);
    await answers.release(lost);
    expect(await claim(again(lost))).toEqual({ requestId: lost.requestId, sameBody: true });
    await answers.keep(holder, answer);
    expect(await claim(again(lost))).toMatchObject({ answer });
  });

  it('is of one user of one tenant', async () => {
    const wanted = newWish();
    await claim(wanted);
    for (const other of [{ userId: randomUUID() }, { tenantId: randomUUID() }]) {
      const theirs = again(wanted, other);
      expect(await claim(theirs)).toEqual({ requestId: theirs.requestId });
    }
  });

  it('begins anew after a day, but not while it is being carried out', async () => {
    const [done, open] = [newWish(), newWish()];
    for (const each of [done, open]) await claim(each);
    await answers.keep(done, answer);
    for (const each of [done, open]) await age(each);
    const anew = again(done, { bodyHash: randomBytes(32) });
    expect(await claim(anew)).toEqual({ requestId: anew.requestId });
    expect(await claim(again(open))).toEqual({ requestId: open.requestId, sameBody: true });
  });

  it('goes after a day, a bounded number at a time', async () => {
    const wishes = [newWish(), newWish(), newWish(), newWish()];
    for (const each of wishes) await claim(each);
    const [one, two, open, young] = wishes as [WantedClaim, WantedClaim, WantedClaim, WantedClaim];
    for (const each of [one, two, young]) await answers.keep(each, answer);
    for (const each of [one, two, open]) await age(each);
    const removed: number[] = [];
    do removed.push(await stores.engine.removeAnswers(dayMs, 1));
    while (removed.at(-1) === 1);
    expect(removed.length).toBeGreaterThanOrEqual(3);
    const names = wishes.map(({ name }) => name);
    const { rows } = await stores.admin.query(
      'select name from orchestrator.request_answers where name = any($1::bytea[])',
      [names],
    );
    expect(rows.map(({ name }) => name.toString('hex')).sort()).toEqual(
      [open, young].map(({ name }) => Buffer.from(name).toString('hex')).sort(),
    );
  });
});
