// The `domainflow` command as a person or a script would run it, with a home of its own: in this process, which is quick, or in one of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCliConfig } from '../../clients/cli/config.ts';
import { runCommandLine } from '../../clients/cli/run.ts';
import { checkoutDir } from '../../local/checkout.ts';

/** A command that has ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command under way in a process of its own. */
export interface UnderWay {
  /** Resolves once standard output has it; rejects when the command ends before. */
  sees(text: string): Promise<void>;
  readonly ended: Promise<Ended>;
  kill(signal: NodeJS.Signals): void;
}

/** A person's place to run commands from. */
export interface CommandPlace {
  readonly home: string;
  /** `columns` makes its standard output a terminal of that width. */
  run(args: readonly string[], input?: string, columns?: number): Promise<Ended>;
  /** The JSON of a command that must end well. */
  json<T>(args: readonly string[], input?: string): Promise<T>;
  /** Starts a process, by the launcher or by the command itself. */
  start(args: readonly string[], by?: 'launcher' | 'command'): UnderWay;
  close(): Promise<void>;
}

/** A place with an empty home and this environment. */
export async function createCommandPlace(given: Readonly<Record<string, string>>): Promise<CommandPlace> {
  const home = await mkdtemp(join(tmpdir(), 'domainflow-home-'));
  const env = {
    PATH: process.env.PATH,
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
    XDG_CONFIG_HOME: home,
    NO_COLOR: '1',
    ...given,
  };
  const run: CommandPlace['run'] = async (args, input = '', columns) => {
    const [stdout, stderr] = [textScreen(columns), textScreen()];
    const stdin = (async function* () {
      yield Buffer.from(input);
    })();
    const { signal } = new AbortController();
    const surroundings = { config: readCliConfig(env, 'linux'), stdin, stdout, stderr, signal };
    const code = await runCommandLine(surroundings, { args, version: '0' });
    return { code, stdout: stdout.text(), stderr: stderr.text() };
  };
  return {
    home,
    run,
    async json(args, input) {
      const { code, stdout, stderr } = await run(['--json', ...args], input);
      if (code === 0) return JSON.parse(stdout);
      throw new Error(`domainflow ${args.join(' ')} ended with ${code}:\n${stderr}`);
    },
    start(args, by = 'command') {
      const file = by === 'launcher' ? ['scripts', 'domainflow.mjs'] : ['clients', 'cli', 'main.ts'];
      const line = ['--no-warnings', join(checkoutDir, ...file), ...args];
      return underWay(spawn(process.execPath, line, { cwd: home, env, stdio: ['ignore', 'pipe', 'pipe'] }));
    },
    close: () => rm(home, { recursive: true, force: true }),
  };
}

function textScreen(columns?: number) {
  let text = '';
  const write = (piece: string | Uint8Array): void => {
    text += Buffer.from(piece).toString();
  };
  return { ...(columns === undefined ? {} : { isTTY: true, columns, rows: 50 }), write, text: () => text };
}

function underWay(child: ChildProcess): UnderWay {
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (piece: string) => {
      texts[name] += piece;
      child.emit('output');
    });
  }
  const ended = once(child, 'close').then(([code]): Ended => ({ code, ...texts }));
  return {
    ended,
    kill: (signal) => void child.kill(signal),
    sees: (wanted) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (texts.stdout.includes(wanted)) resolve();
        };
        child.on('output', look);
        ended.then(() => reject(new Error(`It ended without ${wanted}:\n${texts.stdout}\n${texts.stderr}`)));
        look();
      }),
  };
}
