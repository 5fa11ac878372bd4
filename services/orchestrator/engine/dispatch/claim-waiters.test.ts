// Workers that wait for tasks: who is woken, in which order, and how a wait ends.
import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createLog } from '../../../../foundation/telemetry/log.ts';
import type { GivenAttempt } from '../../store/store.ts';
import { type ClaimWaiters, createClaimWaiters, type WaitingClaim } from './claim-waiters.ts';

const log = createLog({ service: 'test', level: 'silent' });
let stop: (() => Promise<void>) | undefined;
afterEach(() => stop?.());

/** Waiters over tasks that are only counted: each look of a tenant's worker takes one. */
function newWaiters(intervalMs = 60_000) {
  const left = new Map<string, number>();
  const asked: string[] = [];
  const looked: string[] = [];
  const queue = {
    async tenantsWithTasks(ids: readonly string[]) {
      asked.push(...ids);
      return ids.filter((id) => (left.get(id) ?? 0) > 0);
    },
    signsOfLife: async () => undefined,
  };
  const waiters = createClaimWaiters({ queue, log, intervalMs });
  stop = waiters.begin();
  const claimOf = (tenantId: string, changes: Partial<WaitingClaim> = {}): WaitingClaim => {
    const workerId = randomUUID();
    const look = async (): Promise<readonly GivenAttempt[]> => {
      looked.push(workerId);
      const tasks = left.get(tenantId) ?? 0;
      left.set(tenantId, Math.max(0, tasks - 1));
      return tasks > 0 ? [given(tenantId, workerId)] : [];
    };
    const signal = new AbortController().signal;
    return { tenantId, workerId, max: 1, waitMs: 30_000, signal, look, ...changes };
  };
  const offer = (tenantId: string, tasks: number): void => void left.set(tenantId, tasks);
  return { waiters, claimOf, offer, asked, looked };
}

function given(tenantId: string, workerId: string): GivenAttempt {
  return {
    ...{ tenantId, id: randomUUID(), attempt: 1, workerId, executionId: randomUUID(), taskType: 'custom' },
    ...{ input: {}, context: {}, failsUncertain: false, assignedAtMs: 0, leaseUntilMs: 0, timeoutAtMs: 0 },
  };
}

async function workersOf(waiters: ClaimWaiters, claims: readonly WaitingClaim[]) {
  const found = await Promise.all(claims.map((claim) => waiters.wait(claim)));
  return found.map((attempts) => attempts[0]?.workerId);
}

describe('a worker that waits', () => {
  it('is woken by an offer, those first that came first, and nobody for the offers of others', async () => {
    const { waiters, claimOf, offer } = newWaiters();
    const tenantId = randomUUID();
    const claims = [claimOf(tenantId), claimOf(tenantId), claimOf(tenantId, { waitMs: 200 })];
    const stranger = claimOf(randomUUID(), { waitMs: 200 });
    const found = workersOf(waiters, [...claims, stranger]);
    offer(tenantId, 2);
    waiters.offered(tenantId);
    expect(await found).toEqual([claims[0]?.workerId, claims[1]?.workerId, undefined, undefined]);
  });

  it('finds what was offered between its own look and its wait', async () => {
    const { waiters, claimOf, offer } = newWaiters();
    const tenantId = randomUUID();
    offer(tenantId, 1);
    expect(await waiters.wait(claimOf(tenantId))).toHaveLength(1);
  });

  it('finds what other replicas offered without being woken', async () => {
    const { waiters, claimOf, offer, asked } = newWaiters(10);
    const tenantId = randomUUID();
    const claim = claimOf(tenantId);
    const waiting = waiters.wait(claim);
    while (asked.length === 0) await new Promise(setImmediate);
    offer(tenantId, 1);
    expect(await waiting).toMatchObject([{ workerId: claim.workerId }]);
  });

  it('looks only while there is something to be found', async () => {
    const { waiters, claimOf, offer, looked } = newWaiters();
    const tenantId = randomUUID();
    const claims = Array.from({ length: 20 }, () => claimOf(tenantId, { waitMs: 200 }));
    const found = workersOf(waiters, claims);
    offer(tenantId, 2);
    waiters.offered(tenantId);
    const [first, second, ...others] = await found;
    expect(looked).toEqual([first, second]);
    expect([first, second]).toEqual([claims[0]?.workerId, claims[1]?.workerId]);
    expect(others.every((workerId) => workerId === undefined)).toBe(true);
  });

  it('is answered nothing when its time is up, and looks no more then', async () => {
    const { waiters, claimOf, looked } = newWaiters();
    const tenantId = randomUUID();
    expect(await waiters.wait(claimOf(tenantId, { waitMs: 20 }))).toEqual([]);
    const looks = looked.length;
    waiters.offered(tenantId);
    expect(looked).toHaveLength(looks);
  });

  it('takes nothing any more once nobody waits for its answer', async () => {
    const { waiters, claimOf, offer } = newWaiters();
    const tenantId = randomUUID();
    const gone = new AbortController();
    const [first, second] = [claimOf(tenantId, { signal: gone.signal }), claimOf(tenantId)];
    const found = workersOf(waiters, [first, second]);
    gone.abort();
    offer(tenantId, 1);
    waiters.offered(tenantId);
    expect(await found).toEqual([undefined, second.workerId]);
  });

  it.each(['its time is up', 'the process closes'])(
    'is given what it has just been finding when %s',
    async (end) => {
      const { waiters, claimOf, offer } = newWaiters();
      const tenantId = randomUUID();
      const [begun, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const waitMs = end === 'its time is up' ? 20 : 30_000;
      const slow = claimOf(tenantId, { waitMs });
      const look = async () => {
        const found = await slow.look();
        begun.resolve();
        await goOn.promise;
        return found;
      };
      offer(tenantId, 1);
      const waiting = waiters.wait({ ...slow, look });
      await begun.promise;
      // A wait as long that began later is over later.
      const later = end === 'its time is up' ? waiters.wait(claimOf(randomUUID(), { waitMs })) : undefined;
      const closed = later ?? stop?.();
      if (later) await later;
      goOn.resolve();
      expect(await waiting).toMatchObject([{ workerId: slow.workerId }]);
      await closed;
    },
  );

  it('is told what its look threw, and the others look all the same', async () => {
    const { waiters, claimOf, offer } = newWaiters();
    const tenantId = randomUUID();
    const failing = claimOf(tenantId, { look: () => Promise.reject(new Error('removed')) });
    const other = claimOf(tenantId);
    offer(tenantId, 1);
    const [first, second] = await Promise.allSettled([waiters.wait(failing), waiters.wait(other)]);
    expect(first).toMatchObject({ status: 'rejected' });
    expect(second).toMatchObject({ value: [{ workerId: other.workerId }] });
  });

  it('is answered nothing when the process closes, and so is who comes later', async () => {
    const { waiters, claimOf } = newWaiters();
    const tenantId = randomUUID();
    const waiting = waiters.wait(claimOf(tenantId));
    await stop?.();
    expect(await waiting).toEqual([]);
    expect(await waiters.wait(claimOf(tenantId))).toEqual([]);
  });
});
