// Engines for tests: the real thing on real stores; what lies outside, documents and agents, is in the test's hands.
import { ProxyTracerProvider, type Tracer } from '@opentelemetry/api';
import { type Clock, systemClock } from '../../../foundation/clock.ts';
import type { Postgres } from '../../../foundation/postgres/pool.ts';
import { createClosing } from '../../../foundation/process/closing.ts';
import { createLog, type LogDestination } from '../../../foundation/telemetry/log.ts';
import type { Metrics } from '../../../foundation/telemetry/metrics.ts';
import type { AttemptEnd, Invocation } from '../clients/invoke-agent.ts';
import type { AppliedRun, EndOfRun, RunDocument } from '../clients/run-document.ts';
import type { TaskFault } from '../core/agent-answer.ts';
import { newRecord } from '../core/execution-record.for-test.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import { createPostgresEngineStore } from '../store/postgres-engine-store.ts';
import { createPostgresExecutionStore } from '../store/postgres-execution-store.ts';
import { createPostgresJournalStore, journalSessionSettings } from '../store/postgres-journal-store.ts';
import { createPostgresOwnerStore } from '../store/postgres-owner-store.ts';
import type { ExecutionStore } from '../store/store.ts';
import { openTestPool, type TestPoolOptions, type TestUrls } from '../store/stores.for-test.ts';
import { createEngine, type Engine, type EngineLimits } from './engine.ts';
import { createFeed, type Feed } from './feed.ts';
import { testFingerprint } from './output-cache.for-test.ts';
import { noOutputCache, type OutputCache } from './output-cache.ts';
import type { NudgeReplica } from './ownership/delivery.ts';
import { type Graph, planMessageOf } from './pinned-plan.for-test.ts';
import { createOpenPlan, pinPlan } from './pinned-plan.ts';
import type { Rhythm } from './rhythm.ts';

/** Everything soon, but a lease that a busy machine does not lose. */
export const quickRhythm: Rhythm = {
  beatMs: 50,
  leaseMs: 1_000,
  goneMs: 300,
  lookMs: 20,
  reloadMs: 20,
  recordedLateMs: 20,
  deliverMs: 20,
  callerWaitMs: 3_600_000,
};

/** What an engine of a test may be told. */
export interface TestEngineOptions {
  readonly replicaName?: string;
  /** Absent: every agent answers at once. */
  readonly invoke?: (invocation: Invocation) => Promise<AttemptEnd>;
  /** Absent verbs succeed at once. */
  readonly documents?: TestDocument;
  /** Absent keeps nothing. */
  readonly cache?: OutputCache;
  /** Absent reaches nobody. */
  readonly nudge?: NudgeReplica;
  /** Absent is a thousand of everything. */
  readonly limits?: Partial<EngineLimits>;
  /** [127.0.0.1:1] */
  readonly address?: string;
  /** [quickRhythm] */
  readonly rhythm?: Rhythm;
  /** Absent is the system's. */
  readonly clock?: Clock;
  /** Absent makes no spans. */
  readonly tracer?: Tracer;
  /** Absent measures nothing. */
  readonly metrics?: Metrics;
  /** Where lines of the log go from `warn` on; absent writes none. */
  readonly logTo?: LogDestination;
  /** The engine's own URL of the database, such as one through a proxy. */
  readonly engineUrl?: string;
  /** The requests' URL of the database, likewise. */
  readonly appUrl?: string;
}

/** A document in the test's hands. */
export interface TestDocument extends Omit<Partial<RunDocument>, 'apply'> {
  readonly apply?: (end: EndOfRun) => Promise<AppliedRun | undefined>;
}

/** A running engine. */
export interface TestEngine extends Omit<Engine, 'begin'> {
  readonly feed: Feed;
  /** The pool of its requests. */
  readonly executions: ExecutionStore;
  /** `<execution id> <node>` of every attempt that was begun, in order. */
  readonly invoked: readonly string[];
  /** Names of the statements of its pool for claims and reads, in order. */
  readonly statements: readonly string[];
  /** Outcomes that were written, in order. */
  readonly applied: readonly EndOfRun[];
  /** Closes the engine alone, while its process goes on. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

/** An answer with one key. */
export function answered(text: string): AttemptEnd {
  const answer = { output: { answer: text }, reasoning: '', confidence: 0.8, references: [] };
  return { answer: { ...answer, spans: {}, runtime: 'builtin' }, fingerprint: testFingerprint };
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

/** The pool, with the names of its statements written down. */
function noted(pool: Postgres, names: string[]): Postgres {
  const query: Postgres['query'] = (statement) => {
    names.push(statement.name);
    return pool.query(statement);
  };
  return { ...pool, query };
}

function documentOf({ place, apply }: TestDocument, applied: EndOfRun[]): RunDocument {
  return {
    place: async (execution) => place?.(execution),
    apply: async (end) => {
      const told = await apply?.(end);
      applied.push(end);
      return told ?? { summary: '' };
    },
  };
}

function preparing({ prepare }: TestDocument): Pick<RunDocument, 'prepare'> {
  return prepare ? { prepare } : {};
}

/** Begins an engine on a prepared database. */
export async function beginTestEngine(urls: TestUrls, options: TestEngineOptions = {}): Promise<TestEngine> {
  const { invoke = async ({ agent }) => answered(agent.agentId), documents = {} } = options;
  const { logTo: destination } = options;
  const log = createLog({ service: 'test', level: destination ? 'warn' : 'silent', destination });
  const closing = createClosing(log);
  const closingPools = createClosing(log);
  const open = (url: string, poolOptions?: TestPoolOptions): Postgres => {
    const pool = openTestPool(url, poolOptions);
    closingPools.add('pool', () => pool.close());
    return pool;
  };
  const { clock = systemClock } = options;
  const invoked: string[] = [];
  const statements: string[] = [];
  const applied: EndOfRun[] = [];
  const document = documentOf(documents, applied);
  const engineUrl = options.engineUrl ?? urls.engine;
  const journal = createPostgresJournalStore(open(engineUrl, { sessionSettings: journalSessionSettings }));
  const executions = createPostgresExecutionStore(open(options.appUrl ?? urls.app));
  const feed = createFeed();
  const engine = createEngine({
    documents: { ingest: document, query: document, management: { ...document, ...preparing(documents) } },
    invoke: (invocation) => {
      invoked.push(`${invocation.execution.id} ${invocation.agent.agentId}`);
      return invoke(invocation);
    },
    cache: options.cache ?? noOutputCache,
    feed,
    executions,
    store: createPostgresEngineStore(noted(open(engineUrl), statements), journal),
    owners: createPostgresOwnerStore(open(urls.engine, { sizeMax: 1 })),
    nudge: options.nudge ?? (async () => undefined),
    openPlan: createOpenPlan(),
    replicaName: options.replicaName ?? 'replica-0',
    limits: { perTenantMax: 1_000, heldMax: 1_000, invocationsMax: 1_000, ...options.limits },
    clock,
    tracer: options.tracer ?? new ProxyTracerProvider().getTracer('test'),
    log,
    ...(options.metrics ? { metrics: options.metrics } : {}),
    closing,
    rhythm: options.rhythm ?? quickRhythm,
  });
  await engine.begin(options.address ?? '127.0.0.1:1');
  return {
    start: engine.start,
    deliver: engine.deliver,
    handle: engine.handle,
    feed,
    executions,
    invoked,
    statements,
    applied,
    stop: async () => void (await closing.close()),
    close: async () => {
      await closing.close();
      await closingPools.close();
    },
  };
}
