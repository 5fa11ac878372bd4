// Jest over this runtime: what a test file does wrong is still told, and told of that file alone.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '..', '..');
const program = join(root, 'node_modules', 'jest', 'bin', 'jest.js');

interface Told {
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly title: string; readonly status: string }[];
  }[];
}

/** Runs the test files of this folder that are none of the product's, one after another in one process. */
function runFiles(): Promise<Told> {
  const files = ['--testMatch', '**/test/runtime/*.for-test.ts', '--runInBand', '--json'];
  return new Promise((resolve) => {
    execFile(process.execPath, ['--no-warnings', program, ...files], { cwd: root }, (_, stdout) =>
      resolve(JSON.parse(stdout)),
    );
  });
}

it('tells each fault of a test file, and no other file suffers from it', async () => {
  const told = await runFiles();
  const of = (name: string) => told.testResults.find((file) => file.name.endsWith(`/${name}.for-test.ts`));
  const statuses = of('faults')?.assertionResults.map(({ title, status }) => [title, status]);
  expect(Object.fromEntries(statuses ?? [])).toEqual({
    passes: 'passed',
    hangs: 'failed',
    'finds something else': 'failed',
    'asserts nothing': 'failed',
    'leaves a rejection to nobody': 'failed',
    'keeps its tests from passing': 'failed',
  });
  expect(of('next')?.assertionResults).toMatchObject([{ title: 'has the usual limit', status: 'passed' }]);
  expect(of('unreadable')?.message).toContain('it cannot be read');
  expect(told.numRuntimeErrorTestSuites).toBe(1);
});
