// Takes over executions: of owners that are gone, and those that wait for a place among their tenant's, where parked ones whose time has come
// stand too. All claims go in bounded batches, and only while this process is itself sure to be an owner.
import { repeat } from '../../../../foundation/process/repeat.ts';
import type { Log } from '../../../../foundation/telemetry/log.ts';
import type { EngineStore, ExecutionKey, OwnerStore } from '../../store/store.ts';
import type { Admission } from '../admission.ts';
import type { TakeUpOptions } from '../executor.ts';
import type { Rhythm } from '../rhythm.ts';
import type { Lease } from './lease.ts';

const claimBatchMax = 200;
const tenantBatchMax = 100;
/** Due executions that are put in line by the first statement of a look: for so few the database reads no more rows than are due. */
const dueFirstMax = 10;
/** Those of each further one. */
const dueBatchMax = 1_000;
/** Such statements in one look: looking after others must not wait for them all. */
const dueRoundsMax = 10;
/** So many looks lie between two looks for what this replica owns and does not hold, which only happens when a commit came late. */
const looksBetweenNets = 20;

/** What taking over needs. */
export interface TakeoverDeps {
  readonly lease: Lease;
  readonly owners: OwnerStore;
  readonly store: EngineStore;
  /** Takes up executions that are owned now. It never rejects. */
  readonly takeUp: (keys: readonly ExecutionKey[], options?: TakeUpOptions) => Promise<void>;
  readonly admission: Admission;
  readonly rhythm: Rhythm;
  readonly log: Log;
}

/** Looks again and again. */
export interface Takeover {
  /**
   * A tenant has given a place back: what is known to wait for it is claimed at once. Where this replica `wasFull` the place may be
   * anybody's, and the tenant that has waited longest for one comes first.
   */
  roomFor(tenantId: string, wasFull: boolean): void;
  /** An execution of the tenant waits for a place from now on. */
  queued(tenantId: string): void;
  stop(): Promise<void>;
}

/** Begins to look. */
export function takeOver(deps: TakeoverDeps): Takeover {
  const { lease, owners, store, rhythm, log } = deps;
  let replyLost = false;
  let looks = 1;
  const suspect = (): void => {
    replyLost = true;
  };
  const inLine = createInLine(deps, suspect);

  async function look(): Promise<void> {
    if (!lease.isHeld()) return;
    const { leaseMs: silentMs, goneMs } = rhythm;
    if (lease.isSteady()) await owners.endSilent({ ownerId: lease.ownerId(), silentMs, goneMs });
    if (replyLost) await takeUpClaimed(deps);
    replyLost = false;
    try {
      await claimAll(deps, 'Executions without an owner were taken over', store.claimOrphans);
      await lineUpDue(deps);
      await inLine.look();
      if (looks % looksBetweenNets === 0) await takeUpClaimed(deps);
      looks += 1;
    } catch (error) {
      suspect();
      throw error;
    }
  }

  const stop = repeat({ name: 'takeover', work: look, intervalMs: rhythm.lookMs, log });
  return { roomFor: inLine.roomFor, queued: inLine.queued, stop };
}

// What is due is one of its tenant's running executions as soon as somebody holds it, so it waits for a place like one that begins. Once it
// is in line nobody looks at it again before there is one.
async function lineUpDue({ store }: TakeoverDeps): Promise<void> {
  for (let round = 0; round < dueRoundsMax; round += 1) {
    const limit = round === 0 ? dueFirstMax : dueBatchMax;
    if ((await store.lineUpDue(limit)) < limit) return;
  }
}

type Claim = EngineStore['claimOrphans'];

// What ran with another owner goes on at once, also beyond what its tenant may have here: attempts are under way that nobody else follows. It
// is counted, so that nothing begins or wakes before there is room again.
async function claimAll(deps: TakeoverDeps, message: string | undefined, claim: Claim): Promise<void> {
  for (;;) {
    const claimed = await claim(deps.lease.ownerId(), claimBatchMax);
    if (claimed.length > 0 && message) deps.log.info({ count: claimed.length }, message);
    await deps.takeUp(claimed);
    if (claimed.length < claimBatchMax) return;
  }
}

// A claim or a record whose reply was lost may have been committed, also later: what nobody holds in memory is found by its owner.
async function takeUpClaimed({ store, lease, takeUp }: TakeoverDeps): Promise<void> {
  let after: ExecutionKey | undefined;
  for (;;) {
    const claimed = await store.claimed(lease.ownerId(), after, claimBatchMax);
    await takeUp(claimed, { place: 'wanted' });
    after = claimed.at(-1);
    if (claimed.length < claimBatchMax) return;
  }
}

// Tenants take turns: each is given its part of the room and then stands behind the others, so nobody waits behind another's backlog.
function createInLine(deps: TakeoverDeps, suspect: () => void) {
  const { lease, admission, takeUp, log } = deps;
  const waiting = new Set<string>(); // those that were served longest ago first
  /** Tenants of which an execution came into line since the last look began: what that look read may be older. */
  const news = new Set<string>();
  let serving: Promise<void> | undefined;

  async function serveAll(): Promise<void> {
    for (let next = nextOf(waiting, admission); next !== undefined; next = nextOf(waiting, admission)) {
      const part = Math.ceil(admission.free() / waiting.size);
      const room = Math.min(admission.room(next), part, claimBatchMax);
      waiting.delete(next);
      const claimed = await claimInto(deps, next, room);
      if (claimed.length === room) waiting.add(next);
      void takeUp(claimed, { place: 'given' });
    }
  }

  function serve(): Promise<void> {
    serving ??= serveAll().finally(() => {
      serving = undefined;
    });
    return serving;
  }

  function serveSoon(): void {
    if (!lease.isHeld()) return;
    serve().catch((error: unknown) => {
      suspect();
      log.warn({ err: error }, 'Waiting executions could not be claimed');
    });
  }

  return {
    roomFor(tenantId: string, wasFull: boolean): void {
      if (wasFull ? waiting.size > 0 : waiting.has(tenantId)) serveSoon();
    },
    queued(tenantId: string): void {
      waiting.add(tenantId);
      news.add(tenantId);
      if (admission.room(tenantId) > 0) serveSoon();
    },
    async look(): Promise<void> {
      news.clear();
      const seen = await tenantsInLine(deps);
      for (const tenantId of waiting) {
        if (!seen.has(tenantId) && !news.has(tenantId)) waiting.delete(tenantId);
      }
      for (const tenantId of seen) waiting.add(tenantId);
      await serve();
    },
  };
}

/** The first that has room. */
function nextOf(waiting: ReadonlySet<string>, { room }: Admission): string | undefined {
  for (const tenantId of waiting) if (room(tenantId) > 0) return tenantId;
  return undefined;
}

// The places are taken before: a run that starts meanwhile must not be given them too.
async function claimInto(
  { store, lease, admission }: TakeoverDeps,
  tenantId: string,
  room: number,
): Promise<ExecutionKey[]> {
  for (let place = 0; place < room; place += 1) admission.enter(tenantId);
  let claimed: ExecutionKey[] = [];
  try {
    claimed = await store.claimQueued(lease.ownerId(), tenantId, room);
  } finally {
    for (let place = claimed.length; place < room; place += 1) admission.leave(tenantId);
  }
  return claimed;
}

async function tenantsInLine({ store }: TakeoverDeps): Promise<Set<string>> {
  const seen = new Set<string>();
  let after: string | undefined;
  for (;;) {
    const tenants = await store.queuedTenants(after, tenantBatchMax);
    for (const tenantId of tenants) seen.add(tenantId);
    after = tenants.at(-1);
    if (tenants.length < tenantBatchMax) return seen;
  }
}
