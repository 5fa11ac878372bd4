// Workers in processes of their own, which are killed, and what they say that they have begun.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const program = join(import.meta.dirname, 'worker-process.ts');

/** An attempt that a worker was given. */
export interface BegunAttempt {
  readonly taskId: string;
  readonly attempt: number;
}

/** The workers. */
export interface WorkerCrew {
  /** Every attempt that any of them has begun, in order. */
  readonly begun: readonly BegunAttempt[];
  /** Starts one of this name. */
  start(name: string): void;
  /** Stops the one of this name where it stands, or lets it go on. */
  signal(name: string, signal: 'SIGSTOP' | 'SIGCONT'): void;
  /** Kills the one of this name; resolves when it is gone. */
  kill(name: string): Promise<void>;
  killAll(): Promise<void>;
}

/** What they work for, and how long a task takes them in milliseconds. */
export interface WorkerCrewOptions {
  readonly url: string;
  readonly token: string;
  readonly taskMs: number;
}

/** Nobody yet. */
export function createWorkerCrew({ url, token, taskMs }: WorkerCrewOptions): WorkerCrew {
  const begun: BegunAttempt[] = [];
  const running = new Map<string, ChildProcess>();
  const kill = async (name: string): Promise<void> => {
    const child = running.get(name);
    running.delete(name);
    if (!child || child.exitCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  return {
    begun,
    start(name) {
      const args = ['--no-warnings', program, url, token, name, String(taskMs)];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      createInterface({ input: child.stdout }).on('line', (line) => {
        const [taskId = '', attempt] = line.split(' ');
        begun.push({ taskId, attempt: Number(attempt) });
      });
      running.set(name, child);
    },
    signal: (name, signal) => void running.get(name)?.kill(signal),
    kill,
    killAll: async () => {
      await Promise.all([...running.keys()].map(kill));
    },
  };
}
