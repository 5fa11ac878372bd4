// Runs one command line and answers the status that it ends with. It neither ends the process nor listens to it.
import { CommanderError } from 'commander';
import type { Surroundings } from './cli.ts';
import { endingOf, exitCodes } from './failure-text.ts';
import { createProgram } from './program.ts';
import { Failed } from './usage-error.ts';

/** A command line. */
export interface CommandLine {
  /** Without the names of Node and of the command. */
  readonly args: readonly string[];
  /** Version of the package. */
  readonly version: string;
}

/** The status: 0 for all well, 1 for refused or failed, 2 for wrongly used, 130 for interrupted. What went wrong is on standard error. */
export async function runCommandLine(
  surroundings: Surroundings,
  { args, version }: CommandLine,
): Promise<number> {
  try {
    await createProgram(surroundings, version).parseAsync(args, { from: 'user' });
    return exitCodes.ok;
  } catch (error) {
    if (surroundings.signal.aborted) return exitCodes.interrupted;
    if (error instanceof Failed) return exitCodes.failed;
    // What it found wrong, or was asked to show, it has written itself.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    const { exitCode, lines } = endingOf(error);
    surroundings.stderr.write(lines.map((line) => `${line}\n`).join(''));
    return exitCode;
  }
}
