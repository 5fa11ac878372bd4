// The signs of life of a worker: sent as often as the platform asks, with what runs, and more often while they are not heard.
import { isPassing, pause } from './persist.ts';
import type { WorkerParts } from './worker-parts.ts';

/** Signs that are being sent. */
export interface SignsOfLife {
  /** Aborted with the error when the platform refuses the worker for good. */
  readonly ended: AbortSignal;
  /** Takes leave: the worker is offline then. Resolves whether that was heard or not. */
  stop(): Promise<void>;
}

/** Whatever the platform asks for, signs are never closer than this, in milliseconds. */
const apartMsMin = 20;
/** How often within a lease it is looked whether one is over. */
const expiryLooks = 20;
const farewellMsMax = 5_000;

/** Begins to send. */
export function startSigns(parts: WorkerParts, firstIntervalS: number): SignsOfLife {
  const stopping = new AbortController();
  const ended = new AbortController();
  const sending = send(parts, firstIntervalS, stopping.signal).catch((error: unknown) => {
    if (!stopping.signal.aborted) ended.abort(error);
  });
  const { held, leaseMs } = parts;
  const expiry = setInterval(() => held.expire(performance.now()), leaseMs / expiryLooks);
  return {
    ended: ended.signal,
    stop: async () => {
      clearInterval(expiry);
      stopping.abort();
      await sending;
      if (ended.signal.aborted) return;
      const farewell = { status: 'offline', running_task_ids: [] };
      await parts.calls
        .heartbeat(parts.agentId, farewell, AbortSignal.timeout(farewellMsMax))
        .catch((error: unknown) => parts.tell({ event: 'call_failed', error })); // its silence will say the same
    },
  };
}

async function send(parts: WorkerParts, firstIntervalS: number, signal: AbortSignal): Promise<void> {
  const { pauses } = parts;
  let intervalMs = firstIntervalS * 1_000;
  let nextMs = 0; // the first says how often the next are due
  for (let retryMs = pauses.firstMs; ; ) {
    await pause(Math.max(apartMsMin, nextMs), signal);
    const heardMs = await sendOne(parts, signal);
    intervalMs = heardMs ?? intervalMs;
    nextMs = heardMs ?? Math.min(retryMs, intervalMs);
    retryMs = heardMs === undefined ? Math.min(pauses.maxMs, retryMs * 2) : pauses.firstMs;
  }
}

/** Milliseconds until the next sign is due; undefined when this one was not heard. Rejects when the worker is refused. */
async function sendOne(parts: WorkerParts, signal: AbortSignal): Promise<number | undefined> {
  const { calls, agentId, held, leaseMs, tell } = parts;
  const named = held.all();
  const sentMs = performance.now();
  try {
    const ids = named.map(({ task }) => task.task_id);
    const { next_heartbeat_s: nextS, lost_task_ids: lost = [] } = await calls.heartbeat(
      agentId,
      { running_task_ids: ids },
      signal,
    );
    held.heard(named, lost, sentMs + leaseMs);
    return nextS * 1_000;
  } catch (error) {
    signal.throwIfAborted();
    if (!isPassing(error)) throw error;
    tell({ event: 'call_failed', error });
    return undefined;
  }
}
