// Everything that one history is played with, made from its seed: time, chance, the database, agents, documents and who judges them.
import type { OpenedPlan } from '../../services/orchestrator/engine/pinned-plan.ts';
import { drawFaults, type Faults } from './faults.ts';
import { createHistory, type History } from './history.ts';
import { createJudge, type Judge } from './judge.ts';
import { createModelAgents, type ModelAgents } from './model-agents.ts';
import { createModelDatabase, type Fate, type ModelDatabase } from './model-database.ts';
import { createModelDocuments, type ModelDocuments } from './model-documents.ts';
import type { OwnerSession } from './model-owner-store.ts';
import { createModelTables, type ModelTables } from './model-tables.ts';
import type { Random } from './random.ts';
import { rhythm } from './rhythm.ts';
import type { Process, VirtualTime } from './virtual-time.ts';

/** The world of one history. */
export interface World {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly faults: Faults;
  readonly history: History;
  readonly database: ModelDatabase;
  readonly tables: ModelTables;
  readonly sessions: Map<Process, OwnerSession>;
  readonly agents: ModelAgents;
  readonly documents: ModelDocuments;
  readonly judge: Judge;
  /** Answers of workers that were accepted, by `<execution>/<node>/<attempt>`. */
  readonly accepted: Map<string, string>;
  /** Plans by their hash. */
  readonly plans: Map<string, OpenedPlan>;
  /** Whether runs may come to wait without an owner for anything but a place. */
  readonly parks: boolean;
  /** Whether some agents run on workers. */
  readonly works: boolean;
  readonly limits: WorldLimits;
}

/** Limits of the engines, and how many there are. */
export interface WorldLimits {
  readonly replicas: number;
  readonly tenants: number;
  readonly perTenantMax: number;
  readonly heldMax: number;
  readonly invocationsMax: number;
}

/** What a world begins with. */
export interface WorldStart {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly traced: boolean;
}

/** A world in which nothing has happened. */
export function createWorld({ time, random, traced }: WorldStart): World {
  const history = createHistory({ traced, nowMs: time.nowMs });
  const faults = drawFaults(random);
  const tables = createModelTables();
  const plans = new Map<string, OpenedPlan>();
  const planOf = (hash: string) => {
    const plan = plans.get(hash);
    if (!plan) throw new Error(`no plan ${hash}`);
    return plan.run;
  };
  const sessions = new Map<Process, OwnerSession>();
  const onSessionsLost = (): void => {
    for (const { locks } of sessions.values()) locks.clear();
  };
  const fateOf = (name: string): Fate =>
    drawFate({ name, random, faults, isOver: time.nowMs() >= faults.endMs });
  const database = createModelDatabase({ time, random, fateOf, note: history.note, onSessionsLost });
  const silentMs = (process: Process): number => {
    const own = [...database.owners.values()].findLast((owner) => owner.process === process);
    return time.nowMs() - (own?.beatAtMs ?? 0);
  };
  const accepted = new Map<string, string>();
  const judge = createJudge({ history, tables, accepted, planOf, silentMs, leaseMs: rhythm.leaseMs });
  const outside = { time, random, faults, judge };
  const parks = !faults.isQuiet || random.chance(0.5);
  return {
    ...{ time, random, faults, history, database, tables, sessions, judge, plans, accepted },
    agents: createModelAgents(outside),
    documents: createModelDocuments(outside),
    ...{ parks, works: parks && random.chance(0.4) },
    limits: {
      replicas: random.between(1, 3),
      tenants: random.between(1, 2),
      perTenantMax: random.pick([1, 2, 3, 4, 100]),
      heldMax: random.pick([3, 100, 100]),
      invocationsMax: random.pick([2, 5, 100]),
    },
  };
}

interface Drawing {
  readonly name: string;
  readonly random: Random;
  readonly faults: Faults;
  readonly isOver: boolean;
}

function drawFate({ name, random, faults, isOver }: Drawing): Fate {
  const isFlush = name === 'append';
  const usualMs = isFlush ? random.between(1, 4) : 0;
  if (isOver) return { isRefused: false, isReplyLost: false, onTheWayMs: 0, inDatabaseMs: usualMs };
  const isSlow = random.chance(faults.slow);
  const isFrozen = isFlush && random.chance(faults.frozenFlush);
  const slowMs = isSlow ? random.between(20, 2_500) : usualMs;
  return {
    isRefused: random.chance(faults.refused),
    isReplyLost: random.chance(faults.replyLost),
    onTheWayMs: isSlow && random.chance(0.5) ? random.between(20, 8_000) : 0,
    inDatabaseMs: isFrozen ? random.between(6_500, 11_000) : slowMs,
  };
}
