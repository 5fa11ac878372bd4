// Runs tests one after another against a deployment, and removes at the end what they made, whatever came of them.
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError } from '../../clients/api/api-error.ts';
import { createCallers } from './client.ts';
import { resultOf, type SuiteResult, type TestResult } from './result.ts';
import type { AcceptanceTest, Mode, TestContext, Tokens } from './suite.ts';

/** How long one test over HTTP may take, in milliseconds; two waits for a question fit in. */
const testMsMax = 180_000;
/** How long a test that was stopped may take to notice, in milliseconds: what it has begun to make is then removed too. */
const stopMsMax = 5_000;
/** How long all of the removal may take, in milliseconds. */
const cleanupMsMax = 60_000;

/** Where and what to run. */
export interface SuiteRun {
  readonly mode: Mode;
  readonly url: string;
  readonly tokens: Tokens;
  readonly hasDevIssuer: boolean;
  readonly tests: readonly AcceptanceTest[];
  /** How many tests the mode has, of which `tests` may be some. */
  readonly modeTotal: number;
  /** False leaves what the tests made. */
  readonly cleanup: boolean;
  /** Aborting it ends the test under way and skips the rest; what was made is removed all the same. */
  readonly signal: AbortSignal;
  readonly onTest?: (test: AcceptanceTest, result: TestResult, durationMs: number) => void;
  /** Told what could not be removed. */
  readonly onLeft?: (sentence: string) => void;
}

interface Undo {
  readonly what: string;
  readonly undo: () => Promise<unknown>;
}

/** Runs the tests in order. It does not reject: what goes wrong is in the result. */
export async function runSuite(run: SuiteRun): Promise<SuiteResult> {
  const undos: Undo[] = [];
  const cleaning = new AbortController();
  // The removal sends requests when the run is over, or was stopped: they end by the removal's time alone.
  const callers = createCallers(run.url, cleaning.signal);
  const context = contextOf(run, callers, undos);
  const results: TestResult[] = [];
  for (const test of run.tests) {
    const startedMs = performance.now();
    callers.takeLines();
    const result = run.signal.aborted
      ? ({ test: test.id, status: 'skipped' } as const)
      : await runTest(test, context, callers.takeLines);
    results.push(result);
    run.onTest?.(test, result, performance.now() - startedMs);
  }
  if (run.cleanup) {
    const limit = setTimeout(() => cleaning.abort(new Error('The removal took too long')), cleanupMsMax);
    await removeAll(undos, run.onLeft ?? (() => undefined));
    clearTimeout(limit);
  }
  return resultOf(results, run.modeTotal);
}

function contextOf(run: SuiteRun, callers: ReturnType<typeof createCallers>, undos: Undo[]): TestContext {
  const { mode, url, tokens, hasDevIssuer, signal } = run;
  const prefix = `acc_${randomBytes(4).toString('hex')}`;
  const made = new Map<string, Promise<unknown>>();
  let count = 0;
  return {
    ...{ mode, url, tokens, hasDevIssuer, prefix, signal },
    as: (name) => callers.client(tokens[name]),
    withCredential: (credential) => callers.client(credential),
    later: (what, undo) => void undos.push({ what, undo }),
    shared: <T>(name: string, make: () => Promise<T>): Promise<T> => {
      const promise = (made.get(name) as Promise<T> | undefined) ?? make();
      made.set(name, promise);
      return promise;
    },
    unique: (word) => {
      count += 1;
      return `${prefix}_${word}_${count}`;
    },
  };
}

async function runTest(
  test: AcceptanceTest,
  context: TestContext,
  takeLines: () => readonly string[],
): Promise<TestResult> {
  // The time of a test that runs the project's own tests is theirs to keep.
  const limitMs = test.files ? undefined : testMsMax;
  const ending = new AbortController();
  const signal = AbortSignal.any([context.signal, ending.signal]);
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  const sentence = `The test did not end within ${testMsMax / 1_000} s`;
  const limit = limitMs && setTimeout(() => ending.abort(new Error(sentence)), limitMs);
  const running = test.run({ ...context, signal });
  try {
    await Promise.race([running, ended]);
    return { test: test.id, status: 'passed' };
  } catch (error) {
    if (signal.aborted) await settled(running);
    if (context.signal.aborted) return { test: test.id, status: 'skipped' };
    const logs = error instanceof LoggedError ? error.logs : takeLines();
    return { test: test.id, status: 'failed', error: sentenceOf(error), logs };
  } finally {
    clearTimeout(limit);
    signal.removeEventListener('abort', onAbort);
  }
}

async function settled(running: Promise<void>): Promise<void> {
  const over = new AbortController();
  const limit = sleep(stopMsMax, undefined, { signal: over.signal }).catch(() => undefined);
  await Promise.race([running.catch(() => undefined), limit]);
  over.abort();
}

/** A failure that brings its own lines, instead of those of the requests. */
export class LoggedError extends Error {
  override readonly name = 'LoggedError';
  readonly logs: readonly string[];

  constructor(message: string, logs: readonly string[]) {
    super(message);
    this.logs = logs;
  }
}

function sentenceOf(error: unknown): string {
  if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error);
  const details = error.violations.map(({ field, reason }) => `${field} ${reason}`);
  return [`${error.status}: ${error.message}`, ...details].join('; ');
}

/** The last made goes first, since what came later may use it. What is gone already, as a test may have wanted, is no fault. */
async function removeAll(undos: readonly Undo[], onLeft: (sentence: string) => void): Promise<void> {
  for (const { what, undo } of undos.toReversed()) {
    await undo().catch((error: unknown) => {
      const isGone = error instanceof ApiError && error.status === 404;
      if (!isGone) onLeft(`${what} is left: ${sentenceOf(error)}`);
    });
  }
}
