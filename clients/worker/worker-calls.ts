// What a worker asks of the API: each call once, without repetition. When and how often is decided elsewhere.
import { apiErrorOf, connectionErrorOf } from '../api/api-error.ts';
import type { Credential } from '../api/exchange.ts';

/** How a worker describes itself; absent fields are the platform's defaults. */
export interface WorkerDescription {
  /** With it the worker is known again after a restart: unique within the tenant. */
  readonly name: string;
  readonly type: WorkerType;
  readonly capabilities?: readonly string[];
  /** Semantic version. */
  readonly version?: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** What kind of work a worker is for. */
export type WorkerType =
  | 'detector'
  | 'analyzer'
  | 'classifier'
  | 'tracker'
  | 'notifier'
  | 'coordinator'
  | 'custom';

/** An attempt that the worker was given. */
export interface ClaimedTask {
  readonly task_id: string;
  /** From 1. */
  readonly attempt: number;
  readonly task_type: string;
  readonly input_data: Readonly<Record<string, unknown>>;
  readonly context: Readonly<Record<string, unknown>>;
}

/** What a handler answers: the output, and beside it what is known. */
export interface TaskAnswer {
  readonly output: Readonly<Record<string, unknown>>;
  readonly reasoning?: string;
  /** 0 to 1. */
  readonly confidence?: number;
  readonly references?: readonly unknown[];
  readonly spans?: Readonly<Record<string, unknown>>;
}

/** What came of an attempt, as it is sent. */
export type AttemptResult = TaskAnswer | { readonly error_code: string; readonly error_message: string };

/** What the platform made of a result. */
export interface Taken {
  /** As what the attempt is recorded as failed; null or absent for a result that counts. */
  readonly error_code?: string | null;
  readonly error_message?: string | null;
}

/** What the platform answers to a sign of life. */
export interface Heard {
  /** Seconds until the next sign is due. */
  readonly next_heartbeat_s: number;
  /** Of the tasks that were named, those that others have now; absent for none. */
  readonly lost_task_ids?: readonly string[];
}

/** The calls of one worker. Each rejects with ApiError when it is refused, with ConnectionError when no answer comes. */
export interface WorkerCalls {
  /** Answers the worker's id. */
  register(worker: WorkerDescription, limits: WorkerLimits, signal: AbortSignal): Promise<string>;
  heartbeat(agentId: string, sign: object, signal: AbortSignal): Promise<Heard>;
  /** Answers what there is at once, else waits up to so many seconds for the first. */
  claim(
    agentId: string,
    asked: { readonly max: number; readonly wait_s: number },
    signal: AbortSignal,
  ): Promise<readonly ClaimedTask[]>;
  answer(
    attempt: Pick<ClaimedTask, 'task_id' | 'attempt'>,
    result: AttemptResult,
    signal: AbortSignal,
  ): Promise<Taken>;
}

/** What the platform may expect of a worker. */
export interface WorkerLimits {
  /** Seconds between signs of life. */
  readonly health_check_interval: number;
  readonly max_concurrent_tasks: number;
}

/** How long an answer may take beyond what was asked to be waited for, in milliseconds. */
const answerMsMax = 15_000;

/** The calls of a worker at this address, such as `https://host/path` before `/api/v2`. */
export function createWorkerCalls(url: string, credential: Credential): WorkerCalls {
  const base = `${url.replace(/\/+$/, '')}/api/v2`;
  const post = createPost(base, credential);
  const idOf = encodeURIComponent;
  return {
    register: async (worker, limits, signal) => {
      const body = { ...worker, ...limits, protocol: 'pull' };
      return ((await post('/agents/register', body, signal)) as { readonly agent_id: string }).agent_id;
    },
    heartbeat: async (agentId, sign, signal) =>
      (await post(`/agents/${idOf(agentId)}/heartbeat`, sign, signal)) as Heard,
    claim: async (agentId, asked, signal) => {
      const path = `/agents/${idOf(agentId)}/tasks/claim`;
      const answer = await post(path, asked, signal, asked.wait_s * 1_000);
      return (answer as { readonly tasks: readonly ClaimedTask[] }).tasks;
    },
    answer: async ({ task_id, attempt }, result, signal) => {
      const path = `/tasks/${idOf(task_id)}/attempts/${attempt}/result`;
      return (await post(path, result, signal)) as Taken;
    },
  };
}

type Post = (path: string, body: object, signal: AbortSignal, waitMs?: number) => Promise<unknown>;

function createPost(base: string, credential: Credential): Post {
  const send = async (path: string, body: object, signal: AbortSignal): Promise<Response> => {
    const token = typeof credential === 'function' ? await credential() : credential;
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (token !== undefined) headers.authorization = `Bearer ${token}`;
    return fetch(base + path, { method: 'POST', headers, body: JSON.stringify(body), signal });
  };
  return async (path, body, signal, waitMs = 0) => {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(answerMsMax + waitMs)]);
    const broken = (cause: unknown): never => {
      signal.throwIfAborted();
      throw cause instanceof TypeError || limit.aborted ? connectionErrorOf(base, cause) : cause;
    };
    let response = await send(path, body, limit).catch(broken);
    // A token may have run out a moment ago; whoever makes tokens makes another.
    if (response.status === 401 && typeof credential === 'function')
      response = await send(path, body, limit).catch(broken);
    if (!response.ok) throw await apiErrorOf(response);
    return response.json().catch(broken);
  };
}
