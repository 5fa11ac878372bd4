// A worker: a remote process of a tenant that runs agents or does work that is no agent's, as an invocation names it.
import type { JsonObject } from '../skill.ts';

/** How a worker is called: JSON by HTTP, or the contract of the agents service by Connect or gRPC. */
export type WorkerProtocol = 'http' | 'connect' | 'grpc';

/** Who runs an attempt. */
export interface Worker {
  /** Id of the registered worker. */
  readonly workerId: string;
  /** Absolute URL as the tenant gave it; whether it may be called is decided when it is. */
  readonly endpoint: string;
  readonly protocol: WorkerProtocol;
  /** Type of the task as a worker of protocol `http` is told. */
  readonly taskType: string;
}

/** A task that is no agent's. */
export interface Work {
  readonly taskType: string;
  /** What the worker is told beside the task and its input. */
  readonly context: JsonObject;
}

/** Type of a task that has none. */
export const taskTypeDefault = 'custom';

/** Longest id of a worker and longest type of a task, in characters. */
export const workerTextLengthMax = 100;

/** Who answered, as logs and provenance say it. */
export function workerName({ workerId }: Pick<Worker, 'workerId'>): string {
  return `worker:${workerId}`;
}
