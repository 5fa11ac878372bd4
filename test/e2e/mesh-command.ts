// Runs `local/start.ts` as a person would, in a process group of its own, and looks at the processes that it leaves.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { checkoutDir } from '../../local/checkout.ts';

/** A mesh command under way. */
export interface MeshCommand {
  readonly pid: number;
  /** What it has written so far, to both streams. */
  output(): string;
  /** Resolves with the match once the output has it; rejects when the command ends before. */
  sees(pattern: RegExp): Promise<RegExpExecArray>;
  /** Resolves with the exit code when it has ended; null when a signal ended it. */
  readonly exited: Promise<number | null>;
  /** Sends a signal to the whole process group; one that is gone is no fault. */
  signalGroup(signal: NodeJS.Signals): void;
}

/** What a command is started with. */
export interface MeshCommandOptions {
  /** File below `local/`. */
  readonly file: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts the command. Its PORT is a free one unless `env` says otherwise. */
export function startMeshCommand({ file, args = [], env = {} }: MeshCommandOptions): MeshCommand {
  const child: ChildProcess = spawn(process.execPath, [join(checkoutDir, 'local', file), ...args], {
    cwd: checkoutDir,
    detached: true,
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
      child.emit('output');
    });
  const exited = once(child, 'close').then(([code]): number | null => code);
  const sees = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const match = pattern.exec(text);
        if (match) resolve(match);
      };
      child.on('output', look);
      exited.then(() => reject(new Error(`The command ended without ${pattern}:\n${text}`)));
      look();
    });
  return {
    pid: child.pid ?? 0, // a spawned process has an id
    output: () => text,
    sees,
    exited,
    signalGroup: (signal) => signalGroup(child.pid ?? 0, signal),
  };
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

interface ProcessRow {
  readonly pid: number;
  readonly parentPid: number;
  readonly isZombie: boolean;
}

async function listProcesses(): Promise<readonly ProcessRow[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,stat=']);
  return stdout
    .trim()
    .split('\n')
    .map((line) => {
      const [pid, parentPid, state] = line.trim().split(/\s+/);
      return { pid: Number(pid), parentPid: Number(parentPid), isZombie: state?.startsWith('Z') ?? false };
    });
}

/** Ids of all processes below this one. */
export async function descendantsOf(pid: number): Promise<readonly number[]> {
  const rows = await listProcesses();
  const below = (parent: number): number[] =>
    rows.filter(({ parentPid }) => parentPid === parent).flatMap((row) => [row.pid, ...below(row.pid)]);
  return below(pid);
}

/** Those of the processes that still run. */
export async function stillRunning(pids: readonly number[]): Promise<readonly number[]> {
  const alive = (await listProcesses()).filter(({ isZombie }) => !isZombie).map(({ pid }) => pid);
  return pids.filter((pid) => alive.includes(pid));
}

/** The one of the processes that runs the `main.ts` of this service. */
export async function pidOfService(pids: readonly number[], service: string): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'pid=,args=', '-p', pids.join(',')]);
  const line = stdout.split('\n').find((row) => row.includes(join(service, 'main.ts')));
  if (!line) throw new Error(`No process runs ${service}:\n${stdout}`);
  return Number.parseInt(line, 10);
}
