// A reports service that is killed at any of its writes leaves nothing half done: once it runs again, document, patches and index agree
// within seconds, on what was before the write or after it, and repeating the call ends where an undisturbed one ends.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pause } from '../../local/pause.for-test.ts';
import { type CrashingReports, startCrashingReports } from './crashing-reports.for-test.ts';
import { readStored, type StoredState } from './stored-state.for-test.ts';
import { type WriteOperation, writeOperations } from './write-operations.for-test.ts';
import type { CrashPoint } from './write-steps.for-test.ts';

/** How long after a start everything agrees at the latest, in milliseconds; mostly it takes one second, on a busy machine some. */
const agreementMsMax = 15_000;
/**
 * `CRASH_POINTS=all` kills before each write too, which leaves in the stores what a kill after the one before it leaves, and does so in
 * every kind of write, where otherwise those that go the same way as others are left out.
 */
const killsAll = process.env.CRASH_POINTS === 'all';
const moments: readonly CrashPoint['when'][] = killsAll ? ['before', 'after'] : ['after'];
const operations = writeOperations.filter(({ isLikeOthers }) => killsAll || !isLikeOthers);

let under: CrashingReports;

beforeAll(async () => {
  under = await startCrashingReports();
}, 60_000);

afterAll(() => under?.stop(), 60_000);

/** The state once everything agrees. */
async function agreed(incidentId: string): Promise<StoredState> {
  const until = performance.now() + agreementMsMax;
  for (;;) {
    const { state, disagreement } = await readStored(under.stored, incidentId);
    if (disagreement === undefined) return state;
    if (performance.now() > until) throw new Error(`${disagreement}: ${JSON.stringify(state)}`);
    await pause();
  }
}

interface Undisturbed {
  readonly before: StoredState;
  readonly after: StoredState;
}

async function undisturbed({ prepare }: WriteOperation): Promise<Undisturbed> {
  const { incidentId, act } = await prepare(under.running);
  const before = await agreed(incidentId);
  await act();
  return { before, after: await agreed(incidentId) };
}

/** Dies at one write of a new report each time, and repeats the call. The name of the write; undefined when there are not so many. */
async function dyingAt(
  { prepare }: WriteOperation,
  whole: Undisturbed,
  step: number,
): Promise<string | undefined> {
  let name: string | undefined;
  for (const when of moments) {
    const write = await prepare(under.running);
    const { incidentId, act } = write;
    await agreed(incidentId);
    name = await under.crashed({ step, when }, write);
    const where = `killed ${when} write ${step}, ${name}`;
    // The document is written first, so it alone decides which of the two there is.
    const isDone = step > 0 || when === 'after';
    expect([where, await agreed(incidentId)]).toEqual([where, isDone ? whole.after : whole.before]);
    await act();
    expect([where, await agreed(incidentId)]).toEqual([where, whole.after]);
    if (name === undefined) return undefined;
  }
  return name;
}

describe.each(operations)('$name', (operation) => {
  it('is whole or not at all wherever the process dies, and ends the same when it is repeated', async () => {
    const whole = await undisturbed(operation);
    const writes: string[] = [];
    for (let name = await dyingAt(operation, whole, 0); name !== undefined; ) {
      writes.push(name);
      name = await dyingAt(operation, whole, writes.length);
    }
    expect(writes.length).toBeGreaterThanOrEqual(3);
    expect(writes).toContain('index');
  }, 300_000);
});
