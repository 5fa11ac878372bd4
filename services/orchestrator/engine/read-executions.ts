// Reads owned executions from their journals, a few at a time, again and again until each has been read. One that cannot be read keeps no
// other from running: it is read alone, and set aside when that does not help. What is done with them then is the executor's business.
import { Fault } from '../../../foundation/fault/fault.ts';
import type { Log } from '../../../foundation/telemetry/log.ts';
import type { ExecutionRecord } from '../core/execution-record.ts';
import type { JournalEvent } from '../core/journal-event.ts';
import type { ExecutionKey, OwnedExecution, StoredCommand } from '../store/store.ts';
import type { Admission } from './admission.ts';
import type { Placed } from './live-execution.ts';
import { reusesOutputs } from './reused-outputs.ts';
import { lost } from './start-faults.ts';

/** Executions in one reading: their journals are in memory at the same time. */
const sliceMax = 20;
/** After so many tries of its own an execution that cannot be read is set aside. */
const triesMax = 5;
/** Longest time before the next try, in milliseconds. */
const waitMsMax = 5_000;

/** How executions are taken up. */
export interface TakeUpOptions {
  /**
   * `given`: they have waited for a place among their tenant's and have one. `wanted`: they waited without one, and go back in line when
   * there is none and something of them would begin. Absent: they ran before, and go on in any case.
   */
  readonly place?: 'given' | 'wanted';
  /** Reads what people ask of an execution that is taken up: it is decided before anything new of it begins. */
  readonly commandsOf?: (key: ExecutionKey) => Promise<readonly StoredCommand[]>;
}

/** What stays with an execution while it is read. */
export interface Reading extends TakeUpOptions {
  /** Somebody who waits for the start. */
  readonly placed?: Placed | undefined;
  /** How often what it wanted to record was refused before. */
  readonly refusals?: number;
  /** What who waits for the start is told when the execution is not there. */
  readonly absent?: () => Fault;
}

/** What an execution is gone on with. */
export interface Resuming extends Reading {
  /** Events before anything is decided. */
  readonly first: readonly JournalEvent[];
  readonly commands: readonly StoredCommand[];
}

/** An execution that is to be read. */
export interface Wanted {
  readonly key: ExecutionKey;
  readonly options: Reading;
}

/** What reading needs. */
export interface ReaderDeps {
  /** Reads executions; what this process does not own is left out. */
  readonly load: (keys: readonly ExecutionKey[]) => Promise<OwnedExecution[]>;
  /** The outputs that an execution takes over from the one that it repeats, as its first events. */
  readonly reused: (execution: ExecutionRecord) => Promise<JournalEvent[]>;
  /** Nobody holds an execution that cannot be read for a while, and its row says so. */
  readonly setAsideUnread: (key: ExecutionKey, error: unknown) => Promise<void>;
  readonly isHeld: (id: string) => boolean;
  /** By id: those whose way out of memory is not recorded yet, until it is. */
  readonly leaving: ReadonlyMap<string, Promise<void>>;
  /** Goes on with what was read. It never throws. */
  readonly resume: (owned: OwnedExecution, resuming: Resuming) => void;
  readonly admission: Admission;
  /** Before an execution is read again, in milliseconds. */
  readonly reloadMs: number;
  readonly log: Log;
}

/** Reads. */
export interface Reader {
  /** Resolves after the first try. It never rejects. */
  read(wanted: readonly Wanted[]): Promise<void>;
  /** Reads it again after a while. */
  readLater(wanted: Wanted): void;
}

interface State extends ReaderDeps {
  /** Ids of those that are being read. */
  readonly reading: Set<string>;
  /** By id: how often one could not be read alone. */
  readonly tries: Map<string, number>;
  /** What was put off in this moment, which one timer serves. */
  putOff: Wanted[] | undefined;
  /** How often in a row nothing could be read. */
  failures: number;
}

/** A reader that reads nothing yet. */
export function createReader(deps: ReaderDeps): Reader {
  const state: State = { ...deps, reading: new Set(), tries: new Map(), putOff: undefined, failures: 0 };
  return {
    read: (wanted) => read(state, wanted),
    readLater: (wanted) => putOff(state, wanted),
  };
}

function putOff(state: State, wanted: Wanted): void {
  if (state.putOff) {
    state.putOff.push(wanted);
    return;
  }
  const gathered = [wanted];
  state.putOff = gathered;
  queueMicrotask(() => {
    state.putOff = undefined;
  });
  readAfter(state, gathered, state.reloadMs);
}

function readAfter(state: State, wanted: readonly Wanted[], waitMs: number): void {
  setTimeout(() => void read(state, wanted), waitMs).unref();
}

function waitAfter({ reloadMs }: State, failures: number): number {
  return Math.max(reloadMs, Math.min(reloadMs * 2 ** (failures - 1), waitMsMax));
}

// What fails as a whole is no matter of one execution: the database is away, and everything that is left waits for it.
async function read(state: State, wanted: readonly Wanted[]): Promise<void> {
  const { leaving, log } = state;
  if (leaving.size > 0) await Promise.all(wanted.map(({ key }) => leaving.get(key.id)));
  const left = new Set(wanted);
  try {
    for (let at = 0; at < wanted.length; at += sliceMax) {
      await readSlice(state, wanted.slice(at, at + sliceMax), left);
    }
    state.failures = 0;
  } catch (error) {
    state.failures += 1;
    log.warn({ err: error, count: left.size }, 'Executions could not be read from their journals');
    readAfter(state, [...left], waitAfter(state, state.failures));
  }
}

// An execution is read once at a time, and not while it leaves: what two readings found would run twice in this process.
async function readSlice(state: State, slice: readonly Wanted[], left: Set<Wanted>): Promise<void> {
  const { reading, leaving, isHeld } = state;
  const free: Wanted[] = [];
  for (const wanted of slice) {
    const { id } = wanted.key;
    const isBusy = reading.has(id) || leaving.has(id);
    if (!isBusy && !isHeld(id)) {
      reading.add(id);
      free.push(wanted);
      continue;
    }
    left.delete(wanted);
    if (isBusy) putOff(state, wanted);
    else leavePlace(state, wanted);
  }
  try {
    await load(state, free, left);
  } finally {
    for (const { key } of free) reading.delete(key.id);
  }
}

/** Gives the place back that an execution was given and does not need. */
function leavePlace({ admission }: State, { key, options }: Wanted): void {
  if (options.place === 'given') admission.leave(key.tenantId);
}

async function load(state: State, wanted: readonly Wanted[], left: Set<Wanted>): Promise<void> {
  const [first] = wanted;
  if (!first) return;
  let found: OwnedExecution[];
  try {
    found = await state.load(wanted.map(({ key }) => key));
  } catch (error) {
    if (error instanceof Fault) throw error;
    if (wanted.length === 1) return unread(state, first, { error, left });
    const half = Math.ceil(wanted.length / 2);
    await load(state, wanted.slice(0, half), left);
    return load(state, wanted.slice(half), left);
  }
  const byId = new Map(found.map((owned) => [owned.execution.id, owned]));
  for (const each of wanted) await goOn(state, each, { owned: byId.get(each.key.id), left });
}

interface Found {
  /** Absent when this process does not own it. */
  readonly owned: OwnedExecution | undefined;
  readonly left: Set<Wanted>;
}

async function goOn(state: State, wanted: Wanted, { owned, left }: Found): Promise<void> {
  const { key, options } = wanted;
  let resuming: Resuming | undefined;
  try {
    resuming = owned && (await readMore(state, owned, options));
  } catch (error) {
    if (error instanceof Fault) throw error;
    return unread(state, wanted, { error, left });
  }
  left.delete(wanted);
  state.tries.delete(key.id);
  if (owned && resuming) {
    state.resume(owned, resuming);
  } else {
    const { placed, absent = lost } = options;
    placed?.reject(absent());
    leavePlace(state, wanted);
  }
}

async function readMore({ reused }: State, owned: OwnedExecution, options: Reading): Promise<Resuming> {
  const { execution, entries } = owned;
  const isNew = entries.length === 0 && reusesOutputs(execution);
  const first = isNew ? await reused(execution) : [];
  const commands = (await options.commandsOf?.(execution)) ?? [];
  return { ...options, first, commands };
}

interface Unread {
  readonly error: unknown;
  readonly left: Set<Wanted>;
}

async function unread(state: State, wanted: Wanted, { error, left }: Unread): Promise<void> {
  const { tries, log, setAsideUnread } = state;
  const { key, options } = wanted;
  const tried = (tries.get(key.id) ?? 0) + 1;
  if (tried < triesMax) {
    tries.set(key.id, tried);
    left.delete(wanted);
    log.warn({ err: error, execution_id: key.id }, 'An execution cannot be read from its journal');
    leavePlace(state, wanted); // others may have it meanwhile
    const place = options.place === 'given' ? ({ place: 'wanted' } as const) : {};
    return readAfter(state, [{ key, options: { ...options, ...place } }], waitAfter(state, tried));
  }
  await setAsideUnread(key, error);
  tries.delete(key.id);
  left.delete(wanted);
  leavePlace(state, wanted);
  options.placed?.reject(lost());
}
