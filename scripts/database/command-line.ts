// The life of a command that administers databases: its exit code is 0 or 1, its answer is on standard output and what is wrong on standard error.
import { UsageError } from '../../local/terminal/run-command.ts';
import { failureSentence } from './failure-sentence.ts';

/** A command. */
export interface DatabaseCommand {
  /** Shown with `--help`, and after the sentence of a UsageError. */
  readonly usage: string;
  /** Answers the exit code. */
  run(args: readonly string[]): Promise<number>;
}

/** Runs the command and ends the process, also when something that it opened is still open. */
export async function runDatabaseCommand({ usage, run }: DatabaseCommand): Promise<void> {
  const args = process.argv.slice(2);
  let exitCode = 0;
  try {
    if (args.includes('--help')) process.stdout.write(`${usage}\n`);
    else exitCode = await run(args);
  } catch (error) {
    const told = error instanceof UsageError ? `${error.message}\n\n${usage}` : failureSentence(error);
    process.stderr.write(`${told}\n`);
    exitCode = 1;
  }
  process.exit(exitCode);
}

/** Prints a value as JSON, indented for people. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}
