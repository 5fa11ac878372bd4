// A worker that pulls its tasks: registers, asks for work, gives signs of life, answers, and stops in order. It knows the public API alone.
//
//   await runWorker({ url, credential, name: 'thumbnails', type: 'custom', capabilities: ['images'], signal: stopSignal(),
//     handle: async ({ input_data }, { signal }) => ({ output: await makeThumbnail(input_data, signal) }) });
import { ApiError } from '../api/api-error.ts';
import type { Credential } from '../api/exchange.ts';
import { attend } from './attend.ts';
import { createHeldAttempts, LeaseLost } from './held-attempts.ts';
import { isPassing, type Pauses, pause, persist, usualPauses } from './persist.ts';
import { type SignsOfLife, startSigns } from './signs-of-life.ts';
import { type ClaimedTask, createWorkerCalls, type WorkerDescription } from './worker-calls.ts';
import type { Handle, WorkerEvent, WorkerParts } from './worker-parts.ts';

/** How to run a worker. */
export interface WorkerOptions extends WorkerDescription {
  /** `https://host`, with a path before `/api/v2` if there is one. */
  readonly url: string;
  /** An API key or a token, or what answers one before each request. */
  readonly credential: Credential;
  readonly handle: Handle;
  /** Tasks at the same time, 1 to 100 [1]. */
  readonly concurrency?: number;
  /** Seconds between signs of life, 10 to 3,600 [30]; a lease lasts twice as long. */
  readonly heartbeatS?: number;
  /** How long a request for work may wait, in seconds, up to 30 [25]. */
  readonly waitS?: number;
  /** Once aborted the worker takes nothing more, and ends what it has. */
  readonly signal?: AbortSignal;
  /** How long tasks may go on after that before they are handed back, in milliseconds [30,000]. */
  readonly graceMs?: number;
  readonly tell?: (event: WorkerEvent) => void;
  /** Between tries of what failed. */
  readonly pauses?: Pauses;
}

const never = new AbortController().signal;

/**
 * Runs until the signal is aborted and all that it had has ended. Rejects when the platform refuses the worker (its description, its credential,
 * or because somebody removed it); what may pass is waited for.
 */
export async function runWorker(options: WorkerOptions): Promise<void> {
  const { signal = never, concurrency = 1, heartbeatS = 30, pauses = usualPauses } = options;
  const tell = options.tell ?? (() => undefined);
  const calls = createWorkerCalls(options.url, options.credential);
  const limits = { health_check_interval: heartbeatS, max_concurrent_tasks: concurrency };
  const agentId = await persist(
    () => calls.register(described(options), limits, signal),
    signal,
    pauses,
  ).catch((error: unknown) => {
    if (signal.aborted) return undefined;
    throw error;
  });
  if (agentId === undefined) return;
  tell({ event: 'registered' });
  const held = createHeldAttempts();
  const { handle } = options;
  const parts = { agentId, calls, held, handle, pauses, tell, leaseMs: heartbeatS * 2_000 };
  const signs = startSigns(parts, heartbeatS);
  try {
    await work(parts, { concurrency, waitS: options.waitS ?? 25, graceMs: options.graceMs ?? 30_000 }, [
      signal,
      signs,
    ]);
  } finally {
    await signs.stop();
    tell({ event: 'stopped' });
  }
}

function described({ name, type, capabilities = [], version, metadata }: WorkerOptions): WorkerDescription {
  return { name, type, capabilities, ...(version && { version }), ...(metadata && { metadata }) };
}

interface Places {
  readonly concurrency: number;
  readonly waitS: number;
  readonly graceMs: number;
}

/** Takes tasks while nothing stops it, then sees to the end of those that it has. */
async function work(
  parts: WorkerParts,
  { graceMs, ...places }: Places,
  [signal, signs]: readonly [AbortSignal, SignsOfLife],
): Promise<void> {
  const running = new Set<Promise<void>>();
  try {
    await take(parts, { ...places, running, stopping: AbortSignal.any([signal, signs.ended]) });
    if (!signal.aborted) throw signs.ended.reason;
  } finally {
    parts.tell({ event: 'stopping' });
    if (signs.ended.aborted)
      parts.held.abortAll(new LeaseLost('The platform does not know the worker any more'));
    const grace = setTimeout(() => parts.held.abortAll(new Error('The worker stops')), graceMs);
    await Promise.all(running);
    clearTimeout(grace);
  }
}

interface Taking extends Omit<Places, 'graceMs'> {
  readonly running: Set<Promise<void>>;
  readonly stopping: AbortSignal;
}

/** Resolves once it is stopped; what it took may still run then. */
async function take(parts: WorkerParts, { concurrency, waitS, running, stopping }: Taking): Promise<void> {
  const stopped = new Promise<void>((resolve) => {
    stopping.addEventListener('abort', () => resolve(), { once: true });
  });
  while (!stopping.aborted) {
    if (running.size >= concurrency) {
      await Promise.race([...running, stopped]);
      continue;
    }
    const tasks = await claim(parts, { max: concurrency - running.size, wait_s: waitS }, stopping);
    const leaseUntilMs = performance.now() + parts.leaseMs;
    for (const task of tasks) {
      const attempt = parts.held.begin(task, leaseUntilMs);
      if (!attempt) continue;
      const ended: Promise<void> = attend(parts, attempt).finally(() => running.delete(ended));
      running.add(ended);
    }
  }
}

/** What there is to do; nothing when the request failed for a while, or the worker stops. A deactivated worker is refused until it is activated. */
async function claim(
  { calls, agentId, pauses, tell }: WorkerParts,
  asked: { readonly max: number; readonly wait_s: number },
  stopping: AbortSignal,
): Promise<readonly ClaimedTask[]> {
  try {
    return await persist(() => calls.claim(agentId, asked, stopping), stopping, pauses);
  } catch (error) {
    if (stopping.aborted) return [];
    if (!isPassing(error) && !(error instanceof ApiError && error.status === 409)) throw error;
    tell({ event: 'call_failed', error });
    await pause(pauses.maxMs, stopping).catch(() => undefined); // it stops: the loop sees that
    return [];
  }
}
