// One process with one engine on a real database, for a parent that kills it. It begins when it is told to, starts what it is given, dies where
// it is told, and hands back what it holds on SIGTERM. Agents and documents are the parent's.
// Argument: `ReplicaOptions` as JSON.
import { flushCompileCache } from 'node:module';
import { ProxyTracerProvider } from '@opentelemetry/api';
import { systemClock } from '../../foundation/clock.ts';
import { asFault } from '../../foundation/fault/fault.ts';
import { createPostgres, type Postgres } from '../../foundation/postgres/pool.ts';
import { createClosing } from '../../foundation/process/closing.ts';
import { createLog } from '../../foundation/telemetry/log.ts';
import type { ExecutionRecord } from '../../services/orchestrator/core/execution-record.ts';
import { createEngine } from '../../services/orchestrator/engine/engine.ts';
import { createFeed } from '../../services/orchestrator/engine/feed.ts';
import { createOpenPlan } from '../../services/orchestrator/engine/pinned-plan.ts';
import {
  enginePoolSize,
  journalPoolSize,
  ownerPoolSize,
} from '../../services/orchestrator/store/engine-connections.ts';
import { createPostgresEngineStore } from '../../services/orchestrator/store/postgres-engine-store.ts';
import { createPostgresExecutionStore } from '../../services/orchestrator/store/postgres-execution-store.ts';
import {
  createPostgresJournalStore,
  journalSessionSettings,
} from '../../services/orchestrator/store/postgres-journal-store.ts';
import { createPostgresOwnerStore } from '../../services/orchestrator/store/postgres-owner-store.ts';
import { crashingOwners, crashingStore, createCrashSites } from './crash-sites.for-test.ts';
import { createRemoteWork } from './remote-work.for-test.ts';
import type { FromReplica, ReplicaOptions, ToReplica } from './replica-messages.for-test.ts';
import { usageNow } from './replica-usage.for-test.ts';

const deliverMsMax = 5_000;

const { urls, name, limits } = JSON.parse(process.argv[2] ?? '') as ReplicaOptions;
const log = createLog({ service: name, level: 'silent' });
const closing = createClosing(log);
const closingPools = createClosing(log);
const sites = createCrashSites((signal) => process.kill(process.pid, signal));
const work = createRemoteWork(tell);
const engine = build();

// A parent that is gone hears nothing.
function tell(told: FromReplica): void {
  if (process.connected) process.send?.(told, undefined, undefined, () => undefined);
}

function open(url: string, sizeMax: number, sessionSettings?: Readonly<Record<string, string>>): Postgres {
  const options = { url, applicationName: name, sizeMax, acquireTimeoutMs: 5_000, sessionSettings };
  const pool = createPostgres({ ...options, onError: () => undefined });
  closingPools.add('pool', () => pool.close());
  return pool;
}

function build() {
  const journal = createPostgresJournalStore(open(urls.engine, journalPoolSize, journalSessionSettings));
  const { document, changedDocument, invoke, cache } = work;
  return createEngine({
    documents: { ingest: document, query: document, management: changedDocument },
    invoke,
    cache,
    feed: createFeed(),
    executions: createPostgresExecutionStore(open(urls.app, 3)),
    store: crashingStore(createPostgresEngineStore(open(urls.engine, enginePoolSize), journal), sites, tell),
    owners: crashingOwners(createPostgresOwnerStore(open(urls.engine, ownerPoolSize)), sites, tell),
    nudge: async () => undefined,
    openPlan: createOpenPlan(),
    replicaName: name,
    limits,
    clock: systemClock,
    tracer: new ProxyTracerProvider().getTracer('test'),
    log,
    closing,
  });
}

async function start(call: number, record: ExecutionRecord): Promise<void> {
  try {
    await engine.start(record);
    tell({ type: 'started', call });
  } catch (error) {
    const { reason, retryAfterMs } = asFault(error);
    tell({ type: 'started', call, fault: { reason, retryAfterMs } });
  }
}

async function begin(): Promise<void> {
  await engine.begin('127.0.0.1:1');
  tell({ type: 'begun' });
}

async function end(): Promise<void> {
  await closing.close();
  await closingPools.close();
  process.disconnect();
}

process.on('message', (told: ToReplica) => {
  switch (told.type) {
    case 'begin':
      sites.arm(told.point);
      return void begin();
    case 'point':
      return sites.arm(told.point);
    case 'start':
      return void start(told.call, told.record);
    case 'deliver':
      return void engine.deliver(told.key, deliverMsMax).catch(() => undefined);
    case 'usage':
      return tell({ type: 'usage', ...usageNow() });
    case 'answer':
      return work.answered(told.call, told.answer);
    case 'note':
      return work.noted(told.call, told.note);
  }
});
flushCompileCache(); // a process that is killed writes nothing on its way out
process.once('SIGTERM', () => void end());
// Without a parent there is nothing left to do.
process.once('disconnect', () => process.exit());
