// Workers that pull tasks through gateway, orchestrator and PostgreSQL, each in a process of its own, while many other workers give signs of life: how
// many tasks are worked off, in which order, by whom, and how long giving and recording take. Rates are off. Linux only: CPU is read from /proc.
import { parseArgs } from 'node:util';
import pg from 'pg';
import { startWorkMesh } from '../test/workers-crash/work-mesh.ts';
import { quantile } from './measure.ts';
import { processCpuMs, readMeter } from './store-meter.ts';
import { createWorkClient, type GivenTask, inLanes, timed } from './work-client.ts';
import { readOrder, readTimes } from './work-record.ts';
import { beginSigns } from './work-signs.ts';

const { values } = parseArgs({
  options: {
    workers: { type: 'string', default: '1000' },
    'interval-s': { type: 'string', default: '10' },
    tasks: { type: 'string', default: '10000' },
    pulling: { type: 'string', default: '20' },
    places: { type: 'string', default: '5' },
    single: { type: 'string', default: '500' },
    profile: { type: 'string' },
  },
});
const [workerCount, tasks, pulling] = [Number(values.workers), Number(values.tasks), Number(values.pulling)];
const [places, single] = [Number(values.places), Number(values.single)];
const intervalS = Number(values['interval-s']);
const profiling = values.profile ? `--cpu-prof --cpu-prof-dir=${values.profile}` : '';
const settings = { NODE_OPTIONS: profiling, TRACE_SAMPLE_PERCENT: '0' };
const mesh = await startWorkMesh({ replicas: 1, durable: true, settings });
const client = createWorkClient(mesh.gatewayUrl, mesh.token, 64);
// Polls wait on connections of their own.
const polling = createWorkClient(mesh.gatewayUrl, mesh.token, pulling);
const database = new pg.Client({ connectionString: mesh.adminUrl });
await database.connect();
const ids: string[] = [];
await inLanes(workerCount, 16, async (at) => void ids.push(await register(at)));
const signs = beginSigns(client.post, ids, intervalS * 1_000);
const pullers = ids.slice(0, pulling);

tell('queueing', await during(tasks, () => inLanes(tasks, 20, (at) => create(1 + (at % 5)))));
// All are of one moment, so that no task is ahead for having waited.
await database.query(`update orchestrator.tasks set offered_at = clock_timestamp()`);
await database.query('vacuum analyze orchestrator.tasks');
signs.take();

const resultsMs: number[] = [];
const sentMs = new Map<number, number>();
const givenMs: number[] = [];
const claimsMs: number[] = [];
const shares = new Map(pullers.map((id) => [id, 0]));
let left = tasks;
tell('working off', await during(tasks, () => Promise.all(pullers.map((id) => pull(id, claimsMs)))));
tell('shares', { min: Math.min(...shares.values()), max: Math.max(...shares.values()) });
tell('claims', { p50Ms: quantile(claimsMs, 0.5), p99Ms: quantile(claimsMs, 0.99) });
tell('results', { p50Ms: quantile(resultsMs, 0.5), p99Ms: quantile(resultsMs, 0.99) });
tell('rows', await readTimes(database));
tell('order', await readOrder(database));

await database.query('delete from orchestrator.tasks');
resultsMs.length = 0;
left = single;
const waiting = Promise.all(pullers.map((id) => pull(id)));
await inLanes(single, 2, async (at) => {
  sentMs.set(at, performance.now());
  await create(3, at);
});
await waiting;
tell('one by one, from the creation to the claim', {
  ...{ p50Ms: quantile(givenMs, 0.5), p99Ms: quantile(givenMs, 0.99) },
});
tell('one by one, results', { p50Ms: quantile(resultsMs, 0.5), p99Ms: quantile(resultsMs, 0.99) });
tell('one by one, rows', await readTimes(database));
signs.stop();
await client.close();
await polling.close();
await database.end();
await mesh.close();

function tell(name: string, figures: object): void {
  process.stdout.write(`${JSON.stringify({ name, ...figures })}\n`);
}

async function register(at: number): Promise<string> {
  const named = { type: 'custom', name: `Worker ${at}`, protocol: 'pull', capabilities: ['all'] };
  const limits = { health_check_interval: intervalS, max_concurrent_tasks: places };
  const answer = await client.post('/agents/register', { ...named, ...limits });
  return (answer as { readonly agent_id: string }).agent_id;
}

async function create(priority: number, at?: number): Promise<void> {
  const named = { type: 'custom', name: 'A task', description: 'To be done', priority };
  await client.post('/tasks', { ...named, auto_dispatch: true, input_data: at === undefined ? {} : { at } });
}

interface Claimed extends GivenTask {
  readonly input_data: { readonly at?: number };
}

/** Takes and answers until nothing is left; what it took is answered at once, all together. */
async function pull(id: string, timesMs: number[] = []): Promise<void> {
  while (left > 0) {
    const asked = { max: places, wait_s: 1 };
    const claim = () => polling.post(`/agents/${id}/tasks/claim`, asked);
    const { tasks: given } = (await timed(timesMs, claim)) as { readonly tasks: readonly Claimed[] };
    for (const { input_data } of given) {
      const createdMs = sentMs.get(input_data.at ?? -1);
      if (createdMs !== undefined) givenMs.push(performance.now() - createdMs);
    }
    left -= given.length;
    shares.set(id, (shares.get(id) ?? 0) + given.length);
    await Promise.all(
      given.map(({ task_id, attempt }) =>
        timed(resultsMs, () =>
          client.post(`/tasks/${task_id}/attempts/${attempt}/result`, { output: { done: true } }),
        ),
      ),
    );
  }
}

async function readings() {
  const { processCpuMs: load, storeCpuMs: postgres } = await readMeter({
    kind: 'postgres',
    url: mesh.adminUrl,
  });
  const pid = mesh.replicas[0]?.pid() ?? 0;
  const [gateway, orchestrator] = await Promise.all([processCpuMs(mesh.gatewayPid), processCpuMs(pid)]);
  return { gateway, orchestrator, postgres, load };
}

/** Rate and CPU of some work on so many tasks, with the signs of life meanwhile. */
async function during(count: number, work: () => Promise<unknown>) {
  signs.take();
  const before = await readings();
  const startMs = performance.now();
  await work();
  const seconds = (performance.now() - startMs) / 1_000;
  const after = await readings();
  const cpu = (key: keyof typeof before): number => Number(((after[key] - before[key]) / count).toFixed(2));
  const cpuMs = {
    ...{ gateway: cpu('gateway'), orchestrator: cpu('orchestrator') },
    ...{ postgres: cpu('postgres'), load: cpu('load') },
  };
  return { perSecond: Math.round(count / seconds), seconds: Math.round(seconds), cpuMs, signs: signs.take() };
}
