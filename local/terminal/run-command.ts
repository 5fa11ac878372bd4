// The life of a command in a terminal: runs it, turns Ctrl-C into a request to stop, and ends the process with the command's exit code.
import { constants } from 'node:os';
import { describeStartProblem } from '../../foundation/process/start-problem.ts';

/** Signals within this time after the first are the same one: a terminal, npm and a script may each deliver Ctrl-C. */
export const sameSignalMs = 500;

/** A wrong use of a command; the sentence says what is wrong. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A command. */
export interface Command {
  /** What stands before `could not start` when it throws. */
  readonly name: string;
  /** Shown after the sentence of a UsageError. */
  readonly usage: string;
  /** Answers the exit code. It should return soon after the signal is aborted, with everything it opened closed. */
  run(signal: AbortSignal): Promise<number>;
}

/** Runs the command and ends the process: its exit code, 2 for a UsageError, 1 for any other error, 0 when a signal ended it. */
export async function runCommand({ name, usage, run }: Command): Promise<void> {
  const signal = signalToStop();
  try {
    process.exitCode = await run(signal);
  } catch (error) {
    if (error instanceof UsageError) process.stderr.write(`${error.message}\n\n${usage}\n`);
    else if (!isStop(signal, error)) process.stderr.write(`${describeStartProblem(name, error)}\n`);
    process.exitCode = error instanceof UsageError ? 2 : isStop(signal, error) ? 0 : 1;
  }
  process.exit();
}

// What was waiting when the signal came ends with the signal's own reason.
function isStop(signal: AbortSignal, error: unknown): boolean {
  if (!signal.aborted) return false;
  return error === signal.reason || (error instanceof Error && error.name === 'AbortError');
}

/** Aborted by the first SIGINT, SIGTERM or SIGHUP; a later one ends the process at once. */
function signalToStop(): AbortSignal {
  const stopping = new AbortController();
  let firstAtMs: number | undefined;
  const onSignal = (signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP'): void => {
    const nowMs = performance.now();
    firstAtMs ??= nowMs;
    if (nowMs - firstAtMs > sameSignalMs) process.exit(128 + constants.signals[signal]);
    stopping.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  process.on('SIGHUP', onSignal);
  return stopping.signal;
}

/** Resolves when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
