// The replicas of the orchestrator as their surroundings treat them: they are started, killed, frozen, closed and started again.
import { Fault } from '../../foundation/fault/fault.ts';
import type { NudgeReplica } from '../../services/orchestrator/engine/ownership/delivery.ts';
import type { JournalAppend } from '../../services/orchestrator/store/store.ts';
import type { OwnerRow } from './model-database.ts';
import type { Appended } from './model-engine-store.ts';
import type { ExecutionRow } from './model-tables.ts';
import { openReplica, type Replica } from './replica-process.ts';
import type { Process } from './virtual-time.ts';
import type { World } from './world.ts';

/** How long a replica that could not begin stays away, in milliseconds. */
const beginAgainMs = 1_000;

/** How long the caller of another replica waits, in milliseconds. */
const nudgeMsMax = 2_000;

const forEver = Number.POSITIVE_INFINITY;

/** The replicas. */
export interface Fleet {
  /** Those that run and are not frozen. */
  awake(): Replica[];
  start(name: string): void;
  /** Ends it in the middle of whatever it does. It is started again after so many milliseconds. */
  kill(replica: Replica, backAfterMs: number): void;
  freeze(replica: Replica, forMs: number): void;
  /** Ends it cleanly, and starts it again likewise. */
  close(replica: Replica, backAfterMs: number): void;
}

/** What the replicas tell. */
export interface FleetEvents {
  readonly onAppended: (row: ExecutionRow, appended: Appended) => void;
}

interface Yard extends World, FleetEvents {
  /** By name, the newest of each. */
  readonly replicas: Map<string, Replica>;
  /** By execution: until when its values are refused, in milliseconds since the history began. */
  readonly refused: Map<string, number>;
}

/** No replicas yet. */
export function createFleet(world: World, events: FleetEvents): Fleet {
  const yard: Yard = { ...world, ...events, replicas: new Map(), refused: new Map() };
  const { time, history } = world;
  return {
    start: (name) => start(yard, name),
    awake: () => [...yard.replicas.values()].filter(({ process }) => !process.isDead && !process.isFrozen),
    kill(replica, backAfterMs) {
      history.note(() => `${replica.name} is killed`);
      end(yard, replica, backAfterMs);
    },
    freeze: ({ process }, forMs) => freeze(yard, process, forMs),
    close(replica, backAfterMs) {
      const closed = (): void => end(yard, replica, backAfterMs);
      history.note(() => `${replica.name} closes`);
      time.after(0, replica.process, () => void replica.closing.close().then(closed));
    },
  };
}

function start(yard: Yard, name: string): void {
  const { time, history, sessions, replicas, onAppended } = yard;
  const process: Process = { name, isDead: false, isFrozen: false };
  sessions.set(process, { locks: new Set() });
  history.note(() => `${name} starts`);
  const replica = openReplica(yard, {
    process,
    nudge: nudgeFrom(yard, process),
    refuses: (append) => refuses(yard, append),
    onAppended,
    onEnded: (owner, by) => noteEnd(yard, owner, by),
  });
  replicas.set(name, replica);
  time.after(0, process, () => {
    replica.engine.begin(name).catch(() => end(yard, replica, beginAgainMs));
  });
}

function end(yard: Yard, { name, process }: Replica, backAfterMs: number): void {
  if (process.isDead) return;
  process.isDead = true;
  yard.sessions.delete(process);
  yard.time.after(backAfterMs, undefined, () => start(yard, name));
}

function freeze({ time, history }: Yard, process: Process, forMs: number): void {
  history.note(() => `${process.name} freezes for ${forMs} ms`);
  process.isFrozen = true;
  time.after(forMs, undefined, () => {
    history.note(() => `${process.name} goes on`);
    process.isFrozen = false;
    time.thaw(process);
  });
}

function nudgeFrom({ time, faults, random, replicas }: Yard, process: Process): NudgeReplica {
  return (address, key) =>
    new Promise((resolve, reject) => {
      const isLost = time.nowMs() < faults.endMs && random.chance(faults.nudgeLost);
      const to = replicas.get(address);
      const done = (): void => void time.after(2, process, resolve);
      time.after(nudgeMsMax, process, () => reject(new Fault('unavailable', 'The replica is away')));
      if (!isLost && to) time.after(2, to.process, () => void to.engine.handle(key).then(done, done));
    });
}

// The values of an execution are refused once for a while, too short for it to be given up; or its answers are refused for ever.
function refuses(yard: Yard, { executionId, rows }: JournalAppend): boolean {
  const { time, random, faults, refused, judge } = yard;
  const untilMs = refused.get(executionId);
  const hasAnswer = rows.some(({ events }) => events.some(({ type }) => type === 'task_succeeded'));
  if (untilMs === forEver) return hasAnswer;
  if (untilMs !== undefined) return time.nowMs() < untilMs;
  if (time.nowMs() >= faults.endMs || !random.chance(faults.refusedValues)) return false;
  const isForEver = hasAnswer && random.chance(0.2);
  if (isForEver) judge.refused(executionId);
  refused.set(executionId, isForEver ? forEver : time.nowMs() + random.between(1, 1_500));
  return true;
}

function noteEnd({ history }: Yard, { process, ownerId }: OwnerRow, by?: Process): void {
  const culprit = by ? ` by ${by.name}` : '';
  history.note(() => `   database  owner ${history.nameOf(ownerId)} of ${process.name} is ended${culprit}`);
  if (by === process) history.fail(`${by.name} ends itself for its own silence`);
}
