// Workers that ask for tasks when there are none: they wait here. An offer made by this process wakes them at once; what other replicas offer is
// found within a second. Of a tenant's waiters those that came first look first.
import { repeat } from '../../../../foundation/process/repeat.ts';
import type { Log } from '../../../../foundation/telemetry/log.ts';
import type { DispatchQueue, GivenAttempt, TaskClaim } from '../../store/store.ts';

/** Workers that may wait in one process; more are answered at once. */
export const waitersMax = 10_000;
/** Pause between two looks for what other replicas have offered, in milliseconds. */
export const lookIntervalMs = 1_000;
/** How often workers that wait are taken for alive anew, in milliseconds: less than half of any interval that a worker can have. */
export const signIntervalMs = 4_000;

/** A worker that waits. */
export interface WaitingClaim extends TaskClaim {
  /** Longest wait, in milliseconds. */
  readonly waitMs: number;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** Looks for tasks; what it answers is the worker's. It answers nothing once nobody waits any more. */
  readonly look: () => Promise<readonly GivenAttempt[]>;
}

/** What waiting needs. */
export interface WaitersDeps {
  readonly queue: Pick<DispatchQueue, 'tenantsWithTasks' | 'signsOfLife'>;
  readonly log: Log;
  /** [lookIntervalMs] */
  readonly intervalMs?: number;
}

/** Those that wait in this process. */
export interface ClaimWaiters {
  /**
   * Resolves with what a look found, or with nothing once the time is up, nobody waits for it, or the process closes; a look that is under way is
   * waited for first. Throws what a look throws.
   */
  wait(claim: WaitingClaim): Promise<readonly GivenAttempt[]>;
  /** Says that a tenant's workers may find something. */
  offered(tenantId: string): void;
  /** Begins to look for what others offer; the result answers all that wait with nothing, and those that come later. */
  begin(): () => Promise<void>;
}

interface Waiter {
  readonly claim: WaitingClaim;
  /** Looks, and is answered with what it found or with the error; true when it found something. */
  readonly look: () => Promise<boolean>;
  /** Is answered with nothing; while it looks, with what that finds: it may have been given something already. */
  readonly dismiss: () => void;
  readonly failed: (error: unknown) => void;
}

interface Line {
  /** In the order of their coming. */
  readonly waiters: Set<Waiter>;
  /** Present while they look, one after the other; `again` when something was offered since. */
  round?: Promise<void> | undefined;
  again: boolean;
}

/** Nobody waits yet. */
export function createClaimWaiters({ queue, log, intervalMs = lookIntervalMs }: WaitersDeps): ClaimWaiters {
  const lines = new Map<string, Line>();
  let count = 0;
  let closed = false;

  function leave(tenantId: string, waiter: Waiter): void {
    const line = lines.get(tenantId);
    if (!line?.waiters.delete(waiter)) return;
    count -= 1;
    if (line.waiters.size === 0) lines.delete(tenantId);
  }

  function offered(tenantId: string): void {
    const line = lines.get(tenantId);
    if (!line) return;
    line.again = true;
    const isAny = async () => (await queue.tenantsWithTasks([tenantId])).length > 0;
    line.round ??= rounds(line, isAny).finally(() => {
      line.round = undefined;
    });
  }

  function wait(claim: WaitingClaim): Promise<readonly GivenAttempt[]> {
    const { tenantId } = claim;
    if (closed || claim.signal.aborted || count >= waitersMax) return Promise.resolve([]);
    const line = lines.get(tenantId) ?? { waiters: new Set<Waiter>(), again: false };
    lines.set(tenantId, line);
    const { waiter, waiting } = newWaiter(claim, (ended) => leave(tenantId, ended));
    line.waiters.add(waiter);
    count += 1;
    // Something may have been offered between the look that found nothing and now.
    offered(tenantId);
    return waiting;
  }

  const lookAround = createLookAround(queue, lines, offered);
  return {
    wait,
    offered,
    begin() {
      const stop = repeat({ name: 'look for offered tasks', work: lookAround, intervalMs, log });
      return async () => {
        closed = true;
        const all = [...lines.values()];
        for (const { waiters } of all) for (const waiter of [...waiters]) waiter.dismiss();
        await Promise.all([stop(), ...all.map(({ round }) => round)]);
      };
    },
  };
}

function newWaiter(claim: WaitingClaim, leave: (waiter: Waiter) => void) {
  const { signal, waitMs } = claim;
  const { promise: waiting, resolve, reject } = Promise.withResolvers<readonly GivenAttempt[]>();
  let looking = false;
  let dismissed = false;
  const dismiss = (): void => {
    dismissed = true;
    if (!looking) nothing();
  };
  const nothing = (): void => end(() => resolve([]));
  const timer = setTimeout(dismiss, waitMs);
  signal.addEventListener('abort', nothing);
  const end = (settle: () => void): void => {
    clearTimeout(timer);
    signal.removeEventListener('abort', nothing);
    leave(waiter);
    settle();
  };
  const look = async (): Promise<boolean> => {
    looking = true;
    const given = await claim.look();
    looking = false;
    if (given.length > 0) end(() => resolve(given));
    else if (dismissed) nothing();
    return given.length > 0;
  };
  const waiter: Waiter = { claim, look, dismiss, failed: (error) => end(() => reject(error)) };
  return { waiter, waiting };
}

function createLookAround(
  queue: WaitersDeps['queue'],
  lines: ReadonlyMap<string, Line>,
  offered: (tenantId: string) => void,
): () => Promise<void> {
  let signedMs = performance.now();
  return async () => {
    const tenantIds = [...lines.keys()];
    if (tenantIds.length === 0) return;
    for (const tenantId of await queue.tenantsWithTasks(tenantIds)) offered(tenantId);
    if (performance.now() - signedMs < signIntervalMs) return;
    signedMs = performance.now();
    const claims = [...lines.values()].flatMap(({ waiters }) => [...waiters].map(({ claim }) => claim));
    const workers = new Map(
      claims.map(({ tenantId, workerId }) => [`${tenantId} ${workerId}`, { tenantId, workerId }]),
    );
    await queue.signsOfLife([...workers.values()]);
  };
}

// A look is a transaction: it is only made while there is something to be found.
async function rounds(line: Line, isAny: () => Promise<boolean>): Promise<void> {
  while (line.again) {
    line.again = false;
    let mayFind: boolean | undefined;
    for (const waiter of [...line.waiters]) {
      if (!line.waiters.has(waiter)) continue;
      try {
        mayFind ??= await isAny();
        if (!mayFind) break;
        if (await waiter.look()) mayFind = undefined;
      } catch (error) {
        waiter.failed(error);
      }
    }
  }
}
