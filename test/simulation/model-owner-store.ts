// Owners in the modelled database. Beside its signs of life an owner holds a lock for as long as its process's one session lives, as the
// PostgreSQL adapter has it.
import type { OwnerSilence, OwnerStore } from '../../services/orchestrator/store/store.ts';
import type { ModelDatabase, OwnerRow, Statement } from './model-database.ts';
import type { Process } from './virtual-time.ts';

/** The session in which a process keeps its claim. */
export interface OwnerSession {
  /** Owners whose locks it holds. */
  readonly locks: Set<string>;
}

/** What the store is made from. */
export interface ModelOwnerStoreOptions {
  readonly database: ModelDatabase;
  readonly process: Process;
  /** Sessions of all processes, this one included. */
  readonly sessions: ReadonlyMap<Process, OwnerSession>;
  /** Milliseconds since the history began. */
  readonly nowMs: () => number;
  /** An owner has been ended; `by` is who ended it for its silence, absent for other reasons. */
  readonly onEnded: (owner: OwnerRow, by?: Process) => void;
  /** The process has judged others although it was not heard itself for a whole lease before. */
  readonly onUnsteady: () => void;
}

interface Store extends ModelOwnerStoreOptions {
  /** One connection: what is asked later waits for what was asked before. */
  run<T>(statement: Statement<T>): Promise<T>;
  /** Since when it was last not heard, in milliseconds since the history began. */
  unheardMs: number;
}

/** The store of one process. */
export function createModelOwnerStore(options: ModelOwnerStoreOptions): OwnerStore {
  const { database, process } = options;
  let tail: Promise<unknown> = Promise.resolve();
  const store: Store = {
    ...options,
    unheardMs: 0,
    run(statement) {
      const onSessionLost = (): void => locksOf(store).clear();
      const ran = tail.then(() => database.run(process, { ...statement, onSessionLost }));
      tail = ran.catch(() => undefined);
      return ran;
    },
  };
  return {
    register: (owner) => register(store, owner),
    beat: (ownerId) => beat(store, ownerId),
    async end(ownerId) {
      await store.run({ name: 'end', ends: () => [ownerId], commit: () => end(store, ownerId) });
      await store.run({ name: 'unlock', commit: () => locksOf(store).clear() });
    },
    endSilent: (silence) => endSilent(store, silence),
  };
}

function locksOf({ sessions, process }: Store): Set<string> {
  return sessions.get(process)?.locks ?? new Set();
}

// A session may take the lock that it holds once more.
function isLockFree({ sessions, process }: Store, ownerId: string): boolean {
  return [...sessions].every(([of, { locks }]) => of === process || !locks.has(ownerId));
}

function openOwners({ database }: Store): OwnerRow[] {
  return [...database.owners.values()].filter(({ endedAtMs }) => endedAtMs === undefined);
}

function end({ database, nowMs, onEnded }: Store, ownerId: string, by?: Process): void {
  const owner = database.owners.get(ownerId);
  if (!owner || owner.endedAtMs !== undefined) return;
  owner.endedAtMs = nowMs();
  onEnded(owner, by);
}

function register(store: Store, owner: Parameters<OwnerStore['register']>[0]): Promise<void> {
  const { nowMs, process, database } = store;
  const { ownerId, replicaName, address } = owner;
  let ended: string[] = [];
  store.unheardMs = nowMs();
  return store.run({
    name: 'register',
    ends: () => {
      ended = openOwners(store).flatMap((row) => (row.replicaName === replicaName ? row.ownerId : []));
      return ended;
    },
    commit: () => {
      for (const each of ended) end(store, each);
      const row = { ownerId, replicaName, address, process, endedAtMs: undefined, beatAtMs: nowMs() };
      database.addOwner({ ...row, holders: 0, waiting: [] });
    },
  });
}

async function beat(store: Store, ownerId: string): Promise<number | undefined> {
  const commit = (): number | undefined => {
    const owner = store.database.owners.get(ownerId);
    if (!owner || owner.endedAtMs !== undefined) return undefined;
    if (isLockFree(store, ownerId)) locksOf(store).add(ownerId);
    owner.beatAtMs = store.nowMs();
    return openOwners(store).length;
  };
  try {
    return await store.run({ name: 'beat', commit });
  } catch (error) {
    store.unheardMs = store.nowMs();
    throw error;
  }
}

function endSilent(store: Store, silence: OwnerSilence): Promise<number> {
  const { nowMs, database, process, onUnsteady } = store;
  const { ownerId: asking, silentMs, goneMs } = silence;
  let silent: string[] = [];
  if (nowMs() - store.unheardMs < silentMs) onUnsteady();
  return store.run({
    name: 'endSilent',
    ends: () => {
      if (database.startedAtMs() >= nowMs() - silentMs) return [];
      const isGone = ({ ownerId, beatAtMs }: OwnerRow): boolean =>
        beatAtMs < nowMs() - silentMs || (beatAtMs < nowMs() - goneMs && isLockFree(store, ownerId));
      const others = openOwners(store).filter(({ ownerId }) => ownerId !== asking);
      silent = others.filter(isGone).map(({ ownerId }) => ownerId);
      return silent;
    },
    commit: () => {
      for (const ownerId of silent) end(store, ownerId, process);
      return silent.length;
    },
  });
}
