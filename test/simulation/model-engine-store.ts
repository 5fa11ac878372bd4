// The engine's store over the modelled tables: each verb is the statements of the PostgreSQL adapter, with the same conditions and locks.
import type {
  EngineStore,
  ExecutionKey,
  ExecutionStore,
  JournalAppend,
} from '../../services/orchestrator/store/store.ts';
import type { ModelDatabase } from './model-database.ts';
import {
  applyAppend,
  checkAppends,
  type ExecutionRow,
  executionOf,
  insertExecution,
  type ModelTables,
  rowOf,
} from './model-tables.ts';
import type { Process } from './virtual-time.ts';

/** What the store is made from. */
export interface ModelEngineStoreOptions {
  readonly database: ModelDatabase;
  readonly tables: ModelTables;
  readonly process: Process;
  /** What has just been committed. `holderBefore` held the execution then; undefined when it was not recorded before. */
  readonly onAppended: (row: ExecutionRow, appended: Appended) => void;
  /** True when the values of an append are refused. */
  readonly refuses: (append: JournalAppend) => boolean;
}

/** What was committed for one execution. */
export interface Appended {
  readonly ownerId: string;
  readonly holderBefore: string | null | undefined;
  readonly append: JournalAppend;
}

interface Store extends ModelEngineStoreOptions {
  read<T>(name: string, commit: () => T): Promise<T>;
  rows(): ExecutionRow[];
}

/** The store of one process, as far as the engine uses it. */
export function createModelEngineStore(options: ModelEngineStoreOptions): EngineStore {
  const { database, tables, process } = options;
  const store: Store = {
    ...options,
    read: (name, commit) => database.run(process, { name, commit }),
    rows: () => [...tables.executions.values()],
  };
  return {
    append: (ownerId, batch) => append(options, ownerId, batch),
    load: (ownerId, keys) => load(store, ownerId, keys),
    setAside: async () => undefined, // every modelled journal can be read
    setAsideAmong: (tenantId, ids) => setAsideAmong(store, tenantId, ids),
    ...claimsOf(store),
    ...looksOf(store),
    lineUpDue: (limit) => lineUpDue(store, limit),
    ...commandsOf(store),
    ...{ tenants: async () => [], removeNames: async () => 0, removeAnswers: async () => 0 },
    ...{ keepWeeks: async () => [] },
  };
}

// Two statements: what was read of the rows may be older than what is read of the journals.
async function load({ read, tables, database }: Store, ownerId: string, keys: readonly ExecutionKey[]) {
  const isOpen = (row: ExecutionRow): boolean => row.ownerId === ownerId && row.completedAtMs === null;
  const found = await read('load', () => {
    const hasEnded = database.owners.get(ownerId)?.endedAtMs !== undefined;
    const rows = hasEnded ? [] : keys.flatMap((key) => rowOf(tables, key) ?? []);
    return rows.filter(isOpen).map((row) => ({ row, execution: executionOf(row) }));
  });
  return read('load journals', () =>
    found.map(({ row, execution }) => ({ ownerId, execution, entries: row.entries.toSorted(bySeq) })),
  );
}

function claimsOf(store: Store): Pick<EngineStore, 'claimOrphans' | 'claimQueued' | 'claimParked'> {
  const { owners } = store.database;
  return {
    claimOrphans: (ownerId, limit) =>
      claim(store, ownerId, {
        ...{ name: 'claimOrphans', limit },
        isWanted: (row) => owners.get(row.ownerId ?? '')?.endedAtMs !== undefined,
      }),
    claimQueued: (ownerId, tenantId, limit) =>
      claim(store, ownerId, {
        ...{ name: 'claimQueued', limit },
        isWanted: ({ record, queued }) => queued && record.tenantId === tenantId,
        order: (one, other) => one.rankMs - other.rankMs || byId(one, other),
      }),
    claimParked: async (ownerId, { tenantId, id }, { setAside = false } = {}) => {
      const isParked = (row: ExecutionRow): boolean => row.ownerId === null && (setAside || !isSetAside(row));
      const isWanted = (row: ExecutionRow): boolean =>
        isParked(row) && row.record.tenantId === tenantId && row.record.id === id;
      return (await claim(store, ownerId, { name: 'claimParked', limit: 1, isWanted })).length > 0;
    },
  };
}

// Only a living owner claims, and what another statement holds is passed over.
function claim({ database, process, rows }: Store, ownerId: string, which: Which): Promise<ExecutionKey[]> {
  const { name, isWanted, limit, order = () => 0 } = which;
  let chosen: ExecutionRow[] = [];
  return database.run<ExecutionKey[]>(process, {
    ...{ name, holds: ownerId, fenced: [] },
    lock: () => {
      const free = rows().filter((row) => !row.isLocked && row.completedAtMs === null && isWanted(row));
      chosen = free.toSorted(order).slice(0, limit);
      for (const row of chosen) row.isLocked = true;
      return () => {
        for (const row of chosen) row.isLocked = false;
      };
    },
    commit: () => {
      for (const row of chosen) {
        const error = row.ownerId === null ? '' : row.error;
        Object.assign(row, { ownerId, epoch: row.epoch + 1, wakeAtMs: null, queued: false, error });
      }
      return chosen.map(keyOf);
    },
  });
}

function looksOf({
  read,
  rows,
  tables,
  database,
}: Store): Pick<EngineStore, 'queuedTenants' | 'claimed' | 'holderOf' | 'unfinished'> {
  return {
    queuedTenants: (after = '', limit) =>
      read('queuedTenants', () => {
        const queued = rows().flatMap(({ record, queued }) => (queued ? record.tenantId : []));
        const names = [...new Set(queued)].toSorted();
        return names.filter((name) => name > after).slice(0, limit);
      }),
    claimed: (ownerId, after, limit) =>
      read('claimed', () => {
        const isClaimed = (row: ExecutionRow): boolean =>
          row.ownerId === ownerId && row.completedAtMs === null && row.epoch > 1;
        const keys = rows().filter(isClaimed).toSorted(byId).map(keyOf);
        return keys.filter(({ id }) => after === undefined || id > after.id).slice(0, limit);
      }),
    holderOf: (key) =>
      read('holderOf', () => {
        const row = rowOf(tables, key);
        const owner = row?.completedAtMs === null ? database.owners.get(row.ownerId ?? '') : undefined;
        return owner && { ownerId: owner.ownerId, address: owner.address };
      }),
    unfinished: (tenantId, ids) =>
      read('unfinished', () => {
        const isOpen = (id: string): boolean => rowOf(tables, { tenantId, id })?.completedAtMs === null;
        return new Set(ids.filter(isOpen));
      }),
  };
}

function commandsOf({
  read,
  rows,
  tables,
}: Store): Pick<EngineStore, 'commandsOf' | 'commanded' | 'dropCommands'> {
  return {
    commandsOf: (key) => read('commandsOf', () => [...(rowOf(tables, key)?.commands ?? [])]),
    commanded: (ownerId, limit) =>
      read('commanded', () => {
        const waiting = rows().filter(({ commands }) => commands.length > 0);
        const isWanted = (row: ExecutionRow): boolean => row.ownerId === null && !isSetAside(row);
        const mine = waiting.filter((row) => row.ownerId === ownerId || isWanted(row));
        return mine.slice(0, limit).map(keyOf);
      }),
    dropCommands: (keys) =>
      read('dropCommands', () => {
        for (const key of keys) Object.assign(rowOf(tables, key) ?? {}, { commands: [] });
      }),
  };
}

// No owner is held: whoever sees first that something is due puts it in line, and what another statement holds is passed over.
function lineUpDue({ read, rows }: Store, limit: number): Promise<number> {
  return read('lineUpDue', () => {
    const isDue = (row: ExecutionRow): boolean =>
      row.ownerId === null && row.wakeAtMs !== null && row.wakeAtMs <= Date.now();
    const due = rows().filter((row) => !row.isLocked && row.completedAtMs === null && isDue(row));
    const chosen = due.toSorted((one, other) => (one.wakeAtMs ?? 0) - (other.wakeAtMs ?? 0)).slice(0, limit);
    for (const row of chosen) Object.assign(row, { wakeAtMs: null, queued: true });
    return chosen.length;
  });
}

function isSetAside({ ownerId, completedAtMs, error }: ExecutionRow): boolean {
  return ownerId === null && completedAtMs === null && error !== '';
}

function setAsideAmong({ read, tables }: Store, tenantId: string, ids: readonly string[]) {
  return read('setAsideAmong', () =>
    ids.flatMap((id) => {
      const row = rowOf(tables, { tenantId, id });
      if (!row || !isSetAside(row)) return [];
      const { plan, createdAtMs } = row.record;
      return [{ id, sinceMs: row.startedAtMs ?? createdAtMs, plan }];
    }),
  );
}

interface Which {
  readonly name: string;
  readonly isWanted: (row: ExecutionRow) => boolean;
  readonly limit: number;
  readonly order?: (one: ExecutionRow, other: ExecutionRow) => number;
}

function append(
  { database, tables, process, onAppended, refuses }: ModelEngineStoreOptions,
  ownerId: string,
  batch: readonly JournalAppend[],
): Promise<'appended' | 'fenced'> {
  return database.run<'appended' | 'fenced'>(process, {
    name: 'append',
    holds: ownerId,
    fenced: 'fenced',
    lock: () => {
      const rows = batch.flatMap(({ executionId }) => tables.executions.get(executionId) ?? []);
      const locked = rows.filter(({ isLocked }) => !isLocked);
      for (const row of locked) row.isLocked = true;
      return () => {
        for (const row of locked) row.isLocked = false;
      };
    },
    commit: () => {
      if (batch.some(refuses)) throw new Error('a value was refused');
      checkAppends(tables, batch);
      for (const each of batch) {
        const holderBefore = tables.executions.get(each.executionId)?.ownerId;
        const row = applyAppend(tables, each, ownerId);
        if (row) onAppended(row, { ownerId, holderBefore, append: each });
      }
      return 'appended';
    },
  });
}

/** Records named starts. */
export function createModelExecutionStore({
  database,
  tables,
  process,
}: Omit<ModelEngineStoreOptions, 'onAppended' | 'refuses'>): Pick<ExecutionStore, 'record' | 'readJournal'> {
  return {
    readJournal: (tenantId, id) =>
      database.run(process, {
        name: 'readJournal',
        commit: () => rowOf(tables, { tenantId, id })?.entries.toSorted(bySeq) ?? [],
      }),
    record: (record, ownerId, binding) =>
      database.run(process, {
        name: 'record',
        commit: () => {
          if (binding && tables.names.has(binding.name.key)) return 'taken';
          insertExecution(tables, record, ownerId);
          if (binding) tables.names.set(binding.name.key, record.id);
          return 'recorded';
        },
      }),
  };
}

function keyOf({ record }: ExecutionRow): ExecutionKey {
  return { tenantId: record.tenantId, id: record.id };
}

function byId(one: ExecutionRow, other: ExecutionRow): number {
  return one.record.id < other.record.id ? -1 : 1;
}

function bySeq(one: { readonly seq: number }, other: { readonly seq: number }): number {
  return one.seq - other.seq;
}
