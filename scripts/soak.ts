#!/usr/bin/env node
// Runs for long what `npm test` runs for a minute: the suites in which processes, databases and connections die, with larger numbers. Nothing
// else is run, and nothing is judged here: a suite passes or fails as ever, and the others run whatever one says. It takes some two hours on two
// cores, most of them for the histories.
//
// What it runs, and the numbers, each of which can be given in the environment:
//   test/simulation                        SIMULATION_SEEDS=1000000   histories of a simulated fleet
//   test/engine-crash                      CRASH_POINTS=all           every append of every scenario is a point to die at
//                                          SOAK_EXECUTIONS=1000       executions under way when a replica ends
//                                          SOAK_RESTARTS=20           ends of PostgreSQL under load
//                                          PARKED_RUNS=100000         runs that wait for a person beside an idle replica
//   test/reports-crash                     CRASH_POINTS=all           likewise for every write of the reports service
//   test/workers-crash                     WORKER_TASKS=10000         tasks while workers and replicas are killed
//   services/orchestrator/engine/watch     WATCH_DISCONNECTS=10000    times that a watcher loses its connection
//   test/injection                         INJECTION_TEXTS=all        texts that give orders, each in every way
//   test/fuzz                              FUZZ_REQUESTS=20000        requests that nobody would send
//   test/events                            STREAM_DISCONNECTS=10000   connections of event streams that are cut
import { join } from 'node:path';
import { openHandleMark, runSteps, type Step } from './check.ts';

const root = join(import.meta.dirname, '..');
const jest = ['--no-warnings', join(root, 'node_modules', 'jest', 'bin', 'jest.js'), '--verbose'];

/** The numbers by the name of their variable; what the environment says goes first. */
export const soakNumbers = {
  SIMULATION_SEEDS: '1000000',
  CRASH_POINTS: 'all',
  SOAK_EXECUTIONS: '1000',
  SOAK_RESTARTS: '20',
  PARKED_RUNS: '100000',
  WORKER_TASKS: '10000',
  WATCH_DISCONNECTS: '10000',
  INJECTION_TEXTS: 'all',
  FUZZ_REQUESTS: '20000',
  STREAM_DISCONNECTS: '10000',
} as const;

/** A folder of suites, and the numbers that these read. */
export interface SoakPart {
  readonly folder: string;
  readonly numbers: readonly (keyof typeof soakNumbers)[];
}

/** In the order in which they run. */
export const soakParts: readonly SoakPart[] = [
  { folder: 'test/simulation', numbers: ['SIMULATION_SEEDS'] },
  {
    folder: 'test/engine-crash',
    numbers: ['CRASH_POINTS', 'SOAK_EXECUTIONS', 'SOAK_RESTARTS', 'PARKED_RUNS'],
  },
  { folder: 'test/reports-crash', numbers: ['CRASH_POINTS'] },
  { folder: 'test/workers-crash', numbers: ['WORKER_TASKS'] },
  { folder: 'services/orchestrator/engine/watch', numbers: ['WATCH_DISCONNECTS'] },
  { folder: 'test/injection', numbers: ['INJECTION_TEXTS'] },
  { folder: 'test/fuzz', numbers: ['FUZZ_REQUESTS'] },
  { folder: 'test/events', numbers: ['STREAM_DISCONNECTS'] },
];

function stepOf({ folder }: SoakPart): Step {
  const args = [...jest, '--runInBand', `${folder}/`];
  const how = { showsProgress: true, failureMark: openHandleMark };
  return { name: folder, command: process.execPath, args, ...how };
}

async function main(): Promise<number> {
  const write = (text: string) => void process.stdout.write(text);
  for (const [name, number] of Object.entries(soakNumbers)) process.env[name] ??= number;
  const failed: string[] = [];
  for (const part of soakParts) {
    const numbers = part.numbers.map((name) => `${name}=${process.env[name]}`);
    write(`${part.folder} with ${numbers.join(' ')}\n`);
    failed.push(...(await runSteps([stepOf(part)], write)));
  }
  write(failed.length > 0 ? `failed: ${failed.join(', ')}\n` : 'nothing broke\n');
  return failed.length > 0 ? 1 : 0;
}

if (import.meta.main) process.exitCode = await main();
