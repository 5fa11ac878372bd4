// Engines for tests: the real thing on real stores; what lies outside, documents and agents, is in the test's hands.
import { ProxyTracerProvider } from '@opentelemetry/api';
import { type Clock, systemClock } from '../../../foundation/clock.ts';
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import { createClosing } from '../../../foundation/process/closing.ts';
import { createLog } from '../../../foundation/telemetry/log.ts';
import type { AttemptEnd, Invocation } from '../clients/invoke-agent.ts';
import type { EndOfRun, RunDocument } from '../clients/run-document.ts';
import type { TaskFault } from '../core/agent-answer.ts';
import { newRecord } from '../core/execution-record.for-test.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import { createPostgresEngineStore } from '../store/postgres-engine-store.ts';
import { createPostgresExecutionStore } from '../store/postgres-execution-store.ts';
import { createPostgresOwnerStore } from '../store/postgres-owner-store.ts';
import { openTestPool, type TestUrls } from '../store/stores.for-test.ts';
import { createPerformEffect } from './effects/perform-effect.ts';
import { createEngine, type Engine } from './engine.ts';
import { type Graph, planMessageOf } from './pinned-plan.for-test.ts';
import { pinPlan } from './pinned-plan.ts';
import type { Rhythm } from './rhythm.ts';
import { createSlots } from './slots.ts';

/** Everything soon, but a lease that a busy machine does not lose. */
export const quickRhythm: Rhythm = {
  beatMs: 50,
  leaseMs: 1_000,
  lookMs: 20,
  reloadMs: 20,
  recordedLateMs: 20,
  callerWaitMs: 3_600_000,
};

/** What an engine of a test may be told. */
export interface TestEngineOptions {
  readonly replicaName?: string;
  /** Absent: every agent answers at once. */
  readonly invoke?: (invocation: Invocation) => Promise<AttemptEnd>;
  /** Absent verbs succeed at once. */
  readonly documents?: Partial<RunDocument>;
  /** [quickRhythm] */
  readonly rhythm?: Rhythm;
  /** The engine's own URL of the database, such as one through a proxy. */
  readonly engineUrl?: string;
  /** The requests' URL of the database, likewise. */
  readonly appUrl?: string;
}

/** A running engine. */
export interface TestEngine extends Pick<Engine, 'start'> {
  /** `<execution id> <node>` of every attempt that was begun, in order. */
  readonly invoked: readonly string[];
  /** Outcomes that were written, in order. */
  readonly applied: readonly EndOfRun[];
  /** Closes the engine alone, while its process goes on. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

/** An answer with one key. */
export function answered(text: string): AttemptEnd {
  const answer = { output: { answer: text }, reasoning: '', confidence: 0.8, references: [] };
  return { answer: { ...answer, spans: {}, runtime: 'builtin' } };
}

/** An attempt that fails. */
export function faulted(fault: TaskFault): AttemptEnd {
  return { fault };
}

/** An attempt that never ends by itself; when it is aborted it ends as the agents service would. */
export function untilAborted({ signal }: Invocation): Promise<AttemptEnd> {
  const end = faulted({ code: 'cancelled', message: 'The call was cancelled' });
  return new Promise((resolve) => {
    if (signal.aborted) resolve(end);
    signal.addEventListener('abort', () => resolve(end));
  });
}

/** An execution of this graph, not yet recorded. */
export function recordOf(
  graph: Graph,
  settings: Parameters<typeof planMessageOf>[1] = {},
  changes: Partial<ExecutionRecord> = {},
): ExecutionRecord {
  return newRecord({ plan: pinPlan(planMessageOf(graph, settings)), ...changes });
}

/** Begins an engine on a prepared database. */
export async function beginTestEngine(urls: TestUrls, options: TestEngineOptions = {}): Promise<TestEngine> {
  const { invoke = async ({ agent }) => answered(agent.agentId), documents = {} } = options;
  const log = createLog({ service: 'test', level: 'silent' });
  const closing = createClosing(log);
  const closingPools = createClosing(log);
  const open = (url: string): Postgres => {
    const pool = openTestPool(url);
    closingPools.add('pool', () => pool.close());
    return pool;
  };
  const clock: Clock = systemClock;
  const invoked: string[] = [];
  const applied: EndOfRun[] = [];
  const document: RunDocument = {
    place: async (execution) => documents.place?.(execution),
    apply: async (end) => {
      await documents.apply?.(end);
      applied.push(end);
    },
  };
  const perform = createPerformEffect({
    documents: { ingest: document, query: document },
    invoke: (invocation) => {
      invoked.push(`${invocation.execution.id} ${invocation.agent.agentId}`);
      return invoke(invocation);
    },
    slots: createSlots(1_000),
    clock,
    log,
  });
  const engine = createEngine({
    executions: createPostgresExecutionStore(open(options.appUrl ?? urls.app)),
    store: createPostgresEngineStore(open(options.engineUrl ?? urls.engine)),
    owners: createPostgresOwnerStore(open(urls.engine)),
    perform,
    replicaName: options.replicaName ?? 'replica-0',
    clock,
    tracer: new ProxyTracerProvider().getTracer('test'),
    log,
    closing,
    rhythm: options.rhythm ?? quickRhythm,
  });
  await engine.begin('127.0.0.1:1');
  return {
    start: engine.start,
    invoked,
    applied,
    stop: async () => void (await closing.close()),
    close: async () => {
      await closing.close();
      await closingPools.close();
    },
  };
}
