// Rows of the specification that need the inside of the system are proved in a checkout by the project's own tests: their files run in a process
// of their own, and the row is what they say.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { linesMax } from './client.ts';
import { provenBy } from './proven-by-tests.ts';
import { LoggedError } from './runner.ts';
import type { AcceptanceTest } from './suite.ts';

const root = join(import.meta.dirname, '..', '..');
const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
/** How long a process that was told to end may take, in milliseconds. */
const stopMsMax = 5_000;

/** The row as a test that runs the files which `provenBy` names for it. */
export function provenInCheckout(id: string, title: string, weight?: 'critical'): AcceptanceTest {
  const files = provenBy[id] ?? [];
  if (files.length === 0) throw new RangeError(`No test file proves ${id}`);
  return {
    id,
    title,
    isCritical: weight === 'critical',
    files,
    run: ({ signal }) => runFiles(files, signal),
  };
}

async function runFiles(files: readonly string[], signal: AbortSignal): Promise<void> {
  if (!existsSync(jest))
    throw new Error('This row is proved in a checkout only, with all packages installed');
  // Paths from the root, so that a name proves one file and not all that end alike.
  const paths = files.map((file) => join(root, file));
  const { code, lines } = await runJest(['--runTestsByPath', ...paths], signal);
  signal.throwIfAborted();
  if (code === 0) return;
  const failed = lines.filter((line) => /^\s*(FAIL|●) /.test(line)).slice(0, 5);
  throw new LoggedError(
    failed.map((line) => line.trim()).join('; ') || `jest ended with ${code}`,
    lines.slice(-linesMax),
  );
}

async function runJest(
  args: readonly string[],
  signal: AbortSignal,
): Promise<{ readonly code: number | null; readonly lines: readonly string[] }> {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child = spawn(process.execPath, ['--no-warnings', jest, '--maxWorkers=2', ...args], {
    cwd: root,
    env: { ...env, NO_COLOR: '1', FORCE_COLOR: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  const stop = (): void => {
    child.kill('SIGINT');
    setTimeout(() => child.kill('SIGKILL'), stopMsMax).unref();
  };
  signal.addEventListener('abort', stop, { once: true });
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.once('error', reject).once('close', resolve);
  try {
    const code = await promise;
    return { code, lines: stripVTControlCharacters(output).trimEnd().split('\n') };
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
