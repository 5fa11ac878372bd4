// One service of the mesh as a process of its own: started, waited for, watched, and told to stop.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../../foundation/fault/fault.ts';
import { type StartMessage, startMessageOf } from '../../foundation/process/parent.ts';
import { checkoutDir } from '../checkout.ts';
import type { ServiceName } from './service-names.ts';

/** A service has this long to end after SIGTERM; then it is killed. */
export const stopTimeoutMs = 12_000;

/** A service to start. */
export interface ServiceProcessOptions {
  readonly name: ServiceName;
  /** All that the process sees of the environment, apart from PATH and where Node keeps compiled code. */
  readonly env: Readonly<Record<string, string>>;
  /** Gets `<name>.out` with what the process writes beside its log. */
  readonly logDir: string;
  /** Called with a sentence when the process ends without having been told to. */
  readonly onDeath: (sentence: string) => void;
  /** A folder with what an image holds, whose program is started; absent means the checkout's `main.ts`. */
  readonly imageDir?: string | undefined;
}

/** A service that serves. */
export interface StartedService {
  /** `host:port`. */
  readonly address: string;
  /** Ends it and resolves when it has ended. */
  close(): Promise<void>;
}

/** A service that serves, in a process of its own. */
export interface StartedProcess extends StartedService {
  readonly pid: number;
}

/** Starts the service and resolves when it serves. Throws with the service's own words when it cannot start. */
export async function startServiceProcess(options: ServiceProcessOptions): Promise<StartedProcess> {
  const { name, logDir, onDeath } = options;
  const child = launch(options);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let stopping = false;
  const message = await startMessage(child);
  if (message?.ready !== true) {
    child.kill('SIGKILL');
    await exited;
    const problem =
      message?.problem ?? `${name} ended before it could serve; see ${outputPath(logDir, name)}`;
    throw new Fault('unavailable', problem);
  }
  child.once('exit', (code, signal) => {
    const how = signal ? `by ${signal}` : `with exit code ${code}`;
    if (!stopping) onDeath(`The service ${name} has ended by itself (${how}); see ${join(logDir, name)}.log`);
  });
  return {
    address: String(message.address),
    pid: child.pid ?? 0, // a spawned process has an id
    close: async () => {
      stopping = true;
      child.kill('SIGTERM');
      const limit = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
      await exited;
      clearTimeout(limit);
    },
  };
}

function launch({ name, env, logDir, imageDir }: ServiceProcessOptions): ChildProcess {
  const house = name === 'gateway' ? 'gateway' : join('services', name);
  const [program, args] =
    imageDir === undefined
      ? [join(checkoutDir, house, 'main.ts'), []]
      : [join(imageDir, 'deploy', 'image', 'run.ts'), [name]];
  const output = openSync(outputPath(logDir, name), 'a', 0o600);
  const child = fork(program, args, {
    cwd: imageDir ?? checkoutDir,
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...env },
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', output, output, 'ipc'],
  });
  closeSync(output);
  return child;
}

/** What the child says about its start, or undefined when it ended without a word. */
async function startMessage(child: ChildProcess): Promise<StartMessage | undefined> {
  const ended = new AbortController();
  child.once('exit', () => ended.abort());
  try {
    for (;;) {
      const [message] = await once(child, 'message', { signal: ended.signal });
      const start = startMessageOf(message);
      if (start) return start;
    }
  } catch {
    return undefined;
  }
}

function outputPath(logDir: string, name: ServiceName): string {
  return join(logDir, `${name}.out`);
}
