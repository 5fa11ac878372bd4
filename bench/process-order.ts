// What a measuring process and the process of an engine say to each other, and how the latter is started and ended.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { MeasuredPoint } from './measure.ts';
import type { MeasuredStore } from './measured-engine.ts';
import type { WorkloadName } from './workloads.ts';

interface AnyOrder {
  /** URL of the adapter, which exports `openEngine`. */
  readonly module: string;
  readonly store: MeasuredStore;
}

/** Measure one workload at one width. */
export interface PointOrder extends AnyOrder {
  readonly kind: 'point';
  readonly workload: WorkloadName;
  readonly inFlight: number;
  readonly seconds: number;
}

/** Begin slow executions, or after a restart let them go on until all have ended. */
export interface RecoveryOrder extends AnyOrder {
  readonly kind: 'begin' | 'finish';
  readonly executions: readonly string[];
  /** Gets a line for each task that is performed. */
  readonly logPath: string;
}

/** The first and only message to a process. */
export type Order = PointOrder | RecoveryOrder;

/** A branch of a graph, in milliseconds, medians; 0 when its tasks are performed elsewhere. */
export interface MeasuredBranch {
  /** From the start of its execution to the end of its last task. */
  readonly ms: number;
  /** What its tasks themselves took, all together. */
  readonly tasksMs: number;
}

/** What a process tells. */
export type Notice =
  | { readonly kind: 'measured'; readonly point: MeasuredPoint; readonly branch?: MeasuredBranch }
  /** The engine is ready. */
  | { readonly kind: 'opened' }
  /** The first task of every execution has been performed or is being performed. */
  | { readonly kind: 'begun' }
  /** Every execution has ended. */
  | { readonly kind: 'finished' }
  | { readonly kind: 'failed'; readonly reason: string };

/** A process that carries out an order. */
export interface OrderedProcess {
  /** The first notice of that kind. Rejects when the process fails, ends without it, or takes longer than `limitMs`. */
  told<Kind extends Notice['kind']>(kind: Kind, limitMs: number): Promise<Extract<Notice, { kind: Kind }>>;
  /** Kills it, if it still runs. */
  kill(): Promise<void>;
}

/** Forks a process with the given environment in addition to that of this one, and gives it its order. */
export function startOrdered(order: Order, env: Readonly<Record<string, string>>): OrderedProcess {
  const child = fork(new URL('./measured-process.ts', import.meta.url), {
    env: { ...process.env, ...env },
    execArgv: ['--no-warnings'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'], // an engine's own log is not our output
  });
  const exited = once(child, 'exit');
  child.send(order);
  return {
    told: (kind, limitMs) => notice(child, kind, limitMs),
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

function notice<Kind extends Notice['kind']>(
  child: ChildProcess,
  kind: Kind,
  limitMs: number,
): Promise<Extract<Notice, { kind: Kind }>> {
  const { promise, resolve, reject } = Promise.withResolvers<Extract<Notice, { kind: Kind }>>();
  const limit = setTimeout(() => reject(new Error(`not ${kind} within ${limitMs / 1_000} s`)), limitMs);
  const take = (told: Notice): void => {
    if (told.kind === 'failed') reject(new Error(told.reason));
    if (told.kind === kind) resolve(told as Extract<Notice, { kind: Kind }>);
  };
  const ended = (): void => reject(new Error(`ended before it was ${kind}`));
  child.on('message', take).once('exit', ended);
  return promise.finally(() => {
    clearTimeout(limit);
    child.off('message', take).off('exit', ended);
  });
}
