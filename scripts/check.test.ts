// The runner of the checks: every step runs, failures are shown in full and counted, a step that never ends is ended.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readTestCount, runSteps, type Step } from './check.ts';

function script(name: string, code: string, more: Partial<Step> = {}): Step {
  return { name, command: process.execPath, args: ['-e', code], ...more };
}

async function run(steps: readonly Step[]) {
  let written = '';
  const failed = await runSteps(steps, (text) => {
    written += text;
  });
  return {
    failed,
    lines: written
      .replace(/[\d.]+ s/g, 'N s')
      .trimEnd()
      .split('\n'),
  };
}

describe('runSteps', () => {
  it('runs the steps after a failed one, and shows the output of the failed one alone', async () => {
    const { failed, lines } = await run([
      script('first', "console.log('fine')"),
      script('second', "console.log('out'); console.error('err'); process.exitCode = 3"),
      script('third', ''),
    ]);
    expect(failed).toEqual(['second']);
    expect(lines.slice(1, 3).sort()).toEqual(['err', 'out']);
    expect(lines.map((line) => line.replace(/\s+/g, ' ')).filter((line) => line.includes(' s '))).toEqual([
      'first N s ok',
      'second N s failed',
      'third N s ok',
    ]);
    expect(lines).toHaveLength(5);
  });

  it('shows progress once, also when the step fails', async () => {
    const { lines } = await run([
      script('a', "console.log('half way'); process.exitCode = 1", { showsProgress: true }),
    ]);
    expect(lines.filter((line) => line === 'half way')).toHaveLength(1);
  });

  it('ends a step that says it will not end by itself', async () => {
    const waits = "console.log('Did not exit'); setInterval(() => {}, 1000)";
    const { failed } = await run([script('a', waits, { failureMark: 'Did not exit' })]);
    expect(failed).toEqual(['a']);
  });

  it('takes death by a signal for a failure', async () => {
    const { failed } = await run([script('a', "process.kill(process.pid, 'SIGKILL')")]);
    expect(failed).toEqual(['a']);
  });

  it('refuses a command that does not exist', async () => {
    await expect(run([{ name: 'a', command: join(tmpdir(), 'no-such-command'), args: [] }])).rejects.toThrow(
      'ENOENT',
    );
  });
});

describe('readTestCount', () => {
  it('counts a suite that could not be loaded as a failed test', () => {
    const folder = mkdtempSync(join(tmpdir(), 'domainflow-check-test-'));
    const file = join(folder, 'jest.json');
    writeFileSync(
      file,
      JSON.stringify({ numPassedTests: 7, numFailedTests: 2, numRuntimeErrorTestSuites: 1 }),
    );
    expect(readTestCount(file)).toEqual({ passed: 7, failed: 3 });
    rmSync(folder, { recursive: true });
  });

  it('knows no count when there is no result', () => {
    expect(readTestCount(join(tmpdir(), 'no-such-result.json'))).toBeUndefined();
  });
});
