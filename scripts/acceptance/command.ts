// The suite as a command: reads its options, runs the chosen tests, tells and writes what came of them. Where the deployment comes from when none is
// named is up to whoever makes the command.
import { writeFile } from 'node:fs/promises';
import { type Command, UsageError } from '../../local/terminal/run-command.ts';
import { categories } from './catalogue.ts';
import { junitOf } from './junit.ts';
import { listOf } from './list.ts';
import { chosenTests, type Options, readOptions, testsOf, usage } from './options.ts';
import { createReport } from './report.ts';
import type { SuiteResult } from './result.ts';
import { runSuite } from './runner.ts';
import type { AcceptanceTest } from './suite.ts';
import { completeTokens } from './tokens.ts';

/** A mesh of the suite's own, which keeps nothing. */
export interface RunMesh {
  readonly url: string;
  /** Ends it and removes all that it left. */
  close(): Promise<void>;
}

/** Starts a mesh; `onStep` is told in a few words what is being done. */
export type StartMesh = (signal: AbortSignal, onStep: (step: string) => void) => Promise<RunMesh>;

/** EX_USAGE of sysexits.h. */
const usageExitCode = 64;

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function warn(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** The command; without a way to start a mesh it wants `--url`. */
export function acceptanceCommand(startMesh?: StartMesh): Command {
  return { name: 'The suite', usage, run: (signal) => run(signal, startMesh) };
}

async function run(signal: AbortSignal, startMesh: StartMesh | undefined): Promise<number> {
  try {
    const options = readOptions(process.argv.slice(2), process.env, process.stdout.isTTY === true);
    if (options === 'help') {
      say(usage);
      return 0;
    }
    const tests = chosenTests(categories, options);
    if (options.list) {
      say(listOf(categories, tests));
      return 0;
    }
    const { url } = options;
    if (url !== undefined) return await measure(options, tests, { signal, url, issuer: options.issuer });
    if (startMesh === undefined)
      throw new UsageError('--url is missing: nothing is here that could be started');
    const mesh = await startMesh(signal, say);
    try {
      return await measure(options, tests, { signal, url: mesh.url, issuer: mesh.url });
    } finally {
      await mesh.close();
    }
  } catch (error) {
    if (signal.aborted) {
      warn('The run was stopped before it had a result.');
      return 1;
    }
    if (!(error instanceof UsageError)) throw error;
    warn(`${error.message}\n\n${usage}`);
    return usageExitCode;
  }
}

interface Place {
  readonly url: string;
  readonly issuer: string | undefined;
  readonly signal: AbortSignal;
}

async function measure(options: Options, tests: readonly AcceptanceTest[], place: Place): Promise<number> {
  const { result, durationsS } = await measureAt(options, tests, place);
  const { json, junit } = options;
  if (json !== undefined) await writeFile(json, `${JSON.stringify(result, undefined, 2)}\n`);
  if (junit !== undefined) await writeFile(junit, junitOf(result, categories, durationsS));
  return result.passed === result.total ? 0 : 1;
}

async function measureAt(
  { mode, cleanup, colours, tokens: given }: Options,
  tests: readonly AcceptanceTest[],
  { url, issuer, signal }: Place,
): Promise<{ readonly result: SuiteResult; readonly durationsS: ReadonlyMap<string, number> }> {
  const tokens = await completeTokens(given, issuer);
  const report = createReport({ colours });
  const durationsS = new Map<string, number>();
  const modeTotal = testsOf(categories, mode).length;
  say(`${tests.length} tests of the mode ${mode} at ${url}`);
  const result = await runSuite({
    ...{ mode, url, tokens, tests, modeTotal, cleanup, signal },
    hasDevIssuer: issuer !== undefined,
    onTest: (test, outcome, durationMs) => {
      durationsS.set(test.id, durationMs / 1_000);
      say(report.line(test, outcome, durationMs));
    },
    onLeft: warn,
  });
  say(report.summary(result, tests, modeTotal));
  return { result, durationsS };
}
