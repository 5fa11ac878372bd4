// Our engine as the benchmark sees it: the production engine and schema in this process, with tasks that the benchmark performs itself. A
// graph is run as a workflow: nothing but the engine is measured.
import { ProxyTracerProvider, type Tracer } from '@opentelemetry/api';
import pg from 'pg';
import { systemClock } from '../foundation/clock.ts';
import { newId } from '../foundation/ids/ids.ts';
import { createPostgres, type Postgres } from '../foundation/postgres/pool.ts';
import { createClosing } from '../foundation/process/closing.ts';
import { createLog } from '../foundation/telemetry/log.ts';
import { Attribute, spanName } from '../foundation/telemetry/names.ts';
import { inSpan } from '../foundation/telemetry/spans.ts';
import type { Telemetry } from '../foundation/telemetry/telemetry.ts';
import type { InvokeAgent } from '../services/orchestrator/clients/attempt.ts';
import type { ExecutionRecord } from '../services/orchestrator/core/execution-record.ts';
import { createEngine, type Engine } from '../services/orchestrator/engine/engine.ts';
import { createFeed, type Feed } from '../services/orchestrator/engine/feed.ts';
import { noOutputCache } from '../services/orchestrator/engine/output-cache.ts';
import { planMessageOf } from '../services/orchestrator/engine/pinned-plan.for-test.ts';
import { createOpenPlan, pinPlan } from '../services/orchestrator/engine/pinned-plan.ts';
import { journalPoolSize } from '../services/orchestrator/store/engine-connections.ts';
import { createPostgresEngineStore } from '../services/orchestrator/store/postgres-engine-store.ts';
import { createPostgresExecutionStore } from '../services/orchestrator/store/postgres-execution-store.ts';
import {
  createPostgresJournalStore,
  journalSessionSettings,
} from '../services/orchestrator/store/postgres-journal-store.ts';
import { createPostgresOwnerStore } from '../services/orchestrator/store/postgres-owner-store.ts';
import { appRole, engineRole, prepareOrchestratorDatabase } from '../services/orchestrator/store/schema.ts';
import type { EngineOptions, MeasuredEngine, OpenEngine } from './measured-engine.ts';
import { taskOf } from './workload-tasks.ts';
import { graphOf, type WorkloadName, workloadNames, workloadOf } from './workloads.ts';

const password = 'of-the-benchmark';
const tenantId = newId();
const userId = newId();
const plenty = 100_000;

const pinned = new Map(
  workloadNames.map((name) => {
    const tasks = graphOf(workloadOf(name).shape);
    return [name, pinPlan(planMessageOf(Object.fromEntries(tasks.map((task) => [task.name, task.after]))))];
  }),
);

/** How tasks are performed, and what ends that. */
export interface TaskWork {
  readonly invoke: InvokeAgent;
  close(): Promise<void>;
}

/** Opens the engine on a PostgreSQL of its own, with tasks in this process. */
export const openEngine: OpenEngine = (options) =>
  openEngineWith(options, { invoke: inProcess(options), close: async () => undefined });

function inProcess({ perform, telemetry }: EngineOptions): InvokeAgent {
  const invoke: InvokeAgent = async ({ execution, agent }) => {
    const task = taskOf(`${execution.sessionId}`, agent.agentId);
    const output = { answer: { ...(await perform(execution.subjectId, task)) } };
    return {
      answer: { output, reasoning: '', confidence: 1, references: [], spans: {}, runtime: 'builtin' },
    };
  };
  // As in production, each attempt has a span, whether anybody records it or not.
  const tracer = tracerOf(telemetry);
  return (invocation) => {
    const { agentId, agentName } = invocation.agent;
    const attributes = { [Attribute.genAiAgentId]: agentId, [Attribute.taskId]: invocation.taskId };
    const start = { kind: 'client', attributes } as const;
    return inSpan(tracer, spanName.invokeAgent(agentName), start, () => invoke(invocation));
  };
}

function tracerOf(telemetry: Telemetry | undefined): Tracer {
  return telemetry?.tracer ?? new ProxyTracerProvider().getTracer('bench');
}

/** Opens the engine on a PostgreSQL of its own. */
export async function openEngineWith(options: EngineOptions, work: TaskWork): Promise<MeasuredEngine> {
  if (options.store.kind !== 'postgres') throw new Error('the engine keeps its executions in PostgreSQL');
  const adminUrl = options.store.url;
  await prepareOrchestratorDatabase({ adminUrl, appPassword: password, enginePassword: password });
  const log = createLog({ service: 'bench', level: 'warn' });
  const closing = createClosing(log);
  const closingPools = createClosing(log);
  const open = (
    username: string,
    sizeMax: number,
    sessionSettings?: Readonly<Record<string, string>>,
  ): Postgres => {
    const url = Object.assign(new URL(adminUrl), { username, password }).toString();
    const pool = createPostgres({
      url,
      applicationName: 'bench',
      sizeMax,
      acquireTimeoutMs: 5_000,
      sessionSettings,
    });
    closingPools.add('pool', () => pool.close());
    return pool;
  };
  const feed = createFeed();
  const journal = createPostgresJournalStore(open(engineRole, journalPoolSize, journalSessionSettings));
  const engine = createEngine({
    documents: {},
    invoke: work.invoke,
    cache: noOutputCache,
    feed,
    executions: createPostgresExecutionStore(open(appRole, 3)),
    store: createPostgresEngineStore(open(engineRole, 3), journal),
    owners: createPostgresOwnerStore(open(engineRole, 1)),
    nudge: async () => undefined,
    openPlan: createOpenPlan(),
    replicaName: 'bench',
    limits: { perTenantMax: plenty, heldMax: plenty, invocationsMax: plenty },
    clock: systemClock,
    tracer: tracerOf(options.telemetry),
    ...(options.telemetry ? { metrics: options.telemetry.metrics } : {}),
    log,
    closing,
  });
  const ends = followEnds(feed);
  await engine.begin('127.0.0.1:1');
  return measured(engine, ends, {
    adminUrl,
    close: async () => {
      await closing.close();
      await work.close();
      await closingPools.close();
    },
  });
}

interface Ends {
  until(executionId: string): Promise<void>;
}

function followEnds(feed: Feed): Ends {
  const waiting = new Map<string, PromiseWithResolvers<void>>();
  feed.listen((item) => {
    const last = item.type === 'entries' ? item.events.at(-1) : undefined;
    if (last?.type !== 'ended') return;
    const waiter = waiting.get(item.executionId);
    waiting.delete(item.executionId);
    if (last.status === 'completed') waiter?.resolve();
    else waiter?.reject(new Error(`an execution ended as ${last.status}`));
  });
  return {
    until(executionId) {
      const waiter = Promise.withResolvers<void>();
      waiting.set(executionId, waiter);
      return waiter.promise;
    },
  };
}

interface Surroundings {
  readonly adminUrl: string;
  readonly close: () => Promise<void>;
}

function measured(engine: Engine, ends: Ends, { adminUrl, close }: Surroundings): MeasuredEngine {
  return {
    async runOne(workload, execution) {
      const record = recordOf(workload, execution);
      const ended = ends.until(record.id);
      await Promise.all([engine.start(record), ended]);
    },
    begin: async (workload, execution) => void (await engine.start(recordOf(workload, execution))),
    async finish(_workload, execution) {
      const client = new pg.Client({ connectionString: adminUrl });
      await client.connect();
      const { rows } = await client.query<{ id: string; done: boolean }>(
        'select id, completed_at is not null as done from orchestrator.executions where subject_id = $1',
        [execution],
      );
      await client.end();
      const [row] = rows;
      if (!row) throw new Error('an execution that was begun is gone');
      if (!row.done) await ends.until(row.id);
    },
    close,
  };
}

function recordOf(workload: WorkloadName, execution: string): ExecutionRecord {
  const plan = pinned.get(workload);
  if (!plan) throw new Error(`no plan for ${workload}`);
  return {
    tenantId,
    id: newId(),
    kind: 'workflow',
    domainId: '',
    domainVersion: 0,
    plan,
    subjectId: execution,
    sessionId: workload,
    input: { input: { workload } },
    principal: { tenantId, userId, username: 'bench', roles: ['editor'] },
    createdAtMs: Date.now(),
  };
}
