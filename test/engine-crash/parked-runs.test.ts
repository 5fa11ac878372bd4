// Very many runs that wait for a person, and a replica beside them: it holds nothing of them and its looks read nothing of them, and whichever of
// them is wanted is gone on with. How long that takes, and what the replica uses meanwhile, is said and not judged.

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestDatabases, type TestDatabases } from '../../local/databases/test-databases.ts';
import { pause } from '../../local/pause.for-test.ts';
import { newRecord } from '../../services/orchestrator/core/execution-record.for-test.ts';
import type { ExecutionRecord } from '../../services/orchestrator/core/execution-record.ts';
import { answered, beginTestEngine } from '../../services/orchestrator/engine/engine.for-test.ts';
import { approvalPlan } from '../../services/orchestrator/engine/pinned-plan.for-test.ts';
import { pinPlan } from '../../services/orchestrator/engine/pinned-plan.ts';
import { openTestStores, type TestStores } from '../../services/orchestrator/store/stores.for-test.ts';
import { createAgents } from './agents.for-test.ts';
import { createDocuments } from './documents.for-test.ts';
import { type Replica, startReplica } from './replica-process.for-test.ts';
import type { Usage } from './replica-usage.for-test.ts';

/** How many runs wait: `PARKED_RUNS` for many. */
const parkedCount = Number(process.env.PARKED_RUNS ?? 300);
/** Signs of life, and so about as many looks, of an idle replica while it is watched. */
const beats = process.env.PARKED_RUNS === undefined ? 4 : 30;
/** What an idle replica may read in one look, in rows, and may keep in memory for all that wait, in bytes. */
const rowsPerLookMax = 20;
const heapBytesMax = 8 * 1024 * 1024;
/** Runs that are woken at the same time. */
const wokenMax = 500;
const testMsMax = 120_000 + parkedCount * 10;

const plan = pinPlan(approvalPlan(7 * 86_400));
const tenants = Array.from({ length: 50 }, () => randomUUID());
const lanes = 32;
const limits = { perTenantMax: 1_000_000, heldMax: 1_000, invocationsMax: 1_000 };

let databases: TestDatabases;
let stores: TestStores;
const replicas: Replica[] = [];
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'parked_runs');
}, 60_000);
afterAll(async () => {
  for (const replica of replicas) replica.signal('SIGKILL');
  await Promise.all(replicas.map(({ exited }) => exited));
  await stores?.close();
  await databases?.stop();
}, 60_000);

async function beginReplica(name: string): Promise<Replica> {
  const agents = createAgents(async ({ nodeId }) => answered(nodeId));
  const world = { agents, documents: createDocuments(), lookUp: () => ({}), untimely: [] };
  const replica = startReplica({ urls: stores.urls, name, limits }, world);
  replicas.push(replica);
  await replica.begin();
  return replica;
}

async function one<Row>(text: string): Promise<Row> {
  const { rows } = await stores.admin.query(text);
  return rows[0] as Row;
}

/** What all sessions have read, as the server counts it: rows of the tables, and blocks of the database. */
const read = () =>
  one<{ rows: number; blocks: number }>(
    `select (select sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::float8 from pg_stat_all_tables where schemaname = 'orchestrator') as rows,
       (select (blks_hit + blks_read)::float8 from pg_stat_database where datname = current_database()) as blocks`,
  );

const isWaiting = 'owner_id is null and not queued and completed_at is null';

/** Resolves once so many wait, and none of them is to be woken by now. */
async function untilParked(count: number): Promise<void> {
  const parked = `select count(*)::int as count from orchestrator.executions where ${isWaiting} and wake_at > clock_timestamp()`;
  while ((await one<{ count: number }>(parked)).count !== count) await pause();
  await one('select pg_stat_force_next_flush()'); // or these looks are counted as somebody else's, later
}

/** Brings runs to where they wait for a person, and says how long it took. */
async function park(count: number): Promise<ExecutionRecord> {
  const startedMs = performance.now();
  const engine = await beginTestEngine(stores.urls, { replicaName: 'parking', limits });
  const newRun = (at: number) =>
    newRecord({ plan, kind: 'workflow', tenantId: tenants[at % tenants.length] ?? randomUUID() });
  let begun = 1;
  const lane = async (): Promise<void> => {
    while (begun < count) {
      begun += 1;
      await engine.start(newRun(begun));
    }
  };
  const first = newRun(0);
  await engine.start(first);
  await Promise.all(Array.from({ length: lanes }, lane));
  await untilParked(begun);
  await engine.close();
  say(`${begun} runs were brought to wait in ${secondsSince(startedMs)} s`);
  return first;
}

interface Idling extends Usage {
  readonly rowsPerLook: number;
}

/** Watches a replica that has nothing to do. */
async function idle(replica: Replica, what: string): Promise<Idling> {
  const beaten = async (): Promise<void> => {
    for (let beat = 0; beat < beats; beat += 1) await replica.hearsNext(({ type }) => type === 'beaten');
  };
  await beaten(); // what it read at its start is counted by then
  const [before, readBefore, startedMs] = [await replica.usage(), await read(), performance.now()];
  await beaten();
  const [after, readAfter, tookMs] = [await replica.usage(), await read(), performance.now() - startedMs];
  const rowsPerLook = (readAfter.rows - readBefore.rows) / beats;
  const share = (100 * (after.cpuMs - before.cpuMs)) / tookMs;
  const blocksPerLook = (readAfter.blocks - readBefore.blocks) / beats;
  say(
    `an idle replica beside ${what}: ${share.toFixed(1)} % of a core, ${megabytes(after.heapBytes)} MB of heap, ` +
      `${megabytes(after.rssBytes)} MB in all; each look reads ${rowsPerLook.toFixed(1)} rows, ${blocksPerLook.toFixed(0)} blocks`,
  );
  return { ...after, rowsPerLook };
}

const say = (text: string): boolean => process.stdout.write(`${text}\n`);
const secondsSince = (startedMs: number): string => ((performance.now() - startedMs) / 1_000).toFixed(2);
const megabytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1);

describe('runs that wait for a person', () => {
  it(
    'cost their rows and nothing else, and go on when they are wanted',
    async () => {
      const alone = await beginReplica('alone');
      const beside = await idle(alone, 'none');
      alone.signal('SIGTERM');
      await alone.exited;
      const first = await park(parkedCount);

      const replica = await beginReplica('idle');
      const { heapBytes, rowsPerLook } = await idle(replica, `${parkedCount} runs that wait`);
      expect(rowsPerLook).toBeLessThan(rowsPerLookMax);
      expect(heapBytes - beside.heapBytes).toBeLessThan(heapBytesMax);
      const claimed = await one<{ count: number }>(
        `select count(*)::int as count from orchestrator.executions where ${isWaiting} is not true or epoch > 1`,
      );
      expect(claimed.count).toBe(0);

      const wokenMs = performance.now();
      const woken = await stores.admin.query(
        `update orchestrator.executions set wake_at = clock_timestamp()
         where id in (select id from orchestrator.executions order by id desc limit ${wokenMax})`,
      );
      await untilParked(parkedCount);
      say(
        `${woken.rowCount} that are woken have been looked at and wait again in ${secondsSince(wokenMs)} s`,
      );

      const decidedMs = performance.now();
      await decide(first);
      const ended = replica.hears((told) => told.type === 'appended' && told.over.includes(first.id));
      replica.deliver(first);
      await ended;
      say(`one that is decided has ended in ${secondsSince(decidedMs)} s`);
    },
    testMsMax,
  );
});

/** Stores an approval, as the replica that was asked does first. */
async function decide({ tenantId, id }: ExecutionRecord): Promise<void> {
  const command = { type: 'decide_approval', by: randomUUID(), nodeId: 'ask', approved: true, comment: '' };
  await stores.admin.query(
    'insert into orchestrator.commands (tenant_id, execution_id, id, command) values ($1, $2, $3, $4)',
    [tenantId, id, randomUUID(), JSON.stringify(command)],
  );
}
