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
  /** Looks for tasks; what it answers is the worker's. */
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
  /** Resolves with what a look found, or with nothing once the time is up, nobody waits for it, or the process closes. Throws what a look throws. */
  wait(claim: WaitingClaim): Promise<readonly GivenAttempt[]>;
  /** Says that a tenant's workers may find something. */
  offered(tenantId: string): void;
  /** Begins to look for what others offer; the result answers all that wait with nothing, and those that come later. */
  begin(): () => Promise<void>;
}

interface Waiter {
  readonly claim: WaitingClaim;
  readonly found: (given: readonly GivenAttempt[]) => void;
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
        for (const { waiters } of all) for (const waiter of [...waiters]) waiter.found([]);
        await Promise.all([stop(), ...all.map(({ round }) => round)]);
      };
    },
  };
}

function newWaiter(claim: WaitingClaim, leave: (waiter: Waiter) => void) {
  const { signal, waitMs } = claim;
  const { promise: waiting, resolve, reject } = Promise.withResolvers<readonly GivenAttempt[]>();
  const nothing = (): void => end(() => resolve([]));
  const timer = setTimeout(nothing, waitMs);
  signal.addEventListener('abort', nothing);
  const end = (settle: () => void): void => {
    clearTimeout(timer);
    signal.removeEventListener('abort', nothing);
    leave(waiter);
    settle();
  };
  const waiter: Waiter = {
    claim,
    found: (given) => end(() => resolve(given)),
    failed: (error) => end(() => reject(error)),
  };
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

// A look is a transaction: it is only made while there is something to be found. A waiter that is gone by the time that its look has found
// something has been given tasks all the same: they come back when its lease is over.
async function rounds(line: Line, isAny: () => Promise<boolean>): Promise<void> {
  while (line.again) {
    line.again = false;
    let mayFind: boolean | undefined;
    for (const waiter of [...line.waiters]) {
      if (!line.waiters.has(waiter)) continue;
      try {
        mayFind ??= await isAny();
        if (!mayFind) break;
        const given = await waiter.claim.look();
        if (given.length === 0) continue;
        waiter.found(given);
        mayFind = undefined;
      } catch (error) {
        waiter.failed(error);
      }
    }
  }
}
