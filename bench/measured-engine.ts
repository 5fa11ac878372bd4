// What an engine has to offer to be measured, and what it is given. Engines implement it in adapters; nothing here knows any of them.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Telemetry } from '../foundation/telemetry/telemetry.ts';
import type { Task, WorkloadName } from './workloads.ts';

/** Where an engine keeps what must survive, already running. */
export type MeasuredStore = PostgresStore | FolderStore;

/** An empty database of a PostgreSQL server on this machine. */
export interface PostgresStore {
  readonly kind: 'postgres';
  /** A superuser's URL of the database. */
  readonly url: string;
}

/** A server on this machine that keeps its data in a folder of its own. */
export interface FolderStore {
  readonly kind: 'folder';
  readonly pid: number;
  readonly folder: string;
  /** Where executions are started. */
  readonly url: string;
  readonly adminUrl: string;
  /** The port of 127.0.0.1 on which the tasks are served, the same after a restart. */
  readonly servicePort: number;
}

/** What every task answers. */
export interface TaskResult {
  readonly ok: true;
}

/** Does a task of an execution. The engine stores what it answers before a dependent begins. */
export type Perform = (execution: string, task: Task) => Promise<TaskResult>;

/** What an adapter is given. */
export interface EngineOptions {
  readonly store: MeasuredStore;
  readonly perform: Perform;
  /** How many executions will be under way at once, so that pools and workers can be made for as many. */
  readonly inFlight: number;
  /** What spans and measurements go to; absent makes none. Peers know nothing of it. */
  readonly telemetry?: Telemetry;
}

/** An engine that is ready for executions. Ids of executions are new for each. */
export interface MeasuredEngine {
  /** Executes a graph; resolves when its end is durable and rejects when it failed. */
  runOne(workload: WorkloadName, execution: string): Promise<void>;
  /** Begins an execution and lets it run. That it has begun shows when its first task is performed. */
  begin(workload: WorkloadName, execution: string): Promise<void>;
  /** After a restart: lets an execution that was begun before go on, and resolves when its end is durable. */
  finish(workload: WorkloadName, execution: string): Promise<void>;
  close(): Promise<void>;
}

/** The export of every adapter. */
export type OpenEngine = (options: EngineOptions) => Promise<MeasuredEngine>;

/** Connections that an engine gets to PostgreSQL: ten for each core of a small server, and more than any engine uses by default. */
export const connectionsMax = 20;

/** Who is told about each task. */
export interface TaskListener {
  begun?(execution: string, task: Task): void;
  ended?(execution: string, task: Task): void;
}

/** The tasks of all workloads: they wait as long as they say, and answer. */
export function performing(listener: TaskListener): Perform {
  return async (execution, task) => {
    listener.begun?.(execution, task);
    if (task.waitMs > 0) await sleep(task.waitMs);
    listener.ended?.(execution, task);
    return { ok: true };
  };
}
