// Several replicas under many executions of many tenants. Every execution is a diamond of tasks that take some tenths of a second each.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { newRecord } from '../../services/orchestrator/core/execution-record.for-test.ts';
import type { ExecutionRecord } from '../../services/orchestrator/core/execution-record.ts';
import type { JournalEntry, JournalEvent } from '../../services/orchestrator/core/journal-event.ts';
import { answered } from '../../services/orchestrator/engine/engine.for-test.ts';
import { planMessageOf } from '../../services/orchestrator/engine/pinned-plan.for-test.ts';
import { pinPlan } from '../../services/orchestrator/engine/pinned-plan.ts';
import type { TestUrls } from '../../services/orchestrator/store/stores.for-test.ts';
import { createAgents } from './agents.for-test.ts';
import { createDocuments } from './documents.for-test.ts';
import { type Replica, startReplica, type World } from './replica-process.for-test.ts';
import { brokenByDocument, brokenByHandover, brokenByJournal, ranTwice } from './run-result.for-test.ts';

const nodes = ['read', 'place', 'kind', 'judge'] as const;
const plan = pinPlan(planMessageOf({ read: [], place: ['read'], kind: ['read'], judge: ['place', 'kind'] }));
/** Shortest and longest time of a task, in milliseconds. */
const taskMs = { min: 100, max: 300 };
const tenantsMax = 20;
const plenty = 100_000;

/** Replicas under load. */
export interface LoadStage {
  readonly world: World;
  /** All that were started. */
  readonly replicas: readonly Replica[];
  /** Starts a replica and lets it begin. */
  replica(name: string): Promise<Replica>;
  /** The nth execution, not yet recorded; tenants take turns. */
  record(at: number): ExecutionRecord;
  /** Resolves once so many more attempts have ended. */
  attemptsEnded(count: number): Promise<void>;
  /** Resolves when no execution is under way any more. */
  allEnded(): Promise<void>;
  /** Every execution with its journal, by id. */
  journals(): Promise<Map<string, KeptRun>>;
  /** Promises that are broken, each as a sentence, of executions that have been accepted and have ended. */
  broken(accepted: readonly string[]): Promise<string[]>;
  /** Ends all replicas. */
  stop(): Promise<void>;
}

/** An execution as it is stored. */
export interface KeptRun {
  readonly status: string;
  readonly journal: readonly JournalEntry[];
}

/** Opens it on a prepared database, which may be restarted. */
export function openLoadStage(urls: TestUrls): LoadStage {
  const counting = createCounting();
  const agents = createAgents(async ({ executionId, nodeId }) => {
    await sleep(taskMs.min + (Number.parseInt(executionId.slice(-4), 16) % (taskMs.max - taskMs.min)));
    counting.count();
    return answered(nodeId);
  });
  const world: World = { agents, documents: createDocuments(), lookUp: () => ({}), untimely: [] };
  const limits = { perTenantMax: plenty, heldMax: plenty, invocationsMax: plenty };
  const tenants = Array.from({ length: tenantsMax }, () => randomUUID());
  const replicas: Replica[] = [];
  const journals = () => readJournals(urls.admin);
  return {
    world,
    replicas,
    async replica(name) {
      const replica = startReplica({ urls, name, limits }, world);
      replicas.push(replica);
      await replica.begin();
      return replica;
    },
    record: (at) => newRecord({ plan, tenantId: tenants[at % tenants.length] ?? randomUUID() }),
    attemptsEnded: counting.until,
    allEnded: () => untilAllEnded(urls.admin, replicas),
    journals,
    async broken(accepted) {
      const runs = await journals();
      return [
        ...world.untimely,
        ...brokenByHandover(agents.noted, replicas),
        ...ranTwice(agents.noted),
        ...accepted.flatMap((id) => brokenRun(id, runs.get(id), world)),
      ];
    },
    async stop() {
      for (const replica of replicas) replica.signal('SIGKILL');
      await Promise.all(replicas.map(({ exited }) => exited));
    },
  };
}

function createCounting() {
  let ended = 0;
  const waiting = new Map<number, () => void>();
  return {
    count(): void {
      ended += 1;
      waiting.get(ended)?.();
    },
    until: (count: number) => new Promise<void>((resolve) => waiting.set(ended + count, resolve)),
  };
}

async function withAdmin<T>(url: string, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

// Looks after each append that ends an execution. What a process ended and could not tell has ended before the first look, or is not the last.
async function untilAllEnded(url: string, replicas: readonly Replica[]): Promise<void> {
  await withAdmin(url, async (admin) => {
    for (;;) {
      const next = Promise.race(replicas.map((replica) => replica.hearsNext(isEnd)));
      const { rows } = await admin.query<{ left: boolean }>(
        'select exists (select from orchestrator.executions where completed_at is null) as left',
      );
      if (!rows[0]?.left) return;
      await next;
    }
  });
}

const isEnd: Parameters<Replica['hearsNext']>[0] = (told) => told.type === 'appended' && told.over.length > 0;

async function readJournals(url: string): Promise<Map<string, KeptRun>> {
  return await withAdmin(url, async (admin) => {
    const { rows } = await admin.query<{ id: string; status: string; seqs: number[]; payloads: string[] }>(
      `select x.id, x.status, array_agg(e.seq order by e.seq) as seqs, array_agg(e.payload order by e.seq) as payloads
       from orchestrator.executions x
       join orchestrator.execution_events e on e.tenant_id = x.tenant_id and e.execution_id = x.id
       group by x.id, x.status`,
    );
    return new Map(
      rows.map(({ id, status, seqs, payloads }) => [id, { status, journal: entries(seqs, payloads) }]),
    );
  });
}

// A row holds the events of one moment, the first of which has its number.
function entries(seqs: readonly number[], payloads: readonly string[]): JournalEntry[] {
  return payloads.flatMap((payload, row) =>
    (JSON.parse(payload) as JournalEvent[]).map((event, at) => ({
      seq: (seqs[row] ?? 0) + at,
      atMs: 0,
      event,
    })),
  );
}

function brokenRun(id: string, run: KeptRun | undefined, { documents }: World): string[] {
  if (!run) return [`${id} was accepted and is lost`];
  const seen = { row: undefined, journal: run.journal };
  const document = documents.of(id);
  const outputs = nodes.map((node) => document?.filled?.outputs[node]?.answer);
  const isRight = run.status === 'completed' && outputs.join() === nodes.join();
  return [
    ...(isRight ? [] : [`${id} is ${run.status} with ${outputs.join()}`]),
    ...brokenByJournal(id, seen),
    ...brokenByDocument(seen, document),
  ];
}
