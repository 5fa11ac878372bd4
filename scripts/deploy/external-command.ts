// The one door to programs that are not ours, such as docker, helm and kubectl: started without a shell, bounded in time and output.
import { type ChildProcess, spawn } from 'node:child_process';

/** The most characters of each stream that are kept: its end. */
const outputLengthMax = 4_000_000;

/** How a program ended. */
export interface CommandOutcome {
  /** Undefined when it could not be started, or was ended by a signal. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a command may be given. */
export interface CommandOptions {
  /** Milliseconds [60,000]. */
  readonly timeoutMs?: number;
  /** Written to its standard input. */
  readonly input?: string;
  /** Seen beside what every program sees. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs programs by name. */
export interface Commands {
  /** Answers whatever its exit code is; a program that is not there has no code and says so in `stderr`. */
  run(program: string, args: readonly string[], options?: CommandOptions): Promise<CommandOutcome>;
  /** Starts one that stays; whoever starts it ends it. */
  start(program: string, args: readonly string[], env?: CommandOptions['env']): ChildProcess;
}

/** What programs see of this process and when they end. */
export interface CommandSurroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Aborting it ends what runs. */
  readonly signal: AbortSignal;
}

/** The programs that PATH names. */
export function createCommands({ env, cwd, signal }: CommandSurroundings): Commands {
  const start: Commands['start'] = (program, args, more) =>
    spawn(program, [...args], { env: { ...env, ...more }, cwd, stdio: ['pipe', 'pipe', 'pipe'] });
  return {
    start,
    run: async (program, args, { timeoutMs = 60_000, input = '', env: more } = {}) => {
      signal.throwIfAborted();
      const child = start(program, args, more);
      let [stdout, stderr] = ['', ''];
      child.stdout?.setEncoding('utf8').on('data', (text: string) => {
        stdout = (stdout + text).slice(-outputLengthMax);
      });
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        stderr = (stderr + text).slice(-outputLengthMax);
      });
      child.stdin?.on('error', () => undefined); // it may end without reading
      child.stdin?.end(input);
      const end = (): void => void child.kill('SIGTERM');
      const limit = setTimeout(() => {
        stderr += `\n${program} did not end within ${timeoutMs / 1_000} s`;
        end();
      }, timeoutMs);
      signal.addEventListener('abort', end, { once: true });
      const { promise, resolve } = Promise.withResolvers<number | undefined>();
      child.once('close', (code) => resolve(code ?? undefined));
      child.once('error', (error) => {
        stderr += `${program} could not be started (${Object(error).code})`;
        resolve(undefined);
      });
      const code = await promise;
      clearTimeout(limit);
      signal.removeEventListener('abort', end);
      signal.throwIfAborted();
      return { code, stdout, stderr };
    },
  };
}

/** The lines of a text without empty ones; the last `count`. */
export function lastLines(text: string, count: number): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .slice(-count);
}
