// The life of a process: start, say ready, wait for a reason to stop, close in reverse order, exit. Each `main.ts` is a call of it.
import { constants } from 'node:os';
import { createLog, type Log } from '../telemetry/log.ts';
import { type Closing, createClosing } from './closing.ts';
import { hasParent, onParentGone, type ReadyInfo, tellParent } from './parent.ts';
import { describeStartProblem, startExitCode } from './start-problem.ts';

/** A start that was told to stop has this long to notice before closing begins without it. */
export const startStopTimeoutMs = 5_000;
/** Signals within this time after the first are the same one: a terminal, npm and a script may each deliver Ctrl-C. */
export const sameSignalMs = 500;

/** What a start is given. */
export interface ProcessContext {
  /** Register here how to close each thing right after it is opened. */
  readonly closing: Closing;
  /** Aborted when the process begins to stop, even during the start. */
  readonly signal: AbortSignal;
  /** Makes the service's own log the one that this process reports to; until then it is standard error. */
  useLog(log: Log): void;
}

/** A process to run. */
export interface ProcessOptions {
  /** The service's short name, for messages. */
  readonly name: string;
  /** Opens everything and resolves when the service can serve; the answer goes to the parent, if there is one. */
  start(context: ProcessContext): Promise<ReadyInfo | undefined>;
}

/**
 * Starts, and ends the process itself: exit code 0 after a clean close (SIGTERM, SIGINT, SIGHUP, parent gone), 78 for wrong
 * configuration, 1 for any other failed start, an uncaught error or a failed close. A second signal exits at once with 128 + its
 * number. Under a parent, SIGINT is ignored: the terminal sent it to the parent too, and the parent says when to stop.
 */
export function runProcess(options: ProcessOptions): void {
  let log = createLog({ service: options.name, level: 'info', destination: 'stderr' });
  const closing = createClosing({
    debug: (fields, sentence) => log.debug(fields, sentence),
    error: (fields, sentence) => log.error(fields, sentence),
  });
  const stopping = new AbortController();
  let exitCode = 0;
  let started: Promise<void> = Promise.resolve();

  const close = async (): Promise<void> => {
    await settledWithin(started, startStopTimeoutMs);
    const failures = await closing.close();
    process.exit(failures.length > 0 ? exitCode || 1 : exitCode);
  };
  const stop = (why: string, code: number): void => {
    exitCode ||= code;
    if (stopping.signal.aborted) return;
    log.info({ why }, 'Stopping');
    stopping.abort();
    void close();
  };
  const failStart = async (error: unknown): Promise<void> => {
    if (stopping.signal.aborted) return;
    const problem = describeStartProblem(options.name, error);
    process.stderr.write(`${problem}\n`);
    await tellParent({ ready: false, problem });
    stop('start failed', startExitCode(error));
  };

  stopOnSignals(stop);
  stopOnBugs(stop, (error) => log.fatal({ err: error }, 'Uncaught error'));
  onParentGone(() => stop('parent gone', 0));
  const useLog = (own: Log): void => {
    log = own;
  };
  started = begin(options, { closing, signal: stopping.signal, useLog }, failStart);
}

async function begin(
  options: ProcessOptions,
  context: ProcessContext,
  failStart: (error: unknown) => Promise<void>,
): Promise<void> {
  try {
    const info = await options.start(context);
    if (!context.signal.aborted) await tellParent({ ...info, ready: true });
  } catch (error) {
    // Not awaited: closing waits for the start, and the start has ended.
    void failStart(error);
  }
}

function stopOnSignals(stop: (why: string, code: number) => void): void {
  let firstAtMs: number | undefined;
  const onSignal = (signal: 'SIGTERM' | 'SIGINT' | 'SIGHUP'): void => {
    if (signal === 'SIGINT' && hasParent()) return;
    const nowMs = performance.now();
    firstAtMs ??= nowMs;
    if (nowMs - firstAtMs > sameSignalMs) process.exit(128 + constants.signals[signal]);
    stop(signal, 0);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  process.on('SIGHUP', onSignal);
}

function stopOnBugs(stop: (why: string, code: number) => void, report: (error: unknown) => void): void {
  const onBug = (error: unknown): void => {
    report(error);
    stop('uncaught error', 1);
  };
  process.on('uncaughtException', onBug);
  process.on('unhandledRejection', onBug);
}

async function settledWithin(work: Promise<void>, timeoutMs: number): Promise<void> {
  const { promise: expired, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, timeoutMs);
  await Promise.race([work, expired]);
  clearTimeout(timer);
}
