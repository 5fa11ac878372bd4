// What a worker sees of the platform, as a real HTTP server in memory: tasks that a test puts there, and a record of all that it was asked.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { type ScriptedServer, startServer } from '../api/scripted-server.for-test.ts';

/** A call that the platform was asked. */
export interface AskedCall {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A refusal: status and sentence. */
export type Refusal = readonly [status: number, detail: string];

/** The running platform. */
export interface TestPlatform {
  readonly url: string;
  readonly asked: readonly AskedCall[];
  /** What was answered for attempts, in order: `<task id>/<attempt>` and the body. */
  readonly results: readonly (readonly [attempt: string, body: Readonly<Record<string, unknown>>])[];
  /** Tasks that the next heartbeats call lost. */
  readonly lost: Set<string>;
  /** Takes the next results as failures with this code and sentence. */
  fail(...failures: readonly (readonly [code: string, message: string])[]): void;
  /** `input` is `{of: <id>}` unless it is given, `attempt` 1. */
  offer(taskId: string, input?: object, attempt?: number): void;
  /** Answers a call of this kind instead of the platform, so often as there are refusals; 'hang up' ends the connection after the call was done. */
  refuse(kind: Kind, ...refusals: readonly (Refusal | 'hang up')[]): void;
  /** Resolves once the condition holds, which is looked at after each call. */
  until(condition: () => boolean): Promise<void>;
  close(): Promise<void>;
}

/** Kinds of calls. */
export type Kind = 'register' | 'heartbeat' | 'claim' | 'result';

interface State {
  readonly asked: AskedCall[];
  readonly results: (readonly [string, Readonly<Record<string, unknown>>])[];
  readonly lost: Set<string>;
  readonly queue: object[];
  readonly refusals: Map<Kind, (Refusal | 'hang up')[]>;
  readonly failures: (readonly [code: string, message: string])[];
  /** Woken by every call and offer. */
  readonly wakers: Set<() => void>;
}

/** Starts the platform; signs of life are due each `heartbeatS` seconds. */
export async function startTestPlatform({ heartbeatS = 0.02 } = {}): Promise<TestPlatform> {
  const state: State = {
    asked: [],
    results: [],
    lost: new Set(),
    queue: [],
    refusals: new Map(),
    failures: [],
    wakers: new Set(),
  };
  const wake = () => {
    for (const waker of [...state.wakers]) waker();
  };
  const server: ScriptedServer = await startServer(async (request, response) => {
    await respond(state, heartbeatS, { request, response });
    wake();
  });
  return {
    ...state,
    url: server.url,
    offer: (taskId, input = { of: taskId }, attempt = 1) => {
      state.queue.push({
        task_id: taskId,
        attempt,
        task_type: 'custom',
        input_data: input,
        context: {},
      });
      wake();
    },
    fail: (...failures) => void state.failures.push(...failures),
    refuse: (kind, ...refusals) => void state.refusals.set(kind, [...refusals]),
    until: (condition) => untilWoken(state, condition),
    close: () => server.close(),
  };
}

function untilWoken({ wakers }: State, condition: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!condition()) return;
      wakers.delete(look);
      resolve();
    };
    wakers.add(look);
    look();
  });
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function respond(state: State, heartbeatS: number, { request, response }: Exchange): Promise<void> {
  const path = request.url ?? '';
  const body = (await json(request)) as AskedCall['body'];
  state.asked.push({ path, authorization: request.headers.authorization, body });
  const kind = kindOf(path);
  const refusal = state.refusals.get(kind)?.shift();
  const [status, answer] =
    refusal && refusal !== 'hang up'
      ? [refusal[0], { detail: refusal[1], error_code: 'REFUSED', details: [] }]
      : await answerOf(state, { kind, path, body, heartbeatS, response });
  if (refusal === 'hang up') response.destroy();
  else response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
}

function kindOf(path: string): Kind {
  if (path.endsWith('/register')) return 'register';
  if (path.endsWith('/heartbeat')) return 'heartbeat';
  return path.endsWith('/claim') ? 'claim' : 'result';
}

interface Told {
  readonly kind: Kind;
  readonly path: string;
  readonly body: AskedCall['body'];
  readonly heartbeatS: number;
  readonly response: ServerResponse;
}

async function answerOf(
  state: State,
  { kind, path, body, heartbeatS, response }: Told,
): Promise<readonly [number, object]> {
  if (kind === 'register') return [201, { agent_id: 'worker-1', status: 'registered' }];
  if (kind === 'heartbeat') {
    const ids = body.running_task_ids as string[];
    const lost = ids.filter((id) => state.lost.has(id));
    return [200, { agent_id: 'worker-1', status: 'idle', next_heartbeat_s: heartbeatS, lost_task_ids: lost }];
  }
  if (kind === 'claim') {
    let isOpen = true;
    response.once('close', () => {
      isOpen = false;
      for (const waker of [...state.wakers]) waker();
    });
    await untilWoken(state, () => state.queue.length > 0 || !isOpen);
    return [200, { tasks: isOpen ? state.queue.splice(0, Number(body.max)) : [] }];
  }
  return [200, recordResult(state, path, body)];
}

function recordResult(state: State, path: string, body: AskedCall['body']): object {
  const [, id = '', attempt = ''] = /\/tasks\/([^/]+)\/attempts\/(\d+)\/result$/.exec(path) ?? [];
  state.results.push([`${id}/${attempt}`, body]);
  const [error_code = body.error_code ?? null, error_message = body.error_message ?? null] =
    state.failures.shift() ?? [];
  return { task_id: id, status: error_code === null ? 'completed' : 'failed', error_code, error_message };
}
