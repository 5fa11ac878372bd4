// Two replicas under load, and one of them ends: told to, killed, or stopped for longer than its lease. The other takes over everything that
// it held; nothing is lost and nothing that is recorded is run again.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestDatabases, type TestDatabases } from '../../local/databases/test-databases.ts';
import { usualRhythm } from '../../services/orchestrator/engine/rhythm.ts';
import { openTestStores, type TestStores } from '../../services/orchestrator/store/stores.for-test.ts';
import { type LoadStage, openLoadStage } from './load-stage.for-test.ts';
import type { FromReplica } from './replica-messages.for-test.ts';
import type { Replica } from './replica-process.for-test.ts';
import { begunIn, brokenByQuestions, endedIn } from './run-result.for-test.ts';

/** Executions of each test: `SOAK_EXECUTIONS` for many. */
const executions = Number(process.env.SOAK_EXECUTIONS ?? 100);
const testMsMax = 60_000 + executions * 200;

let databases: TestDatabases;
let stores: TestStores;
let stage: LoadStage;
/** Goes on through all tests. */
let survivor: Replica;
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'replicas');
  stage = openLoadStage(stores.urls);
  survivor = await stage.replica('survivor');
}, 60_000);
afterAll(async () => {
  await stage?.stop();
  await stores?.close();
  await databases?.stop();
}, 60_000);

interface Load {
  /** Ids of the executions that each replica was given. */
  readonly ofSurvivor: readonly string[];
  readonly ofOther: readonly string[];
}

/** Starts the executions, half of them at each replica, and resolves once the first of their attempts have ended. */
async function underLoad(other: Replica): Promise<Load> {
  const records = Array.from({ length: executions }, (_, at) => stage.record(at));
  const ended = stage.attemptsEnded(executions);
  const outcomes = await Promise.all(
    records.map((record, at) => (at % 2 === 0 ? survivor : other).start(record)),
  );
  expect(new Set(outcomes)).toEqual(new Set(['started']));
  await ended;
  const ids = records.map(({ id }) => id);
  return { ofSurvivor: ids.filter((_, at) => at % 2 === 0), ofOther: ids.filter((_, at) => at % 2 === 1) };
}

const all = ({ ofSurvivor, ofOther }: Load): string[] => [...ofSurvivor, ...ofOther];

/** Before that a replica judges nobody. */
async function untilSteady(replica: Replica): Promise<void> {
  const beats = (): number => replica.told.filter(({ type }) => type === 'beaten').length;
  while (beats() * usualRhythm.beatMs <= usualRhythm.leaseMs + usualRhythm.beatMs)
    await replica.hearsNext(({ type }) => type === 'beaten');
}

/** Says how long after now the survivor has claimed the last of what the other held. */
function clockOfTakeover(): (what: string) => void {
  const sinceMs = performance.now();
  let lastMs = sinceMs;
  let count = 0;
  void follow();
  async function follow(): Promise<void> {
    for (;;) {
      const told = await survivor.hearsNext(({ type }) => type === 'claimed');
      if (told.type === 'claimed') count += told.executionIds.length;
      lastMs = performance.now();
    }
  }
  return (what) => {
    const seconds = ((lastMs - sinceMs) / 1_000).toFixed(2);
    process.stdout.write(`${what}: ${count} of ${executions} executions taken over within ${seconds} s\n`);
    expect(count).toBeGreaterThan(0);
  };
}

async function livingOwners(name: string): Promise<number> {
  const { rowCount } = await stores.admin.query(
    'select from orchestrator.owners where replica_name = $1 and ended_at is null',
    [name],
  );
  return rowCount ?? 0;
}

describe('a replica under load', () => {
  it(
    'that is told to end hands back everything before it has ended, and another goes on',
    async () => {
      const other = await stage.replica('leaving');
      const load = await underLoad(other);
      const tell = clockOfTakeover();
      other.signal('SIGTERM');
      expect(await other.exited).toEqual({ code: 0, signal: null });
      expect(await livingOwners('leaving')).toBe(0);
      await stage.allEnded();
      tell('SIGTERM');
      expect(await stage.broken(all(load))).toEqual([]);
    },
    testMsMax,
  );

  it(
    'that is killed loses nothing: what is recorded stays, what had begun is repeated',
    async () => {
      const other = await stage.replica('dying');
      await untilSteady(survivor);
      const load = await underLoad(other);
      const tell = clockOfTakeover();
      other.signal('SIGKILL');
      expect(await other.exited).toEqual({ code: null, signal: 'SIGKILL' });
      const asked = questionsAbout(load).length;
      const runs = await stage.journals();
      const lost = load.ofOther.flatMap((id) => (runs.get(id)?.status === 'running' ? [id] : []));
      const keys = (of: typeof begunIn) =>
        new Set(lost.flatMap((id) => of(id, { row: undefined, journal: runs.get(id)?.journal ?? [] })));
      const death = { asked, begun: keys(begunIn), ended: keys(endedIn) };
      await stage.allEnded();
      tell('SIGKILL');
      expect(death.begun.size).toBeGreaterThan(death.ended.size);
      expect(brokenByQuestions(questionsAbout(load), [death])).toEqual([]);
      expect(await stage.broken(all(load))).toEqual([]);
    },
    testMsMax,
  );

  it(
    'that stands still for longer than its lease has lost everything, writes nothing more and begins anew',
    async () => {
      const other = await stage.replica('standing');
      await untilSteady(survivor);
      const load = await underLoad(other);
      const tell = clockOfTakeover();
      // What it has just recorded it hears of only when it is woken.
      other.arm({ site: 'task_started', when: 'after', signal: 'SIGSTOP' });
      await stage.allEnded();
      tell('SIGSTOP');
      const before = await stage.journals();
      expect(await stage.broken(all(load))).toEqual([]);

      const told = other.told.length;
      const registered = other.hearsNext(({ type }) => type === 'registered');
      other.signal('SIGCONT');
      await registered;
      const record = stage.record(0);
      expect(await other.start(record)).toBe('started');
      await stage.allEnded();
      expect(wasRefused(other.told.slice(told), load)).toBe(true);
      const after = await stage.journals();
      for (const id of all(load)) expect(after.get(id)).toEqual(before.get(id));
      expect(await stage.broken([...all(load), record.id])).toEqual([]);
    },
    testMsMax,
  );
});

/** Whether something was refused that was to be written about what the replica held before. */
function wasRefused(told: readonly FromReplica[], { ofOther }: Load): boolean {
  return told.some((said) => said.type === 'fenced' && said.executionIds.every((id) => ofOther.includes(id)));
}

/** What agents were asked about executions of the replica that ended. */
function questionsAbout({ ofOther }: Load) {
  const ids = new Set(ofOther);
  return stage.world.agents.noted.filter(({ executionId }) => ids.has(executionId));
}
