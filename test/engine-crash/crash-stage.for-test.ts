// Plays scenarios on one replica that is killed on the way; a new process of the same name goes on.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { newId } from '../../foundation/ids/ids.ts';
import { startTestDatabases } from '../../local/databases/test-databases.ts';
import type { ExecutionRecord } from '../../services/orchestrator/core/execution-record.ts';
import { answered } from '../../services/orchestrator/engine/engine.for-test.ts';
import { openTestStores } from '../../services/orchestrator/store/stores.for-test.ts';
import { createAgents } from './agents.for-test.ts';
import { createDocuments } from './documents.for-test.ts';
import { followJournals, hasEvent, type JournalFollow } from './journal-follow.for-test.ts';
import type { CrashPoint } from './replica-messages.for-test.ts';
import { type Replica, startReplica, type World } from './replica-process.for-test.ts';
import {
  begunIn,
  brokenByDocument,
  brokenByJournal,
  brokenByQuestions,
  type Death,
  endedIn,
  ranTwice,
  resultOf,
} from './run-result.for-test.ts';
import { knownNode, type Scenario, type Stage } from './scenarios.for-test.ts';

const name = 'crashing';
/** Executions of a tenant that run at the same time: the next one waits. */
const limits = { perTenantMax: 1, heldMax: 1_000, invocationsMax: 1_000 };
/** How long a process may take to die once its last moment has passed. */
const lateMsMax = 5_000;
/** How long a scenario may take with all its deaths: far more than it ever needs. */
const playMsMax = 60_000;

/** A scenario that was played to its end. */
export interface PlayedScenario {
  /** One for each execution. */
  readonly results: readonly Awaited<ReturnType<typeof resultOf>>[];
  /** Promises that were broken, each as a sentence. */
  readonly broken: readonly string[];
  /** What each append of the replica was about, in order. */
  readonly appends: readonly (readonly string[])[];
}

/** Plays scenarios, one after another. */
export interface CrashStage {
  /** Plays it to the end with a death at each of the points in turn. Throws when one of them never comes, unless it is an nth. */
  play(scenario: Scenario, points: readonly CrashPoint[]): Promise<PlayedScenario>;
  stop(): Promise<void>;
}

interface Lane {
  current: Replica;
  standingBy: Replica;
  /** Resolved once the next process runs. */
  turn: PromiseWithResolvers<void>;
}

interface Scene {
  readonly scenario: Scenario;
  readonly released: Promise<void>;
}

interface Surroundings {
  readonly world: World;
  readonly lane: Lane;
  readonly follow: JournalFollow;
  readonly admin: pg.Client;
  readonly scenes: Map<string, Scene>;
  readonly startNext: () => Replica;
}

/** Starts a database and the first process. */
export async function openCrashStage(): Promise<CrashStage> {
  const databases = await startTestDatabases();
  const stores = await openTestStores(databases, 'crashing');
  const follow = await followJournals(stores.urls.admin, stores.executions);
  const scenes = new Map<string, Scene>();
  const world = createWorld(scenes);
  const compiledDir = await mkdtemp(join(tmpdir(), 'domainflow-compiled-'));
  const startNext = (): Replica => startReplica({ urls: stores.urls, name, limits, compiledDir }, world);
  const lane: Lane = { current: startNext(), standingBy: startNext(), turn: Promise.withResolvers() };
  const surroundings = { world, lane, follow, admin: stores.admin, scenes, startNext };
  await lane.current.begin();
  return {
    play: (scenario, points) => play(surroundings, scenario, points),
    async stop() {
      for (const replica of [lane.current, lane.standingBy]) {
        replica.signal('SIGKILL');
        await replica.exited;
      }
      await follow.close();
      await stores.close();
      await databases.stop();
      await rm(compiledDir, { recursive: true, force: true });
    },
  };
}

function createWorld(scenes: ReadonlyMap<string, Scene>): World {
  const agents = createAgents(async (attempt) => {
    const scene = scenes.get(attempt.executionId);
    return scene?.scenario.perform?.(attempt, scene.released) ?? answered(attempt.nodeId);
  });
  const lookUp: World['lookUp'] = (_executionId, nodeId) => {
    const key = 'c'.repeat(64);
    if (nodeId !== knownNode) return { key };
    const end = answered('from the cache');
    return 'answer' in end ? { key, found: { answer: end.answer, fromExecutionId: newId() } } : { key };
  };
  return { agents, documents: createDocuments(), lookUp, untimely: [] };
}

async function play(
  under: Surroundings,
  scenario: Scenario,
  points: readonly CrashPoint[],
): Promise<PlayedScenario> {
  const { world, lane, follow, scenes, admin } = under;
  const records = scenario.records();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  for (const { id } of records) scenes.set(id, { scenario, released });
  const [asked, told] = [world.agents.noted.length, lane.current.told.length];
  const first = lane.current;
  const deaths = await inTime(playThrough(under, { scenario, points, records, release }), async () => {
    const stuck = await Promise.all(records.map((record) => follow.read(record)));
    const found = stuck.map(({ row, journal }) => [
      row?.status,
      row?.isParked,
      ...journal.map(({ event }) => event.type),
    ]);
    const said = lane.current.told.slice(-5).map(({ type }) => type);
    return `${scenario.name} does not end after ${JSON.stringify(points)}: ${JSON.stringify([found, said])}`;
  });
  const seen = await Promise.all(records.map((record) => follow.read(record)));
  const noted = world.agents.noted.slice(asked);
  const since = deaths.map((death) => ({ ...death, asked: death.asked - asked }));
  const broken = [
    ...world.untimely.splice(0),
    ...brokenByQuestions(noted, since),
    ...(scenario.losesAgents ? [] : ranTwice(noted)),
    ...records.flatMap(({ id }, at) => {
      const one = seen[at] ?? { row: undefined, journal: [] };
      return [...brokenByJournal(id, one), ...brokenByDocument(one, world.documents.of(id))];
    }),
  ];
  const results = await Promise.all(
    records.map((record, at) => resultOf(record, seen[at] ?? { row: undefined, journal: [] }, admin)),
  );
  const appends = first.told.slice(told).flatMap((said) => (said.type === 'appended' ? [said.sites] : []));
  return { results, broken, appends };
}

async function inTime<T>(work: Promise<T>, otherwise: () => Promise<string>): Promise<T> {
  const { promise: late, resolve } = Promise.withResolvers<'late'>();
  const timer = setTimeout(resolve, playMsMax, 'late');
  const outcome = await Promise.race([work.then((result) => ({ result })), late]).finally(() =>
    clearTimeout(timer),
  );
  if (outcome === 'late') throw new Error(await otherwise());
  return outcome.result;
}

interface Playing {
  readonly scenario: Scenario;
  readonly points: readonly CrashPoint[];
  readonly records: readonly ExecutionRecord[];
  readonly release: () => void;
}

async function playThrough(under: Surroundings, playing: Playing): Promise<Death[]> {
  const { world, lane, follow } = under;
  const { scenario, points, records } = playing;
  const deaths: Death[] = [];
  const left = [...(scenario.before ?? []), ...points];
  const wanted = scenario.shutsDown ? 1 : left.length;
  const [first] = left.splice(0, 1);
  if (first) lane.current.arm(first);
  const ends = records.map((record) => follow.until(record, (seen) => hasEvent(seen, 'ended')));
  const over = Promise.all([scenario.play(stageOf(under, playing)), ...ends]);
  while (deaths.length < wanted) {
    if (!(await diesBefore(lane.current, over))) {
      lane.current.arm(undefined);
      // Answers that come together are one append, so that there may be one less this time.
      if (points.some(({ nth }) => nth !== undefined)) break;
      throw new Error(`${scenario.name} never comes to ${JSON.stringify(points)}`);
    }
    await sessionsOver(under.admin);
    deaths.push(await deathOf(under, records));
    if (scenario.losesAgents) for (const { id } of records) world.agents.forget(id);
    await nextProcess(under, left.shift());
  }
  await over;
  return deaths;
}

async function diesBefore({ exited }: Replica, over: Promise<unknown>): Promise<boolean> {
  const isOver = over.then(() => 'over' as const);
  if ((await Promise.race([exited, isOver])) !== 'over') return true;
  const { promise: late, resolve } = Promise.withResolvers<'late'>();
  const timer = setTimeout(resolve, lateMsMax, 'late');
  const outcome = await Promise.race([exited, late]);
  clearTimeout(timer);
  return outcome !== 'late';
}

// What the process sent last is carried out by the server although nobody waits for it any more.
async function sessionsOver(admin: pg.Client): Promise<void> {
  for (let sessions = -1; sessions !== 0; ) {
    const { rows } = await admin.query<{ sessions: number }>(
      'select count(*)::int as sessions from pg_stat_activity where application_name = $1',
      [name],
    );
    sessions = rows[0]?.sessions ?? 0;
  }
}

async function deathOf({ follow, world }: Surroundings, records: readonly ExecutionRecord[]): Promise<Death> {
  const asked = world.agents.noted.length;
  const begun = new Set<string>();
  const ended = new Set<string>();
  for (const record of records) {
    const seen = await follow.read(record);
    for (const key of begunIn(record.id, seen)) begun.add(key);
    for (const key of endedIn(record.id, seen)) ended.add(key);
  }
  return { asked, begun, ended };
}

async function nextProcess({ lane, startNext }: Surroundings, point: CrashPoint | undefined): Promise<void> {
  lane.current = lane.standingBy;
  lane.standingBy = startNext();
  await lane.current.begin(point);
  const { turn } = lane;
  lane.turn = Promise.withResolvers();
  turn.resolve();
}

function stageOf(under: Surroundings, { records, release }: Playing): Stage {
  const { lane, follow, admin } = under;
  const recordAt = (at: number): ExecutionRecord => {
    const record = records[at];
    if (!record) throw new Error('the scenario has no such execution');
    return record;
  };
  return {
    records,
    release,
    shutDown: () => lane.current.signal('SIGTERM'),
    async start(at = 0) {
      const record = recordAt(at);
      for (;;) {
        const { turn } = lane;
        const outcome = await lane.current.start(record);
        if (outcome === 'started') return;
        if (outcome !== 'died') throw new Error(`a start was refused: ${outcome.reason}`);
        await turn.promise;
        if ((await follow.read(record)).row) return;
      }
    },
    until: async (fits, at = 0) => void (await follow.until(recordAt(at), fits)),
    async command(command) {
      const { tenantId, id } = recordAt(0);
      await admin.query(
        'insert into orchestrator.commands (tenant_id, execution_id, id, command) values ($1, $2, $3, $4)',
        [tenantId, id, newId(), JSON.stringify(command)],
      );
      lane.current.deliver({ tenantId, id });
    },
  };
}
