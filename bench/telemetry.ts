// What telemetry costs the engine: executions in a second without any, with what a process without a collector does (measurements, ids of traces),
// and with 10 % and all of the traces sent, errors of the others being kept; by turns on one database. Prints a line of JSON for each turn and one
// with the ratios to the turn without in the same round, the middle of all rounds: of executions in a second, and of the process's CPU for each.
// `--rounds 3`, `--seconds 3`, `--in-flight 50`; `--mesh` performs the tasks in the agents service, another process, which tells its spans too.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { startLocalDatabases } from '../local/databases/databases.ts';
import type { Turn, TurnAsked } from './telemetry-turn.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '3' },
    'in-flight': { type: 'string', default: '50' },
    mesh: { type: 'boolean', default: false },
  },
});
const pagesMb = 256;

const kinds = { off: 'off', 'no collector': 'no collector', '10 %': 0.1, '100 %': 1 } as const;
type Mode = keyof typeof kinds;
const modes = Object.keys(kinds) as Mode[];

async function turn(mode: Mode, where: Pick<TurnAsked, 'databaseUrl' | 'endpoint'>): Promise<Turn> {
  const [inFlight, seconds] = [Number(values['in-flight']), Number(values.seconds)];
  const child = fork(new URL('./telemetry-turn.ts', import.meta.url), { execArgv: process.execArgv });
  child.send({
    ...where,
    inFlight,
    seconds,
    overMesh: values.mesh,
    telemetry: kinds[mode],
  } satisfies TurnAsked);
  const [[found]] = await Promise.all([once(child, 'message'), once(child, 'exit')]);
  process.stdout.write(`${JSON.stringify({ telemetry: mode, workload: 'diamond', inFlight, ...found })}\n`);
  return found;
}

function middle(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

const sink = fork(new URL('./span-sink.ts', import.meta.url), { execArgv: process.execArgv });
const [{ url: endpoint }] = await once(sink, 'message');
const databases = await startLocalDatabases({ durable: true, pagesMb });
const where = { databaseUrl: databases.adminUrl, endpoint };
const turns = new Map<Mode, Turn[]>(modes.map((mode) => [mode, []]));
try {
  for (let round = 0; round < Number(values.rounds); round += 1)
    for (const mode of modes) turns.get(mode)?.push(await turn(mode, where));
  sink.send('bytes');
  const [{ bytes }] = await once(sink, 'message');
  const ratiosOf = (figure: keyof Turn) => {
    const of = (mode: Mode): number[] => (turns.get(mode) ?? []).map((one) => one[figure]);
    const without = of('off');
    const ratio = (mode: Mode): number => middle(of(mode).map((one, at) => one / (without[at] ?? one)));
    return Object.fromEntries(modes.map((mode) => [mode, Number(ratio(mode).toFixed(3))]));
  };
  const ratios = { perSecond: ratiosOf('perSecond'), cpuUs: ratiosOf('cpuUs') };
  process.stdout.write(`${JSON.stringify({ ratios, bytesOfSpans: bytes })}\n`);
} finally {
  await databases.stop();
  sink.disconnect();
}
