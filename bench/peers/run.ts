// Measures engines for graphs of tasks beside each other, one after another: each point in a process of its own on an empty store. Prints
// a line of JSON for each, and appends it to `--json`. `--only dbos,restate`, `--workloads`, `--in-flight 1,20`, `--seconds`, `--quick` and
// `--recovery` choose what; `--database-url` names a PostgreSQL of this machine to use instead of one that is started.
import { appendFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startLocalDatabases } from '../../local/databases/databases.ts';
import { startOrdered } from '../process-order.ts';
import { type WorkloadName, workloadNames } from '../workloads.ts';
import { engines, type ListedEngine, quietEnvironment } from './engines.ts';
import { createDatabase, type StartedStore } from './fresh-store.ts';
import { measureRecovery } from './recovery.ts';
import { startRestate } from './restate-server.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(engines).join(',') },
    workloads: { type: 'string', default: 'chain-3,diamond,chain-40,fan-100,uneven-diamond' },
    'in-flight': { type: 'string', default: '1,20,50,200' },
    seconds: { type: 'string', default: '5' },
    quick: { type: 'boolean', default: false },
    recovery: { type: 'boolean', default: false },
    json: { type: 'string' },
    'database-url': { type: 'string' },
    'pages-mb': { type: 'string', default: '256' },
  },
});
/** One that hangs is ended and reported as failed. */
const pointMsMax = 300_000;

const listed = chosen(values.only, Object.keys(engines), '--only');
const workloads = chosen(values.workloads, workloadNames, '--workloads');
const widths = values['in-flight'].split(',').map((width) => positive(width, '--in-flight'));
const seconds = values.quick ? 1 : positive(values.seconds, '--seconds');
const databases = values['database-url']
  ? undefined
  : await startLocalDatabases({ durable: true, pagesMb: positive(values['pages-mb'], '--pages-mb') });
const adminUrl = values['database-url'] ?? databases?.adminUrl ?? '';
let storesMade = 0;
let failed = 0;

try {
  for (const name of listed) {
    const engine = engines[name];
    if (!engine) continue;
    if (values.recovery)
      await printed({ engine: name, recovery: true }, engine, (module, started) =>
        measureRecovery(module, started),
      );
    else await measurePoints(name, engine);
  }
} finally {
  await databases?.stop();
}
process.exit(failed > 0 ? 1 : 0);

async function measurePoints(name: string, engine: ListedEngine): Promise<void> {
  for (const workload of workloads)
    for (const inFlight of widths)
      await printed({ engine: name, workload, inFlight }, engine, (module, started) =>
        measureOne({ module, started, workload, inFlight }),
      );
}

interface OnePoint {
  readonly module: string;
  readonly started: StartedStore;
  readonly workload: WorkloadName;
  readonly inFlight: number;
}

async function measureOne({ module, started, workload, inFlight }: OnePoint): Promise<object> {
  const order = { kind: 'point', module, store: started.store, workload, inFlight, seconds } as const;
  const child = startOrdered(order, quietEnvironment);
  try {
    const { point, branch } = await child.told('measured', pointMsMax);
    return branch?.ms ? { ...point, fastBranchMs: branch.ms, fastTasksMs: branch.tasksMs } : point;
  } finally {
    await child.kill();
  }
}

/** Prints what was measured on an empty store, or why it failed. */
async function printed(
  label: object,
  engine: ListedEngine,
  measure: (module: string, started: StartedStore) => Promise<object>,
): Promise<void> {
  const started = await freshStore(engine);
  let line: object;
  try {
    line = { ...label, ...(await measure(new URL(engine.module, import.meta.url).href, started)) };
  } catch (error) {
    failed += 1;
    line = { ...label, failed: error instanceof Error ? error.message : String(error) };
  } finally {
    await started.remove();
  }
  const text = `${JSON.stringify(line)}\n`;
  process.stdout.write(text);
  if (values.json) appendFileSync(values.json, text);
}

async function freshStore({ store }: ListedEngine): Promise<StartedStore> {
  storesMade += 1;
  return store === 'restate'
    ? startRestate()
    : createDatabase(adminUrl, `bench_peer_${process.pid}_${storesMade}`);
}

function chosen<Name extends string>(list: string, known: readonly Name[], option: string): readonly Name[] {
  return list.split(',').map((name) => {
    const found = known.find((each) => each === name);
    if (!found) throw new Error(`${option} knows ${known.join(', ')}, not "${name}"`);
    return found;
  });
}

function positive(text: string, option: string): number {
  const number = Number(text);
  if (!(number > 0)) throw new Error(`${option} takes numbers above 0, not "${text}"`);
  return number;
}
