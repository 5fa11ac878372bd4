// One replica of the orchestrator: a real engine in a simulated process, over the modelled stores, agents and documents.
import { ProxyTracerProvider } from '@opentelemetry/api';
import { type Closing, createClosing } from '../../foundation/process/closing.ts';
import { createLog, type Log } from '../../foundation/telemetry/log.ts';
import { createEngine, type Engine } from '../../services/orchestrator/engine/engine.ts';
import { createFeed } from '../../services/orchestrator/engine/feed.ts';
import type { OutputCache } from '../../services/orchestrator/engine/output-cache.ts';
import type { NudgeReplica } from '../../services/orchestrator/engine/ownership/delivery.ts';
import type { JournalAppend } from '../../services/orchestrator/store/store.ts';
import type { OwnerRow } from './model-database.ts';
import { type Appended, createModelEngineStore, createModelExecutionStore } from './model-engine-store.ts';
import { createModelOwnerStore } from './model-owner-store.ts';
import type { ExecutionRow } from './model-tables.ts';
import { rhythm } from './rhythm.ts';
import { epochMs, type Process } from './virtual-time.ts';
import type { World } from './world.ts';

/** One replica, from a start to its end. */
export interface Replica {
  readonly name: string;
  readonly process: Process;
  readonly engine: Engine;
  readonly closing: Closing;
}

/** What a replica is made from besides its world. */
export interface ReplicaOptions {
  readonly process: Process;
  readonly nudge: NudgeReplica;
  /** True when the database refuses the values of an append. */
  readonly refuses: (append: JournalAppend) => boolean;
  readonly onAppended: (row: ExecutionRow, appended: Appended) => void;
  /** `by` is who ended it for its silence, absent for other reasons. */
  readonly onEnded: (owner: OwnerRow, by?: Process) => void;
}

/** A replica that has not begun. */
export function openReplica(world: World, options: ReplicaOptions): Replica {
  const { time, documents, agents, judge, plans, limits } = world;
  const { process, nudge } = options;
  const { name } = process;
  const log = logOf(world, name);
  const closing = createClosing(log);
  const feed = createFeed();
  feed.listen(judge.fed);
  const engine = createEngine({
    documents: {
      ingest: documents.from(process, false),
      query: documents.from(process, false),
      management: documents.from(process, true),
    },
    invoke: agents.invokeFrom(process),
    cache: cacheOf(world, process),
    feed,
    ...storesOf(world, options),
    nudge,
    openPlan: ({ hash }) => {
      const plan = plans.get(hash);
      if (!plan) throw new Error(`no plan ${hash}`);
      return plan;
    },
    replicaName: name,
    limits,
    clock: () => epochMs + time.nowMs(),
    tracer: new ProxyTracerProvider().getTracer('simulation'),
    ...{ log, closing, rhythm },
  });
  return { name, process, engine, closing };
}

function storesOf(world: World, { process, refuses, onAppended, onEnded }: ReplicaOptions) {
  const { time, history, database, tables, sessions } = world;
  const onUnsteady = (): void =>
    history.fail(`${process.name} judges others before it has itself been steady`);
  const shared = { database, process };
  return {
    store: createModelEngineStore({ ...shared, tables, refuses, onAppended }),
    executions: createModelExecutionStore({ ...shared, tables }),
    owners: createModelOwnerStore({ ...shared, sessions, nowMs: time.nowMs, onEnded, onUnsteady }),
  };
}

function cacheOf({ database, tables }: World, process: Process): OutputCache {
  return {
    async lookUp({ execution, agent, input }) {
      const key = `${agent.agentId} ${JSON.stringify(input)}`;
      const commit = () => tables.outputs.get(`${execution.tenantId} ${key}`);
      const kept = await database.run(process, { name: 'look up', commit }).catch(() => undefined);
      if (!kept || kept.expiresAtMs <= Date.now()) return { key };
      return { key, found: { answer: kept.answer, fromExecutionId: kept.executionId } };
    },
  };
}

/** What an engine logs as an error when its own journal cannot be folded. */
const cannotBeRun = 'An execution cannot be run from its journal';

function logOf({ history }: World, name: string): Log {
  const write = (line: string): void => {
    const { msg, err, level } = JSON.parse(line);
    history.note(() => `${name} ${level}: ${msg} ${err?.message ?? ''}`);
    if (msg === cannotBeRun) history.fail(`${name}: ${msg}`);
  };
  const level = history.lines ? 'info' : 'error';
  return createLog({ service: 'simulation', level, destination: { write } });
}
