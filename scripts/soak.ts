#!/usr/bin/env node
// Runs for long what `npm test` runs for a minute: the suites in which processes, databases and connections die, with larger numbers. Nothing
// else is run, and nothing is judged here: a suite passes or fails as ever. It takes about half an hour on two cores.
//
// What it runs, and the numbers, each of which can be given in the environment:
//   test/simulation                        SIMULATION_SEEDS=1000000   histories of a simulated fleet
//   test/engine-crash                      CRASH_POINTS=all           every append of every scenario is a point to die at
//                                          SOAK_EXECUTIONS=1000       executions under way when a replica ends
//                                          SOAK_RESTARTS=20           ends of PostgreSQL under load
//   test/reports-crash                     CRASH_POINTS=all           likewise for every write of the reports service
//   services/orchestrator/engine/watch     WATCH_DISCONNECTS=5000     times that a watcher loses its connection
import { join } from 'node:path';
import { runSteps, type Step } from './check.ts';

const root = join(import.meta.dirname, '..');
const jest = [
  ...['--no-warnings', '--experimental-vm-modules'],
  ...[join(root, 'node_modules', 'jest', 'bin', 'jest.js'), '--verbose'],
];

/** The numbers by the name of their variable; what the environment says goes first. */
export const soakNumbers: Readonly<Record<string, string>> = {
  SIMULATION_SEEDS: '1000000',
  CRASH_POINTS: 'all',
  SOAK_EXECUTIONS: '1000',
  SOAK_RESTARTS: '20',
  WATCH_DISCONNECTS: '5000',
};

/** Folders of suites in which numbers are read, in the order in which they run. */
export const soakedFolders = [
  'test/simulation',
  'test/engine-crash',
  'test/reports-crash',
  'services/orchestrator/engine/watch',
] as const;

function stepOf(folder: string): Step {
  const args = [...jest, '--runInBand', `${folder}/`];
  return { name: folder, command: process.execPath, args, showsProgress: true };
}

async function main(): Promise<number> {
  const write = (text: string) => void process.stdout.write(text);
  for (const [name, number] of Object.entries(soakNumbers)) {
    process.env[name] ??= number;
    write(`${name}=${process.env[name]}\n`);
  }
  const failed = await runSteps(soakedFolders.map(stepOf), write);
  write(failed.length > 0 ? `failed: ${failed.join(', ')}\n` : 'nothing broke\n');
  return failed.length > 0 ? 1 : 0;
}

if (import.meta.main) process.exitCode = await main();
