// The process of the `domainflow` command: its streams, its signals and its end. Ctrl-C ends it with 130.
import { readFileSync } from 'node:fs';
import { readCliConfig } from './config.ts';
import { exitCodes } from './failure-text.ts';
import { runCommandLine } from './run.ts';

/** How long a command may take to end once it is interrupted, in milliseconds. */
const endMsMax = 1_000;

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    interrupted.abort();
    // What hears nothing of it, such as a wait for standard input, is not waited for.
    setTimeout(() => process.exit(exitCodes.interrupted), endMsMax).unref();
  });
}

const { stdin, stdout, stderr } = process;

// Whoever reads the output may have seen enough.
stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exitCodes.ok);
  throw error;
});

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const surroundings = { config: readCliConfig(), stdin, stdout, stderr, signal: interrupted.signal };
process.exitCode = await runCommandLine(surroundings, { args: process.argv.slice(2), version });
// A connection that is kept for a next request would keep the process alive for seconds; what was written goes out first.
stdout.write('', () => process.exit());
