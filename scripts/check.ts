#!/usr/bin/env node
// Runs what CI checks, one step after another: the static steps all run, whatever the others said; with `--all` every
// jest suite follows, if they passed. It installs nothing.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const binaries = join(root, 'node_modules', '.bin');
// One more than CI has cores: many suites wait for other processes, and for clocks of databases.
const jest = ['--no-warnings', join(root, 'node_modules', 'jest', 'bin', 'jest.js'), '--maxWorkers=3'];

/** What jest prints when all tests are done and something keeps the process alive: an open handle is a defect. */
export const openHandleMark = 'Jest did not exit';

/** One command of the check. `showsProgress` prints its output as it comes; else it is printed only if it fails. */
export interface Step {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly showsProgress?: boolean;
  /** When the output contains this text, the step has failed and is ended. */
  readonly failureMark?: string;
}

/** How many tests passed and failed; a suite that could not be loaded counts as one failed test. */
export interface TestCount {
  readonly passed: number;
  readonly failed: number;
}

const staticSteps: readonly Step[] = [
  {
    name: 'generated code',
    command: process.execPath,
    args: [join(root, 'scripts', 'generate.ts'), '--check'],
  },
  { name: 'buf lint', command: join(binaries, 'buf'), args: ['lint'] },
  {
    name: 'format and lint',
    command: join(binaries, 'biome'),
    args: ['ci', '--colors=off', '--max-diagnostics=none', '.'],
  },
  { name: 'types', command: join(binaries, 'tsc'), args: ['--noEmit', '--pretty', 'false'] },
  {
    name: 'released API',
    command: process.execPath,
    args: ['--no-warnings', join(root, 'scripts', 'release-api.ts'), '--check'],
  },
  { name: 'tidy', command: process.execPath, args: [...jest, 'test/tidy.test.ts'] },
];

/** Runs every step in order and writes a line for each. The answer: the names of those that failed. */
export async function runSteps(
  steps: readonly Step[],
  write: (text: string) => void,
): Promise<readonly string[]> {
  const failed: string[] = [];
  for (const step of steps) {
    const startedMs = performance.now();
    const { ok, output } = await run(step, step.showsProgress ? write : () => {});
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
    if (!ok) failed.push(step.name);
    if (!ok && !step.showsProgress) write(`${output.trimEnd()}\n`);
    write(`${step.name.padEnd(16)} ${seconds.padStart(6)} s  ${ok ? 'ok' : 'failed'}\n`);
  }
  return failed;
}

/** Reads the file that jest writes with `--json`; undefined when jest ended before it could write it. */
export function readTestCount(resultFile: string): TestCount | undefined {
  if (!existsSync(resultFile)) return undefined;
  const result = JSON.parse(readFileSync(resultFile, 'utf8'));
  return { passed: result.numPassedTests, failed: result.numFailedTests + result.numRuntimeErrorTestSuites };
}

function run(step: Step, show: (text: string) => void): Promise<{ ok: boolean; output: string }> {
  const env = { ...process.env, PATH: `${binaries}${delimiter}${process.env.PATH ?? ''}` };
  return new Promise((resolve, reject) => {
    const child = spawn(step.command, step.args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let isMarked = false;
    const take = (text: string) => {
      output += text;
      show(text);
      if (isMarked || step.failureMark === undefined || !output.includes(step.failureMark)) return;
      isMarked = true;
      child.kill();
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    child.on('error', reject);
    child.on('close', (code) => resolve({ ok: code === 0 && !isMarked, output }));
  });
}

/** Every suite, with jest's own progress; then the count as the last line of a complete run. */
async function runJest(write: (text: string) => void): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'domainflow-check-'));
  try {
    const resultFile = join(folder, 'jest.json');
    const args = [...jest, '--json', `--outputFile=${resultFile}`];
    const step: Step = {
      name: 'jest',
      command: process.execPath,
      args,
      showsProgress: true,
      failureMark: openHandleMark,
    };
    const failed = await runSteps([step], write);
    const count = readTestCount(resultFile);
    // A run that left a handle open has no failed test and has failed all the same.
    const failedTests = Math.max(count?.failed ?? 0, failed.length);
    write(count ? `${count.passed} passed, ${failedTests} failed\n` : 'jest ended without a result\n');
    return failed.length === 0 && count !== undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main(): Promise<number> {
  const write = (text: string) => void process.stdout.write(text);
  const failed = await runSteps(staticSteps, write);
  const runsAll = process.argv.includes('--all');
  if (failed.length > 0) write(`failed: ${failed.join(', ')}${runsAll ? '; jest was not run' : ''}\n`);
  if (failed.length > 0) return 1;
  return !runsAll || (await runJest(write)) ? 0 : 1;
}

if (import.meta.main) process.exitCode = await main();
