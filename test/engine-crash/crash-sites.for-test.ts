// The stores of a replica that dies at one of their moments and tells what they do. A moment is named by what it is about: an append by its
// events, a claim by what it claims.
import type {
  EngineStore,
  ExecutionKey,
  JournalAppend,
  OwnerStore,
} from '../../services/orchestrator/store/store.ts';
import { attemptKey, endTypes } from './agents.for-test.ts';
import type { AppendTold, CrashPoint, FromReplica } from './replica-messages.for-test.ts';

/** Where a process is about to be, or has just been. */
export interface CrashSites {
  /** The process dies here from now on; nowhere without a point. */
  arm(point: CrashPoint | undefined): void;
  /** Does the work, unless the process dies before it. Answers unless it dies after it. */
  at<T>(sites: readonly string[], work: () => Promise<T>): Promise<T>;
}

/** Sites where `send` sends the signal to the process, which dies at once, without any tidying up, or goes on when it is woken. */
export function createCrashSites(send: (signal: NodeJS.Signals) => void): CrashSites {
  let armed: CrashPoint | undefined;
  let left = 0;
  const reach = async (sites: readonly string[], when: CrashPoint['when']): Promise<void> => {
    if (armed?.when !== when || !sites.includes(armed.site)) return;
    left -= 1;
    if (left !== 0) return;
    const { signal = 'SIGKILL' } = armed;
    send(signal);
    if (signal === 'SIGKILL') await new Promise(() => undefined); // what the dead process would have gone on with
  };
  return {
    arm(point) {
      armed = point;
      left = point?.nth ?? 1;
    },
    async at(sites, work) {
      await reach(sites, 'before');
      const result = await work();
      await reach(sites, 'after');
      return result;
    },
  };
}

/** What an append is about. Every one that writes is an `append`, so that the nth can be meant whatever it holds. */
export function sitesOf(batch: readonly JournalAppend[]): string[] {
  const sites = batch.flatMap(({ rows, record, change, commandIds, cached }) => [
    ...rows.flatMap(({ events }) => events.map(({ type }) => type)),
    ...(record ? ['recorded'] : []),
    ...(change?.parked ? [change.parked.queued ? 'queued' : 'parked'] : []),
    ...(commandIds.length > 0 ? ['command decided'] : []),
    ...(cached.length > 0 ? ['output kept'] : []),
  ]);
  return ['append', ...new Set(sites)];
}

function toldOf(batch: readonly JournalAppend[]): AppendTold {
  const begun: string[] = [];
  const ended: string[] = [];
  const over: string[] = [];
  for (const { executionId, rows } of batch) {
    for (const event of rows.flatMap(({ events }) => events)) {
      if (event.type === 'ended') over.push(executionId);
      if (!('attempt' in event)) continue;
      const { nodeId, attempt } = event;
      if (event.type === 'task_started') begun.push(attemptKey({ executionId, nodeId, attempt }));
      if (endTypes.includes(event.type)) ended.push(attemptKey({ executionId, nodeId, attempt }));
    }
  }
  return { type: 'appended', sites: sitesOf(batch), begun, ended, over };
}

/** The engine's store with its sites. */
export function crashingStore(
  store: EngineStore,
  { at }: CrashSites,
  tell: (told: FromReplica) => void,
): EngineStore {
  const claiming = async (site: string, claim: () => Promise<ExecutionKey[]>): Promise<ExecutionKey[]> => {
    const claimed = await claim();
    if (claimed.length > 0) await at([site], async () => undefined);
    return claimed;
  };
  return {
    ...store,
    append: (ownerId, batch) => {
      const sites = sitesOf(batch);
      return at(sites, async () => {
        const outcome = await store.append(ownerId, batch);
        if (outcome === 'appended') tell(toldOf(batch));
        else tell({ type: 'fenced', executionIds: batch.map(({ executionId }) => executionId) });
        return outcome;
      });
    },
    claimOrphans: (...args) =>
      claiming('orphans claimed', async () => {
        const claimed = await store.claimOrphans(...args);
        if (claimed.length > 0) tell({ type: 'claimed', executionIds: claimed.map(({ id }) => id) });
        return claimed;
      }),
    lineUpDue: async (...args) => {
      const count = await store.lineUpDue(...args);
      if (count > 0) await at(['due in line'], async () => undefined);
      return count;
    },
    claimQueued: (...args) => claiming('queue claimed', () => store.claimQueued(...args)),
    claimParked: async (...args) => {
      const isClaimed = await store.claimParked(...args);
      if (isClaimed) await at(['parked claimed'], async () => undefined);
      return isClaimed;
    },
    load: async (...args) => {
      const loaded = await store.load(...args);
      if (loaded.length > 0) await at(['loaded'], async () => undefined);
      return loaded;
    },
    commandsOf: async (...args) => {
      const commands = await store.commandsOf(...args);
      if (commands.length > 0) await at(['command found'], async () => undefined);
      return commands;
    },
  };
}

/** The store of owners with its sites. */
export function crashingOwners(
  owners: OwnerStore,
  { at }: CrashSites,
  tell: (told: FromReplica) => void,
): OwnerStore {
  return {
    ...owners,
    register: async (owner) => {
      await owners.register(owner);
      tell({ type: 'registered', ownerId: owner.ownerId });
    },
    beat: async (ownerId) => {
      const living = await owners.beat(ownerId);
      tell({ type: 'beaten' });
      return living;
    },
    end: (ownerId) => at(['handed back'], () => owners.end(ownerId)),
  };
}
