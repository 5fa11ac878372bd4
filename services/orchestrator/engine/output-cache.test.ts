// Outputs that runs share, through a real engine and a real database.
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '../../../foundation/ids/ids.ts';
import { startTestDatabases, type TestDatabases } from '../../../local/databases/test-databases.ts';
import { AgentRuntime } from '../../../proto/gen/domainflow/registry/v1/agent_pb.js';
import type { ExecutionRecord } from '../core/execution-record.ts';
import { recordJob } from '../core/job-input.ts';
import { cacheStats } from '../core/log-entry.ts';
import { type JournalWatch, watchJournal } from '../store/journal-watch.for-test.ts';
import { createPostgresCacheStore } from '../store/postgres-cache-store.ts';
import { openTestPool, openTestStores, type TestStores } from '../store/stores.for-test.ts';
import {
  answered,
  beginTestEngine,
  faulted,
  type TestEngine,
  type TestEngineOptions,
} from './engine.for-test.ts';
import {
  openTestCache,
  sharingRecord,
  type TestAgents,
  type TestCache,
  type TestCacheOptions,
  testFingerprint,
} from './output-cache.for-test.ts';

const one = { only: [] };
const builtin = AgentRuntime.BUILTIN;
const model = AgentRuntime.MODEL;

let databases: TestDatabases;
let stores: TestStores;
let watch: JournalWatch;
const engines: TestEngine[] = [];
beforeAll(async () => {
  databases = await startTestDatabases();
  stores = await openTestStores(databases, 'output_cache');
  watch = await watchJournal(stores.urls.admin);
}, 30_000);
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close();
  await stores.admin.query('truncate orchestrator.output_cache');
});
afterAll(async () => {
  await watch.close();
  await stores.close();
  await databases.stop();
});

interface Process extends TestEngine, TestCache {
  /** Runs it to its end; answers the log. */
  run(record: ExecutionRecord): Promise<ReturnType<typeof logOf>>;
}

/** An engine with a cache of its own. */
async function begin(options: TestEngineOptions & TestCacheOptions = {}): Promise<Process> {
  const cache = openTestCache(createPostgresCacheStore(stores.enginePool), options);
  const engine = await beginTestEngine(stores.urls, { ...options, cache: cache.cache });
  engines.push(engine);
  const run = async (record: ExecutionRecord) => {
    await engine.start(record);
    await watch.seen(record, 'ended');
    return logOf(engine, record);
  };
  return { ...engine, ...cache, run };
}

function logOf({ applied }: TestEngine, { id }: ExecutionRecord) {
  return applied.find(({ execution }) => execution.id === id)?.state.log ?? [];
}

const outputs = async () =>
  (
    await stores.admin.query<{ execution_id: string; answer: string | null; left_s: number }>(
      `select execution_id, answer, extract(epoch from expires_at - clock_timestamp())::float8 as left_s
       from orchestrator.output_cache order by execution_id`,
    )
  ).rows;
const expireAll = () =>
  stores.admin.query('update orchestrator.output_cache set expires_at = clock_timestamp()');

/** Two runs that differ as told. */
function twice(
  first: TestAgents,
  second: TestAgents = first,
  changes: Partial<ExecutionRecord> = {},
): [ExecutionRecord, ExecutionRecord] {
  const tenantId = randomUUID();
  return [sharingRecord(one, first, { tenantId }), sharingRecord(one, second, { tenantId, ...changes })];
}

describe('an output of an earlier run', () => {
  it('stands in for an attempt, and the log says from which run it came', async () => {
    const { run, invoked, count } = await begin();
    const tenantId = randomUUID();
    const graph = { first: [], second: ['first'] };
    const [earlier, later] = [sharingRecord(graph, {}, { tenantId }), sharingRecord(graph, {}, { tenantId })];
    const computed = await run(earlier);
    const reused = await run(later);
    expect(invoked).toEqual([`${earlier.id} first`, `${earlier.id} second`]);
    expect(computed.map(({ status }) => status)).toEqual(['success', 'success']);
    const cache = { source: 'cross_run', fromExecutionId: earlier.id };
    expect(reused).toMatchObject([
      {
        status: 'cached',
        output: { answer: 'first' },
        executionTimeMs: 0,
        attempt: 0,
        confidence: 0.8,
        cache,
      },
      { status: 'cached', output: { answer: 'second' }, runtime: 'builtin', cache },
    ]);
    expect(cacheStats(computed, 2)).toEqual({ cachedAgents: 0, executedAgents: 2, totalAgents: 2 });
    expect(cacheStats(reused, 2)).toEqual({ cachedAgents: 2, executedAgents: 0, totalAgents: 2 });
    expect([await count('looks_total', 'hit'), await count('looks_total', 'miss')]).toEqual([2, 2]);
  });

  it('is found by another process, and comes from the run that computed it', async () => {
    const tenantId = randomUUID();
    const runs = [1, 2, 3].map(() => sharingRecord(one, {}, { tenantId }));
    const [first, second] = [await begin(), await begin({ replicaName: 'replica-1' })];
    const logs = [];
    for (const [at, record] of runs.entries()) logs.push(await (at === 0 ? first : second).run(record));
    const cache = { source: 'cross_run', fromExecutionId: runs[0]?.id };
    expect(logs.flat()).toMatchObject([{ status: 'success' }, { cache }, { cache }]);
  });

  it('does so until it expires', async () => {
    const { run, invoked } = await begin();
    const tenantId = randomUUID();
    const [first, second, third] = [1, 2, 3].map(() => sharingRecord(one, {}, { tenantId }));
    if (!first || !second || !third) throw new Error('three runs');
    await run(first);
    await expireAll();
    await run(second);
    const log = await run(third);
    expect(invoked).toEqual([`${first.id} only`, `${second.id} only`]);
    expect(log).toMatchObject([{ cache: { fromExecutionId: second.id } }]);
  });

  it.each<[string, TestAgents['settings'], number | undefined]>([
    ['an hour for a builtin agent', { runtime: builtin }, 3_600],
    ['as long as the agent says', { runtime: builtin, cacheTtlS: 86_400 }, 86_400],
    ['as long as the agent says, also for a model', { runtime: model, cacheTtlS: 7_200 }, 7_200],
    ['not at all when the agent says 0', { runtime: builtin, cacheTtlS: 0 }, undefined],
    ['not at all for a model that says nothing', { runtime: model }, undefined],
  ])('is kept %s', async (_name, settings, expectedS) => {
    const { run, invoked } = await begin();
    const [first, second] = twice({ settings });
    await run(first);
    const kept = (await outputs()).map(({ left_s }) => Math.ceil(left_s / 600) * 600);
    expect(kept).toEqual(expectedS === undefined ? [] : [expectedS]);
    await run(second);
    expect(invoked).toHaveLength(expectedS === undefined ? 2 : 1);
  });

  it.each<[string, [ExecutionRecord, ExecutionRecord]]>([
    ['the agent has another version', twice({}, { version: 2 })],
    ['the prompt is another', twice({}, { systemPrompt: 'Answer!' })],
    ['the agent has another tool', twice({}, { tools: ['web_search'] })],
    ['another model answers', twice({}, { settings: { runtime: builtin, model: 'other' } })],
    ['the run is of another kind', twice({}, {}, { kind: 'management' })],
    ['another text is reported', twice({}, {}, { input: jobWith('A flood') })],
    ['another tenant asks', twice({}, {}, { tenantId: randomUUID() })],
  ])('does not serve when %s', async (_name, [first, second]) => {
    const { run, invoked } = await begin();
    const again = { ...first, id: sharingRecord(one).id };
    await run(first);
    await run(second);
    expect(invoked).toEqual([`${first.id} only`, `${second.id} only`]);
    expect(await run(again)).toMatchObject([{ status: 'cached' }]);
  });

  it('serves an agent that reads reports as long as nothing has changed in the domain', async () => {
    let revision: string | undefined = '7';
    const { run, invoked, count } = await begin({ readRevision: async () => revision });
    const tenantId = randomUUID();
    const tools = ['aggregation_api'];
    const statuses = [];
    for (const told of ['7', '7', '8', undefined, '8']) {
      revision = told;
      const log = await run(sharingRecord(one, { tools }, { tenantId }));
      statuses.push(log[0]?.status);
    }
    expect(statuses).toEqual(['success', 'cached', 'success', 'success', 'cached']);
    expect(invoked).toHaveLength(3);
    expect(await count('looks_total', 'unkeyed')).toBe(1);
    expect(await outputs()).toHaveLength(2);
  });

  it('serves the platform’s agents as long as the settings of the tenant are the same, which the attempt is told', async () => {
    let settings: string | undefined = 'a';
    const told: string[] = [];
    const { run } = await begin({
      readSettings: async () => settings,
      invoke: async ({ settingsRevision }) => {
        told.push(settingsRevision);
        return answered('fine');
      },
    });
    const [first, second] = twice({});
    const again = () => ({ ...second, id: newId() });
    const statuses: unknown[] = [(await run(first))[0]?.status, (await run(second))[0]?.status];
    for (settings of ['b', undefined, 'b']) statuses.push((await run(again()))[0]?.status);
    expect(statuses).toEqual(['success', 'cached', 'success', 'success', 'cached']);
    expect(told).toEqual(['a', 'b', '']);
  });

  it('serves agents that are a model’s whatever the settings are', async () => {
    let settings = 'a';
    const { run, invoked } = await begin({ readSettings: async () => settings });
    const [first, second] = twice({ settings: { runtime: model, cacheTtlS: 60 } });
    await run(first);
    settings = 'b';
    expect(await run(second)).toMatchObject([{ status: 'cached' }]);
    expect(invoked).toHaveLength(1);
  });

  it('serves no agent that runs on something else by now, and what was computed meanwhile is not kept', async () => {
    let [described, ran] = ['f1', 'f1'];
    const { run, invoked } = await begin({
      describe: async () => ({ runtime: 'builtin', fingerprint: described }),
      invoke: async ({ tellFingerprint }) => {
        expect(tellFingerprint).toBe(true);
        return { ...answered('fine'), fingerprint: ran };
      },
    });
    const [first, second] = twice({});
    const status = async (record: ExecutionRecord) => (await run(record))[0]?.status;
    const again = () => status({ ...second, id: newId() });
    expect([await status(first), await again()]).toEqual(['success', 'cached']);
    [described, ran] = ['f2', 'f2']; // as after a grant, a change of a tool, or another default model
    expect([await again(), await again()]).toEqual(['success', 'cached']);
    [described, ran] = ['f3', 'f4']; // it changed once more between the look and the attempt
    expect([await again(), await again()]).toEqual(['success', 'success']);
    ran = ''; // an attempt that cannot tell on what it ran
    expect([await again(), await again()]).toEqual(['success', 'success']);
    expect(invoked).toHaveLength(6);
  });

  it('of an agent of the platform is not kept where the deployment runs these on a model, unless the agent says so', async () => {
    let runtime: 'builtin' | 'model' = 'model';
    const describe = async () => ({ runtime, fingerprint: testFingerprint });
    const { run, invoked, count } = await begin({ describe });
    const [first, second] = twice({});
    await run(first);
    expect(await run(second)).toMatchObject([{ status: 'success' }]);
    expect([await outputs(), await count('looks_total', 'unkeyed')]).toEqual([[], 2]);
    runtime = 'builtin';
    const statuses = [];
    for (let runs = 0; runs < 2; runs += 1) statuses.push((await run({ ...second, id: newId() }))[0]?.status);
    expect(statuses).toEqual(['success', 'cached']);
    runtime = 'model';
    expect(await run({ ...second, id: newId() })).toMatchObject([{ status: 'success' }]);
    const [own, ownAgain] = twice({ settings: { runtime: builtin, cacheTtlS: 60 } });
    await run(own);
    expect(await run(ownAgain)).toMatchObject([{ status: 'cached' }]);
    expect(invoked).toHaveLength(5);
  });

  it('is not looked for while nobody can say on what the agent would run', async () => {
    const { run, invoked } = await begin({ describe: async () => undefined });
    const [first, second] = twice({});
    await run(first);
    expect(await run(second)).toMatchObject([{ status: 'success' }]);
    expect([invoked.length, await outputs()]).toEqual([2, []]);
  });

  it('is not used by a re-run, which runs what it is asked to run and leaves a newer output', async () => {
    const { run, invoked } = await begin();
    const [first, repeated] = twice({});
    const again = { ...repeated, rerunOf: first.id };
    await run(first);
    expect(await run(again)).toMatchObject([{ status: 'success' }]);
    expect(invoked).toHaveLength(2);
    expect(await outputs()).toMatchObject([{ execution_id: again.id }]);
  });

  it('is none when the attempt failed', async () => {
    let fails = true;
    const invoke = async () =>
      fails ? faulted({ code: 'output_invalid', message: 'Not JSON' }) : answered('fine');
    const { run, invoked, count } = await begin({ invoke });
    const [first, second] = twice({});
    await run(first);
    expect([await outputs(), await count('computing')]).toEqual([[], 0]);
    fails = false;
    expect(await run(second)).toMatchObject([{ status: 'success' }]);
    expect(invoked).toHaveLength(2);
  });
});

function jobWith(text: string) {
  return recordJob({ text, domain_id: 'city', source: 'web', reference_time: '2026-03-01T12:00:00.000Z' });
}

describe('a database that does not answer', () => {
  it('keeps no run from computing, be it slow or away', async () => {
    const closed = openTestPool(stores.urls.engine);
    await closed.close();
    const away = openTestCache(createPostgresCacheStore(closed));
    const { run, invoked } = await begin({ lookMs: 50 });
    const engine = await beginTestEngine(stores.urls, { replicaName: 'replica-1', cache: away.cache });
    engines.push(engine);
    const settings = { runtime: model, cacheTtlS: 60 };
    const [slowly, failing] = twice({ settings });
    await stores.admin.query('begin');
    await stores.admin.query('lock table orchestrator.output_cache in access exclusive mode');
    const ran = run(slowly);
    await watch.seen(slowly, 'task_started');
    await stores.admin.query('commit');
    await ran;
    await engine.start(failing);
    await watch.seen(failing, 'ended');
    expect(invoked).toHaveLength(1);
    expect(engine.invoked).toHaveLength(1);
    expect(await away.count('computing')).toBe(0);
  });
});
