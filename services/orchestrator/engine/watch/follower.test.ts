// Following one run, whatever the live sources leave out, repeat or tell too early: each event once and in order.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Fault } from '../../../../foundation/fault/fault.ts';
import type { JournalEntry, JournalEvent } from '../../core/journal-event.ts';
import { planOf } from '../../core/run-plan.for-test.ts';
import { createStreamMapper } from '../../core/stream-event.ts';
import { createFollower, type Follower } from './follower.ts';

const plan = planOf({ a: [] });
const tick = () => new Promise(setImmediate);

/** A run whose journal grows as the test wants. */
function createRun(length: number) {
  const entries: JournalEntry[] = [];
  const run = {
    newest: 0,
    reads: [] as number[],
    /** What the next reads fail with, or wait for. */
    beforeRead: async (): Promise<void> => undefined,
    isKept: true,
    told: [] as (number | string)[],
    append(count = 1): JournalEntry[] {
      const from = entries.length;
      for (let added = 0; added < count && entries.length < length; added += 1) {
        const seq = entries.length + 1;
        const event: JournalEvent =
          seq === length
            ? { type: 'ended', status: 'completed', summary: '' }
            : { type: 'task_started', nodeId: 'a', attempt: seq };
        entries.push({ seq, atMs: seq, event });
      }
      return entries.slice(from);
    },
    entries: () => entries,
    follow: (after = 0): Follower =>
      createFollower({
        mapper: createStreamMapper(plan),
        after,
        mapAfter: after,
        read: async (from) => {
          run.reads.push(from);
          // What stands there when the read begins.
          const [page, there] = [entries.filter(({ seq }) => seq > from).slice(0, 3), entries.length];
          await run.beforeRead();
          if (!run.isKept) return undefined;
          const isWhole = (page.at(-1)?.seq ?? from) >= there;
          return { entries: page, isWhole, ended: there === length, isParked: false };
        },
        newest: () => run.newest,
        textsSoFar: () => [],
        sink: {
          event: ({ seq }) => run.told.push(seq),
          text: () => undefined,
          caughtUp: () => run.told.push('caught up'),
          ended: (fault) => run.told.push(fault ? fault.reason : 'ended'),
          turn: async () => () => undefined,
        },
      }),
  };
  return run;
}

describe('a follower', () => {
  it('reads what is there, says so once, and is told the rest live without reading', async () => {
    const run = createRun(6);
    run.append(4);
    const follower = run.follow();
    await tick();
    follower.receive(run.append());
    follower.receive(run.append());
    await tick();
    expect(run.told).toEqual([1, 2, 3, 4, 'caught up', 5, 6, 'ended']);
    expect(run.reads).toEqual([0, 3]);
  });

  it('reads what a live source left out', async () => {
    const run = createRun(9);
    const follower = run.follow();
    await tick();
    run.append(5);
    follower.receive(run.append());
    await tick();
    expect(run.told).toEqual(['caught up', 1, 2, 3, 4, 5, 6]);
  });

  it('tells nothing twice when sources repeat each other', async () => {
    const run = createRun(9);
    const follower = run.follow();
    await tick();
    const [first, second] = [run.append(2), run.append(2)];
    for (const told of [first, first, [...first, ...second], second, first]) follower.receive(told);
    expect(run.told).toEqual(['caught up', 1, 2, 3, 4]);
    expect(run.reads).toEqual([0]);
  });

  it('reads again what was told while it read', async () => {
    const run = createRun(9);
    const reading = Promise.withResolvers<void>();
    const follower = run.follow();
    await tick();
    run.append();
    run.beforeRead = () => reading.promise;
    const late = run.append();
    follower.receive(late);
    const later = run.append();
    run.newest = 3;
    follower.receive(later);
    reading.resolve();
    await tick();
    expect(run.told).toEqual(['caught up', 1, 2, 3]);
    expect(follower.isLive()).toBe(true);
  });

  it('goes on when it is told to after the journal could not be read', async () => {
    const run = createRun(3);
    run.append(2);
    run.beforeRead = async () => {
      throw new Fault('unavailable', 'Away');
    };
    const follower = run.follow();
    await tick();
    follower.receive(run.append());
    expect([run.told, follower.isLive()]).toEqual([[], false]);
    run.beforeRead = async () => undefined;
    follower.goOn();
    await tick();
    expect(run.told).toEqual([1, 2, 3, 'ended']);
  });

  it('does not read on and on when the journal lacks what was told', async () => {
    const run = createRun(9);
    run.newest = 5;
    const follower = run.follow();
    await tick();
    expect([run.reads.length, follower.isLive()]).toEqual([1, false]);
  });

  it('ends with a fault when the run is not kept, and says nothing after it was left', async () => {
    const gone = createRun(3);
    gone.isKept = false;
    gone.follow();
    const left = createRun(3);
    const follower = left.follow();
    await tick();
    follower.leave();
    follower.receive(left.append(3));
    await tick();
    expect([gone.told, left.told]).toEqual([['not_found'], ['caught up']]);
  });

  it('tells each event once and in order, whatever of the live source is lost, late or twice', async () => {
    const steps = fc.array(
      fc.record({ append: fc.integer({ min: 0, max: 5 }), what: fc.constantFrom(...whats) }),
      {
        maxLength: 30,
      },
    );
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 0, max: 4 }), async (played, after) => {
        const run = createRun(40);
        const follower = run.follow(after);
        for (const each of played) await play(run, follower, each);
        await playToEnd(run, follower);
        const told = run.told.filter((each) => typeof each === 'number');
        expect(told).toEqual(Array.from({ length: 40 - after }, (_, at) => after + at + 1));
        expect(run.told.filter((each) => each === 'ended')).toEqual(['ended']);
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});

type Run = ReturnType<typeof createRun>;

const whats = ['told', 'lost', 'twice', 'old', 'turn', 'fails'] as const;

interface Played {
  readonly append: number;
  readonly what: (typeof whats)[number];
}

async function play(run: Run, follower: Follower, { append, what }: Played): Promise<void> {
  const fresh = run.append(append);
  if (what === 'turn') await tick();
  run.beforeRead = async () => {
    if (what === 'fails') throw new Error('away');
  };
  follower.goOn();
  if (what === 'lost' || fresh.length === 0) return;
  run.newest = run.entries().length;
  follower.receive(fresh);
  if (what === 'twice') follower.receive(fresh);
  if (what === 'old') follower.receive(run.entries().slice(0, 3));
}

/** The rest comes, and reading works again. */
async function playToEnd(run: Run, follower: Follower): Promise<void> {
  run.beforeRead = async () => undefined;
  run.append(40);
  run.newest = 40;
  for (let turn = 0; turn < 3; turn += 1) {
    follower.goOn();
    follower.receive(run.entries().slice(-1));
    await tick();
  }
}
